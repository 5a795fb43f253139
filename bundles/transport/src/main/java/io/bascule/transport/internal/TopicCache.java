/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static io.bascule.transport.internal.MqttFormatException.malformed;

import io.bascule.mqtt.Topic;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The topics that were last published to on one event loop, found by their bytes: a publisher that repeats its topics costs no string,
 * no validation and no splitting into levels. It is bounded and needs no eviction policy: {@value #SETS} places for two topics each, of
 * at most {@value #LONGEST} bytes.
 */
final class TopicCache {
    private static final int SETS = 4096;
    private static final int LONGEST = 256;

    private final Topic[] slots = new Topic[2 * SETS];
    private final byte[] scratch = new byte[LONGEST];

    /**
     * The topic of these bytes.
     *
     * @param likely what they probably are, such as the last topic of the same publisher, null where nothing is known: it saves the search
     * @throws MqttFormatException when they are not a UTF-8 Encoded String
     * @throws IllegalArgumentException when they are not a Topic Name
     */
    Topic topic(ByteBuf buffer, int offset, int length, Topic likely) {
        if (length > LONGEST) {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            return parse(bytes, length);
        }
        buffer.getBytes(offset, scratch, 0, length);
        if (isScratch(likely, length)) {
            return likely;
        }
        int hash = 1;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + scratch[i];
        }
        int set = 2 * ((hash ^ hash >>> 15) & SETS - 1);
        Topic first = slots[set];
        if (isScratch(first, length)) {
            return first;
        }
        Topic second = slots[set + 1];
        if (isScratch(second, length)) {
            return second;
        }
        Topic topic = parse(scratch, length);
        slots[set + 1] = first;
        slots[set] = topic;
        return topic;
    }

    private boolean isScratch(Topic known, int length) {
        if (known == null) {
            return false;
        }
        byte[] utf8 = known.utf8();
        return utf8.length == length && Arrays.equals(utf8, 0, length, scratch, 0, length);
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
