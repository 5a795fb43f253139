/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bascule.itests.client.Version;
import java.util.ArrayList;
import java.util.List;

/** What a server may say to a client: each packet, with as little and with as much in it as there can be. */
final class ServerPackets {
    /** What the bridge maps from there. */
    static final String TOPIC = "in/x";

    /** What its subscriptions are answered under: it counts down from the highest. */
    private static final int SUBSCRIBE_ID = 65_535;

    private static final int[] ACKNOWLEDGEMENTS = {0x40, 0x50, 0x62, 0x70};

    private ServerPackets() {}

    /** Valid packets of this version. */
    static List<byte[]> of(Version version) {
        List<byte[]> packets = new ArrayList<>(List.of(
                connAck(version),
                publish(version, 0, 0, "hello"),
                publish(version, 1, 1, "hello"),
                publish(version, 2, 2, "hello"),
                Bytes.of()
                        .utf8("in/retained")
                        .raw(properties(version))
                        .utf8("x")
                        .packet(0x31),
                subAck(version, SUBSCRIBE_ID, 0, 2),
                unsubAck(version, SUBSCRIBE_ID),
                Bytes.of().packet(0xD0)));
        for (int acknowledgement : ACKNOWLEDGEMENTS) {
            packets.add(Bytes.of().u16(1).packet(acknowledgement));
            packets.add(Bytes.of().u16(2).packet(acknowledgement));
        }
        if (version == Version.MQTT_5) {
            packets.addAll(withProperties());
        }
        return packets;
    }

    private static List<byte[]> withProperties() {
        List<byte[]> packets = new ArrayList<>(List.of(
                Bytes.of(0, 0).properties(connAckProperties()).packet(0x20),
                Bytes.of(0, 0x89).properties(reason()).packet(0x20),
                Bytes.of()
                        .utf8(TOPIC)
                        .u16(3)
                        .properties(publishProperties())
                        .raw("hello".getBytes(UTF_8))
                        .packet(0x34),
                Bytes.of().u16(SUBSCRIBE_ID).properties(reason()).u8(0, 0x87).packet(0x90),
                Bytes.of().u16(SUBSCRIBE_ID).properties(reason()).u8(0x11).packet(0xB0),
                Bytes.of().packet(0xE0),
                Bytes.of(0x8B)
                        .properties(reason().u8(0x1C).utf8("other.example"))
                        .packet(0xE0),
                Bytes.of(0x18)
                        .properties(Bytes.of(0x15).utf8("SCRAM").u8(0x16).utf8("data"))
                        .packet(0xF0)));
        for (int acknowledgement : ACKNOWLEDGEMENTS) {
            packets.add(Bytes.of().u16(1).u8(0).properties(reason()).packet(acknowledgement));
            packets.add(Bytes.of().u16(2).u8(0x92).packet(acknowledgement));
        }
        return packets;
    }

    private static Bytes reason() {
        return Bytes.of(0x1F).utf8("because").u8(0x26).utf8("name").utf8("value");
    }

    private static Bytes connAckProperties() {
        return reason().u8(0x11)
                .u32(100)
                .u8(0x21)
                .u16(10)
                .u8(0x24, 1, 0x25, 1, 0x27)
                .u32(1 << 20)
                .u8(0x12)
                .utf8("assigned")
                .u8(0x22)
                .u16(5)
                .u8(0x28, 1, 0x29, 1, 0x2A, 1, 0x13)
                .u16(30)
                .u8(0x1A)
                .utf8("response")
                .u8(0x1C)
                .utf8("other.example");
    }

    private static Bytes publishProperties() {
        return Bytes.of(1, 1, 2)
                .u32(60)
                .u8(3)
                .utf8("text/plain")
                .u8(8)
                .utf8("in/answer")
                .u8(9)
                .utf8("correlation")
                .u8(0x0B, 1, 0x26)
                .utf8("name")
                .utf8("value");
    }

    private static byte[] properties(Version version) {
        return version == Version.MQTT_5 ? new byte[1] : new byte[0];
    }

    /** One that accepts, and has no session. */
    static byte[] connAck(Version version) {
        return Bytes.of(0, 0).raw(properties(version)).packet(0x20);
    }

    static byte[] publish(Version version, int qos, int packetId, String text) {
        return publish(version, TOPIC, qos, packetId, text);
    }

    /** One that is not retained; QoS 0 has no identifier. */
    static byte[] publish(Version version, String topic, int qos, int packetId, String text) {
        Bytes body = Bytes.of().utf8(topic);
        if (qos > 0) {
            body.u16(packetId);
        }
        return body.raw(properties(version)).raw(text.getBytes(UTF_8)).packet(0x30 | qos << 1);
    }

    static byte[] subAck(Version version, int packetId, int... reasons) {
        return Bytes.of().u16(packetId).raw(properties(version)).u8(reasons).packet(0x90);
    }

    static byte[] unsubAck(Version version, int packetId) {
        Bytes body = Bytes.of().u16(packetId);
        return (version == Version.MQTT_5 ? body.u8(0, 0) : body).packet(0xB0);
    }
}
