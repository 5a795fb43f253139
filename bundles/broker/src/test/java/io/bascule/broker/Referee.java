/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Judges every packet that the broker sends over one connection, whatever the test is about: reserved bits, lengths, identifiers, reason
 * codes, properties, strings, and what may come first, twice or last.
 */
final class Referee {
    private static final Set<Integer> CONNACK = Set.of(
            0, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A,
            0x9B, 0x9C, 0x9D, 0x9F); // [MQTT-3.2.2-8]
    private static final Set<Integer> PUBACK =
            Set.of(0, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99); // [MQTT-3.4.2-1, MQTT-3.5.2-1]
    private static final Set<Integer> PUBREL = Set.of(0, 0x92); // [MQTT-3.6.2-1, MQTT-3.7.2-1]
    private static final Set<Integer> SUBACK =
            Set.of(0, 1, 2, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2); // [MQTT-3.9.3-2]
    private static final Set<Integer> UNSUBACK = Set.of(0, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91); // [MQTT-3.11.3-2]
    private static final Set<Integer> DISCONNECT = Set.of( // those of a server [MQTT-3.14.2-1]
            0, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98,
            0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2);
    private static final Set<Integer> AUTH = Set.of(0, 0x18); // [MQTT-4.12.0-2]

    private static final int USER_PROPERTY = 0x26;
    private static final int SUBSCRIPTION_IDENTIFIER = 0x0B;
    private static final int TOPIC_ALIAS = 0x23;
    private static final Map<MqttMessageType, Set<Integer>> PROPERTIES = Map.of(
            MqttMessageType.CONNACK,
            Set.of(
                    0x11, 0x21, 0x24, 0x25, 0x27, 0x12, 0x22, 0x1F, 0x26, 0x28, 0x29, 0x2A, 0x13, 0x1A, 0x1C, 0x15,
                    0x16),
            MqttMessageType.PUBLISH,
            Set.of(0x01, 0x02, 0x03, 0x08, 0x09, 0x0B, 0x23, 0x26),
            MqttMessageType.DISCONNECT,
            Set.of(0x1C, 0x1F, 0x26), // no Session Expiry Interval [MQTT-3.14.2-2]
            MqttMessageType.AUTH,
            Set.of(0x15, 0x16, 0x1F, 0x26));
    private static final Set<Integer> OF_ACKNOWLEDGEMENTS = Set.of(0x1F, 0x26);

    private static final List<Integer> ONE_BYTE = List.of(0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A);
    private static final List<Integer> TWO_BYTES = List.of(0x13, 0x21, 0x22, 0x23);
    private static final List<Integer> FOUR_BYTES = List.of(0x02, 0x11, 0x18, 0x27);
    private static final List<Integer> BINARY = List.of(0x09, 0x16);

    private final MqttVersion version;
    private final boolean five;
    private final long maximumPacketSize;
    private final int topicAliasMaximum;
    private ByteBuffer heard = ByteBuffer.allocate(1024).flip();
    private boolean connected;
    private boolean over;

    /** A referee for a connection of which the client has said this. */
    Referee(MqttVersion version, long maximumPacketSize, int topicAliasMaximum) {
        this.version = version;
        this.five = version == MqttVersion.MQTT_5;
        this.maximumPacketSize = maximumPacketSize;
        this.topicAliasMaximum = topicAliasMaximum;
    }

    /** Takes what came next and judges each packet that is whole with it. */
    void hear(byte[] bytes, int length) {
        ByteBuffer all = ByteBuffer.allocate(heard.remaining() + length);
        heard = all.put(heard).put(bytes, 0, length).flip();
        for (ByteBuffer packet = next(heard); packet != null; packet = next(heard)) {
            try {
                judge(packet);
            } catch (AssertionError | BufferUnderflowException e) {
                throw new AssertionError("the server sent " + Arrays.toString(packet.array()) + ": " + e, e);
            }
        }
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError(rule);
        }
    }

    private static ByteBuffer next(ByteBuffer in) {
        int length = 0;
        for (int i = 1; i <= 4 && in.remaining() > i; i++) {
            int digit = in.get(in.position() + i);
            length |= (digit & 127) << 7 * (i - 1);
            if (digit >= 0) {
                if (in.remaining() < 1 + i + length) {
                    return null;
                }
                byte[] packet = new byte[1 + i + length];
                in.get(packet);
                return ByteBuffer.wrap(packet);
            }
        }
        return null;
    }

    private void judge(ByteBuffer in) {
        require(!over, "something after the last packet [MQTT-3.14.4-1]");
        require(in.limit() <= maximumPacketSize, "larger than the client takes [MQTT-3.1.2-24]");
        int first = in.get() & 255;
        MqttMessageType type = MqttMessageType.valueOf(first >> 4);
        int flags = first & 15;
        variableByteInteger(in);
        require(
                connected || type == MqttMessageType.CONNACK || type == MqttMessageType.AUTH,
                "something before CONNACK [MQTT-3.2.0-1]");
        require(
                type == MqttMessageType.PUBLISH || flags == (type == MqttMessageType.PUBREL ? 2 : 0),
                "reserved flags [MQTT-2.1.3-1]");
        switch (type) {
            case CONNACK -> connAck(in);
            case PUBLISH -> publish(flags, in);
            case PUBACK, PUBREC -> acknowledgement(PUBACK, in);
            case PUBREL, PUBCOMP -> acknowledgement(PUBREL, in);
            case SUBACK -> subAck(in);
            case UNSUBACK -> unsubAck(in);
            case PINGRESP -> {}
            case DISCONNECT -> last(type, DISCONNECT, in);
            case AUTH -> last(type, AUTH, in);
            default -> throw new AssertionError("not a server's packet");
        }
        require(!in.hasRemaining(), "bytes too many");
    }

    private void connAck(ByteBuffer in) {
        require(!connected, "a second CONNACK [MQTT-3.2.0-2]");
        connected = true;
        int flags = in.get();
        int code = in.get() & 255;
        boolean present = flags == 1 && code == 0 && version != MqttVersion.MQTT_3_1;
        require(flags == 0 || present, "reserved flags, or a session where none may be [MQTT-3.2.2-1, MQTT-3.2.2-6]");
        require(five ? CONNACK.contains(code) : code < 6, "not a code of CONNACK [MQTT-3.2.2-8]");
        if (five) {
            properties(MqttMessageType.CONNACK, in);
        }
        over = code != 0;
    }

    private void publish(int flags, ByteBuffer in) {
        int qos = flags >> 1 & 3;
        require(qos < 3, "QoS 3 [MQTT-3.3.1-4]");
        require(qos > 0 || (flags & 8) == 0, "DUP with QoS 0 [MQTT-3.3.1-2]");
        String topic = utf8(in);
        require(topic.indexOf('+') < 0 && topic.indexOf('#') < 0, "a topic with wildcards [MQTT-3.3.2-2]");
        require(qos == 0 || in.getShort() != 0, "packet identifier 0 [MQTT-2.2.1-4]");
        boolean aliased = five && properties(MqttMessageType.PUBLISH, in).contains(TOPIC_ALIAS);
        require(aliased || !topic.isEmpty(), "an empty topic [MQTT-4.7.3-1]");
        in.position(in.limit()); // the payload is free
    }

    private void acknowledgement(Set<Integer> codes, ByteBuffer in) {
        require(in.getShort() != 0, "packet identifier 0");
        if (five && in.hasRemaining()) {
            require(codes.contains(in.get() & 255), "not a code of this packet");
            if (in.hasRemaining()) {
                properties(MqttMessageType.PUBACK, in);
            }
        }
    }

    private void subAck(ByteBuffer in) {
        require(in.getShort() != 0, "packet identifier 0");
        if (five) {
            properties(MqttMessageType.SUBACK, in);
        }
        codes(five ? SUBACK : Set.of(0, 1, 2, 0x80), in); // [MQTT-3.9.3-2] of both
    }

    private void unsubAck(ByteBuffer in) {
        require(in.getShort() != 0, "packet identifier 0");
        if (five) {
            properties(MqttMessageType.UNSUBACK, in);
            codes(UNSUBACK, in);
        }
    }

    private static void codes(Set<Integer> allowed, ByteBuffer in) {
        require(in.hasRemaining(), "no reason code");
        while (in.hasRemaining()) {
            require(allowed.contains(in.get() & 255), "not a code of this packet");
        }
    }

    private void last(MqttMessageType type, Set<Integer> codes, ByteBuffer in) {
        require(five, "not a packet of 3.x from a server");
        over = type == MqttMessageType.DISCONNECT;
        if (in.hasRemaining()) {
            require(codes.contains(in.get() & 255), "not a code of this packet");
        }
        if (in.hasRemaining()) {
            properties(type, in);
        }
    }

    private Set<Integer> properties(MqttMessageType type, ByteBuffer in) {
        Set<Integer> allowed = PROPERTIES.getOrDefault(type, OF_ACKNOWLEDGEMENTS);
        Set<Integer> seen = new HashSet<>();
        int end = variableByteInteger(in) + in.position();
        while (in.position() < end) {
            int id = variableByteInteger(in);
            require(allowed.contains(id), "property " + id + " in the wrong packet");
            require(
                    seen.add(id) || id == USER_PROPERTY || id == SUBSCRIPTION_IDENTIFIER,
                    "property " + id + " stands twice");
            property(id, in);
        }
        require(in.position() == end, "properties longer than their length");
        return seen;
    }

    private void property(int id, ByteBuffer in) {
        if (id == TOPIC_ALIAS) {
            int alias = in.getShort() & 0xFFFF;
            require(alias > 0 && alias <= topicAliasMaximum, "topic alias [MQTT-3.1.2-26, MQTT-3.3.2-8]");
        } else if (id == SUBSCRIPTION_IDENTIFIER) {
            require(variableByteInteger(in) > 0, "subscription identifier 0");
        } else if (ONE_BYTE.contains(id)) {
            require((in.get() & 0xFE) == 0, "a flag is 0 or 1");
        } else if (TWO_BYTES.contains(id)) {
            in.getShort();
        } else if (FOUR_BYTES.contains(id)) {
            in.getInt();
        } else if (BINARY.contains(id)) {
            in.get(new byte[in.getShort() & 0xFFFF]);
        } else {
            utf8(in);
            if (id == USER_PROPERTY) {
                utf8(in);
            }
        }
    }

    private static int variableByteInteger(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int next = in.get();
            value |= (next & 127) << shift;
            if (next >= 0) {
                require(next > 0 || shift == 0, "a length in more bytes than it needs [MQTT-1.5.5-1]");
                return value;
            }
        }
        throw new AssertionError("a length of more than four bytes");
    }

    private static String utf8(ByteBuffer in) {
        byte[] bytes = new byte[in.getShort() & 0xFFFF];
        in.get(bytes);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            require(text.indexOf(0) < 0, "U+0000 in a string [MQTT-1.5.4-2]");
            return text;
        } catch (CharacterCodingException e) {
            throw new AssertionError("ill-formed UTF-8 [MQTT-1.5.4-1]", e);
        }
    }
}
