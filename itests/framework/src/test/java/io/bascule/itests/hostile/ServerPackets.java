/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bascule.itests.client.Version;

/** Some of what a server says to a client. */
final class ServerPackets {
    /** What the bridge maps from there. */
    static final String TOPIC = "in/x";

    private ServerPackets() {}

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
