/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static io.bascule.transport.internal.MqttFormatException.malformed;
import static io.bascule.transport.internal.MqttFormatException.protocolError;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the data representations of MQTT 5.0, section 1.5, within bounds. */
final class FieldReader {
    private final ByteBuf in;
    private final int end;
    private int at;

    FieldReader(ByteBuf in, int start, int end) {
        this.in = in;
        this.at = start;
        this.end = end;
    }

    boolean hasMore() {
        return at < end;
    }

    int position() {
        return at;
    }

    /** Refuses a packet that is longer than its fields. */
    void checkEnd() {
        if (hasMore()) {
            throw malformed("a packet that is longer than its fields");
        }
    }

    /** A reader of the next bytes, which this one steps over. */
    FieldReader slice(int length) {
        int from = take(length);
        return new FieldReader(in, from, from + length);
    }

    int unsignedByte() {
        return in.getUnsignedByte(take(1));
    }

    /** A byte that is 0 or 1. */
    int flag() {
        int value = unsignedByte();
        if (value > 1) {
            throw protocolError("a flag is 0 or 1, not " + value);
        }
        return value;
    }

    int unsignedShort() {
        return in.getUnsignedShort(take(2));
    }

    long unsignedInt() {
        return in.getUnsignedInt(take(4));
    }

    int variableByteInteger() {
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int next = unsignedByte();
            value |= (next & 127) << shift;
            if (next < 128) {
                if (next == 0 && shift > 0) {
                    throw malformed("a length takes more bytes than it needs"); // [MQTT-1.5.5-1]
                }
                return value;
            }
        }
        throw malformed("a length takes more than four bytes");
    }

    byte[] binary() {
        int length = unsignedShort();
        int from = take(length); // before the memory: never more of it than was sent
        byte[] bytes = new byte[length];
        in.getBytes(from, bytes);
        return bytes;
    }

    String utf8() {
        byte[] bytes = binary();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.indexOf(0) >= 0) {
                throw malformed("a string contains U+0000"); // [MQTT-1.5.4-2]
            }
            return text;
        } catch (CharacterCodingException e) {
            throw malformed("a string is not well-formed UTF-8"); // [MQTT-1.5.4-1]
        }
    }

    /** A string without wildcards. */
    String topicName() {
        String name = utf8();
        if (name.isEmpty() || name.indexOf('+') >= 0 || name.indexOf('#') >= 0) {
            throw protocolError("a response topic is a topic name without wildcards"); // [MQTT-3.3.2-14]
        }
        return name;
    }

    private int take(int length) {
        if (length > end - at) {
            throw malformed("the packet ends within a field");
        }
        int from = at;
        at += length;
        return from;
    }
}
