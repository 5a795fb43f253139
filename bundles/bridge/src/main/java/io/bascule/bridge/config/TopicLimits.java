/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What topics and filters the remote broker takes. MQTT has no way for it to say so: one that takes fewer than all closes the connection over the
 * others.
 *
 * @param levels how many a topic may have
 * @param bytes of UTF-8 that it may have
 */
public record TopicLimits(int levels, int bytes) {
    static final int ANY = Integer.MAX_VALUE;

    /** Whether it takes a message with this topic. */
    public boolean allow(Topic topic) {
        return topic.utf8().length <= bytes && (levels == ANY || levels(topic.utf8()) <= levels);
    }

    private static int levels(byte[] utf8) {
        int levels = 1;
        for (byte b : utf8) {
            levels += b == '/' ? 1 : 0;
        }
        return levels;
    }

    /** Whether it takes a subscription with this filter. */
    public boolean allow(TopicFilter filter) {
        return excess(filter).isEmpty();
    }

    /** What of this filter it does not take, in half a sentence. */
    Optional<String> excess(TopicFilter filter) {
        return excess(filter.text(), filter.levelCount());
    }

    /** The same of a topic. */
    Optional<String> excess(Topic topic) {
        return excess(topic.name(), topic.levelCount());
    }

    private Optional<String> excess(String text, int itsLevels) {
        if (itsLevels > levels) {
            return Optional.of("has " + itsLevels + " levels; allowed by topic.levels.maximum are " + levels);
        }
        int itsBytes = bytes == ANY ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
        return itsBytes > bytes
                ? Optional.of("has " + itsBytes + " bytes; allowed by topic.bytes.maximum are " + bytes)
                : Optional.empty();
    }
}
