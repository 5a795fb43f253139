/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.retained;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Placeholder, replaced by the tree of topics. */
public final class RetainedMessages {
    private final Map<Topic, Message> messages = new ConcurrentHashMap<>();

    /** Bounds. */
    public RetainedMessages(int maximumMessages, long maximumBytes) {}

    /** Keeps or deletes. */
    public boolean put(Message message) {
        if (message.payload().length == 0) {
            messages.remove(message.topic());
        } else {
            messages.put(message.topic(), message);
        }
        return true;
    }

    /** Matches. */
    public void match(TopicFilter filter, long nowNanos, Consumer<Message> visitor) {
        messages.values().stream()
                .filter(m -> filter.matches(m.topic()) && !m.isExpired(nowNanos))
                .forEach(visitor);
    }

    /** Count. */
    public int size() {
        return messages.size();
    }

    /** Bytes. */
    public long bytes() {
        return 0;
    }
}
