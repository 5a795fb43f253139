/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.UserProperty;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a route changes of the properties of its messages. MQTT 5.0 alone has properties: over 3.1.1 they are lost.
 *
 * @param expiry the longest Message Expiry Interval with which they cross
 * @param properties User Properties that are put behind those that they have; their values may have placeholders, and one that becomes too long for a
 *     packet is left out
 * @param keepsResponseTopic whether their Response Topic stays although a route would bring the answer back from elsewhere
 */
public record Edits(Optional<Duration> expiry, List<UserProperty> properties, boolean keepsResponseTopic) {
    /** Nothing is changed but what has to be. */
    public static final Edits NONE = new Edits(Optional.empty(), List.of(), false);

    private static final int LONGEST = 65_535;
    private static final Pattern PLACEHOLDER = Pattern.compile("[{]([^{}]*)[}]");
    private static final Set<String> PLACEHOLDERS = Set.of("topic", "bridge", "time");

    public Edits {
        properties = List.copyOf(properties);
    }

    /** What stands in a value and is no placeholder. */
    static Optional<String> flaw(String value) {
        Matcher placeholders = PLACEHOLDER.matcher(value);
        Optional<String> unknown = placeholders
                .results()
                .map(found -> found.group(1))
                .filter(name -> !PLACEHOLDERS.contains(name))
                .findFirst()
                .map(name -> "{" + name + "}");
        return unknown.or(() -> Optional.of("a brace by itself")
                .filter(brace -> PLACEHOLDER.matcher(value).replaceAll("").matches(".*[{}].*")));
    }

    /** The message with what is changed of its properties; it has its topic still, as it came. */
    Message apply(Message message, Optional<Topic> responseTopic, String bridge) {
        boolean responseChanges = responseTopic.isPresent() && !keepsResponseTopic;
        Message edited = properties.isEmpty() && !responseChanges
                ? message
                : message.withProperties(edited(message, responseChanges ? responseTopic : Optional.empty(), bridge));
        return expiry.filter(longest -> isLonger(message, longest))
                .map(edited::expiringIn)
                .orElse(edited);
    }

    private static boolean isLonger(Message message, Duration longest) {
        OptionalLong remaining = message.remainingExpirySeconds(System.nanoTime());
        return remaining.isEmpty() || remaining.getAsLong() > longest.toSeconds();
    }

    private MessageProperties edited(Message message, Optional<Topic> responseTopic, String bridge) {
        MessageProperties before = message.properties();
        List<UserProperty> all = new ArrayList<>(before.userProperties());
        for (UserProperty added : properties) {
            String value = filled(added.value(), message.topic(), bridge);
            if (value.getBytes(UTF_8).length <= LONGEST) { // else a long topic has made it what no packet can say
                all.add(new UserProperty(added.name(), value));
            }
        }
        return new MessageProperties(
                before.payloadFormatIndicator(),
                before.contentType(),
                responseTopic.map(Topic::name).or(before::responseTopic),
                before.correlationData(),
                all);
    }

    private static String filled(String value, Topic topic, String bridge) {
        return PLACEHOLDER
                .matcher(value)
                .replaceAll((MatchResult found) -> Matcher.quoteReplacement(
                        switch (found.group(1)) {
                            case "topic" -> topic.name();
                            case "bridge" -> bridge;
                            default ->
                                Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
                        }));
    }
}
