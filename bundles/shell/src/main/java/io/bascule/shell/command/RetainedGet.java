/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Broker;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.shell.view.ByteCount;
import io.bascule.shell.view.Details;
import io.bascule.shell.view.View;

/**
 * {@code mqtt:retained-get}: the retained message of one topic, with its payload and properties.
 *
 * @param topic where it is retained
 */
public record RetainedGet(Topic topic) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows the retained message of a topic.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:retained-get plant/line1/state";

    /**
     * The topic that is asked for.
     *
     * @param topic as typed, null when it was left out
     * @throws CommandFailure when it is not a topic
     */
    public static RetainedGet of(String topic) {
        return new RetainedGet(Input.topic(topic, "mqtt:retained-get"));
    }

    @Override
    public View run(Services services) {
        Broker broker = services.runningBroker();
        Message message = broker.retained(Input.checked(() -> TopicFilter.of(topic.name())), 1).stream()
                .filter(each -> each.topic().equals(topic))
                .findAny()
                .orElseThrow(() -> RetainedTopics.unknown(broker, topic));
        Details details = new Details()
                .with("topic", "Topic", topic.name())
                .with("qos", "QoS", message.qos().level())
                .with("bytes", "Size", new ByteCount(message.payload().length));
        MessageDetails.addTo(details, message);
        return details;
    }
}
