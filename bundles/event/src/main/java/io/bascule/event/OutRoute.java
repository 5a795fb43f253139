/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.event;

import io.bascule.config.TopicTemplate;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.Map;
import java.util.Optional;

/**
 * Which events become messages, and how: {@code event topic filter [-> template] [qos=0|1|2] [retain=true|false] [payload=key]}. Immutable.
 *
 * @param name what stands behind the dot of its key
 * @param filter of event topics, written as MQTT writes it: {@code plant/alarm/#}
 * @param template the MQTT topic
 * @param qos of the messages
 * @param retain whether they are retained
 * @param payload the key of the event's property that becomes the payload
 */
public record OutRoute(
        String name, TopicFilter filter, TopicTemplate template, QoS qos, boolean retain, String payload) {

    static OutRoute parse(String name, String line) {
        Rule rule = Rule.parse(line);
        QoS qos = QoS.AT_LEAST_ONCE;
        boolean retain = false;
        String payload = MqttEvent.PAYLOAD;
        for (Map.Entry<String, String> option : rule.options().entrySet()) {
            String value = option.getValue();
            switch (option.getKey()) {
                case "qos" -> {
                    if (value.matches("[012]")) {
                        qos = QoS.ofLevel(Integer.parseInt(value));
                    } else {
                        rule.errors().add("qos=" + value + " is no QoS; allowed is 0, 1 or 2");
                    }
                }
                case "retain" -> {
                    retain = value.equals("true");
                    if (!retain && !value.equals("false")) {
                        rule.errors().add("retain=" + value + " is not possible; allowed is true or false");
                    }
                }
                case "payload" -> {
                    payload = value;
                    if (value.isEmpty()) {
                        rule.errors().add("payload= lacks the key of an event's property");
                    }
                }
                default ->
                    rule.errors().add("there is no option " + option.getKey() + "; allowed are qos, retain, payload");
            }
        }
        checkFilter(rule);
        rule.check();
        return new OutRoute(name, asTopicFilter(rule.filter()), rule.template(), qos, retain, payload);
    }

    private static void checkFilter(Rule rule) {
        String filter = rule.filter();
        if (!EventTopics.isFilter(filter)) {
            rule.errors()
                    .add("\"" + filter + "\" is no filter of event topics; allowed are levels of "
                            + EventTopics.ALPHABET + " parted by /, and * as the last one");
        } else if (rule.template().toString().contains("{#}") && !filter.endsWith("*")) {
            rule.errors().add("{#} needs a * in the filter, and " + filter + " has none");
        } else {
            rule.errors().addAll(rule.template().impossibleFor(asTopicFilter(filter)));
        }
    }

    private static TopicFilter asTopicFilter(String eventFilter) {
        return TopicFilter.of(eventFilter.replace('*', '#'));
    }

    /** The filter as event services write it, for the handler to register with: {@code plant/alarm/*}. */
    public String eventFilter() {
        return filter.text().replace('#', '*');
    }

    /**
     * The message that stands for an event which the filter matches; empty when the template refuses its topic.
     *
     * @throws IllegalArgumentException when a property of the event cannot stand in a message; the message says why
     */
    Optional<Message> message(String eventTopic, Map<String, ?> event) {
        return template.apply(filter, Topic.of(eventTopic))
                .map(topic -> MqttEvent.message(topic, event, payload, qos, retain));
    }
}
