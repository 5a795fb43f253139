/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Broker;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.List;

/** Topics that something is retained at. */
final class RetainedTopics {
    /** Enough to find one in that looks like it. */
    private static final int MOST = 10_000;

    private RetainedTopics() {}

    /** Those that begin with the same levels as this beginning of a topic does, in order, the first 10,000 of them. */
    static List<String> beginningWith(Broker broker, String beginning) {
        String levels = beginning.substring(0, beginning.lastIndexOf('/') + 1);
        boolean wildcard = levels.indexOf('+') >= 0 || levels.indexOf('#') >= 0;
        // The name of a share is no level of a topic.
        return wildcard || levels.startsWith("$share/") ? List.of() : names(broker, TopicFilter.of(levels + "#"));
    }

    /** That there is nothing at this topic, and what may have been meant. */
    static CommandFailure unknown(Broker broker, Topic topic) {
        String name = topic.name();
        TopicFilter everywhere = topic.isReserved() && topic.levelCount() > 1
                ? TopicFilter.of(topic.level(0) + "/#") // [MQTT-4.7.2-1]
                : TopicFilter.of("#");
        return Unknown.failure(
                "Nothing is retained at " + name,
                name,
                names(broker, everywhere),
                "; mqtt:retained lists what is." + Input.secondThought(name));
    }

    private static List<String> names(Broker broker, TopicFilter filter) {
        return broker.retained(filter, MOST).stream()
                .map(message -> message.topic().name())
                .toList();
    }
}
