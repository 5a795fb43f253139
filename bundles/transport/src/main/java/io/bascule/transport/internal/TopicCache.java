/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static io.bascule.transport.internal.MqttFormatException.malformed;

import io.bascule.mqtt.Topic;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The topics that were last published to on one event loop, found by their bytes: a publisher that repeats its topics costs no string,
 * no validation and no splitting into levels. Direct-mapped and small, so it is bounded and needs no eviction policy: {@value #SLOTS}
 * topics of at most {@value #LONGEST} bytes.
 */
final class TopicCache {
    private static final int SLOTS = 2048;
    private static final int LONGEST = 256;

    private final Topic[] slots = new Topic[SLOTS];
    private final byte[] scratch = new byte[LONGEST];

    /**
     * The topic of these bytes.
     *
     * @throws MqttFormatException when they are not a UTF-8 Encoded String
     * @throws IllegalArgumentException when they are not a Topic Name
     */
    Topic topic(ByteBuf buffer, int offset, int length) {
        if (length > LONGEST) {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            return parse(bytes, length);
        }
        buffer.getBytes(offset, scratch, 0, length);
        int hash = 1;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + scratch[i];
        }
        int slot = (hash ^ hash >>> 15) & SLOTS - 1;
        Topic known = slots[slot];
        if (known != null) {
            byte[] utf8 = known.utf8();
            if (utf8.length == length && Arrays.equals(utf8, 0, length, scratch, 0, length)) {
                return known;
            }
        }
        Topic topic = parse(scratch, length);
        slots[slot] = topic;
        return topic;
    }

    private static Topic parse(byte[] bytes, int length) {
        String name = new String(bytes, 0, length, StandardCharsets.UTF_8);
        if (name.indexOf(0) >= 0) {
            throw malformed("a topic name contains U+0000"); // [MQTT-1.5.4-2]
        }
        Topic topic = Topic.of(name);
        // Java decodes what is not UTF-8 to U+FFFD; encoding that again gives other bytes.
        byte[] utf8 = topic.utf8();
        if (!Arrays.equals(utf8, 0, utf8.length, bytes, 0, length)) {
            throw malformed("a topic name is not well-formed UTF-8"); // [MQTT-1.5.4-1]
        }
        return topic;
    }
}
