/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.event;

import io.bascule.config.TopicTemplate;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.Optional;

/**
 * Which messages become events, and of which topic: {@code topic filter [-> template]}. Immutable.
 *
 * @param name what stands behind the dot of its key
 * @param filter what it subscribes to
 * @param template the topic of the event, before what cannot stand in one is replaced
 */
public record InRoute(String name, TopicFilter filter, TopicTemplate template) {

    static InRoute parse(String name, String line) {
        Rule rule = Rule.parse(line);
        rule.options().keySet().forEach(option -> rule.errors().add("there is no option " + option + " on this way"));
        Optional<TopicFilter> filter = filter(rule);
        filter.ifPresent(taken -> rule.errors().addAll(rule.template().impossibleFor(taken)));
        checkTemplate(rule);
        rule.check();
        return new InRoute(name, filter.orElseThrow(), rule.template());
    }

    private static Optional<TopicFilter> filter(Rule rule) {
        try {
            TopicFilter filter = TopicFilter.of(rule.filter());
            if (filter.isShared()) {
                rule.errors()
                        .add(filter
                                + " is shared, and could not leave out the adapter's own messages"); // [MQTT-3.8.3-4]
            }
            return Optional.of(filter);
        } catch (IllegalArgumentException e) {
            rule.errors().add(e.getMessage());
            return Optional.empty();
        }
    }

    private static void checkTemplate(Rule rule) {
        String literal = rule.template().toString().replaceAll("[{][^{}]*[}]", "x");
        if (!EventTopics.isPlain(literal)) {
            rule.errors()
                    .add("the template \"" + rule.template()
                            + "\" has a character that no event topic has; allowed are " + EventTopics.ALPHABET
                            + ", / and captures in braces");
        }
    }

    /** The topic of the event that stands for a message at this topic, which the filter matches; empty when the template refuses it. */
    Optional<String> eventTopic(Topic topic) {
        return template.apply(filter, topic).map(EventTopics::of);
    }
}
