/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.SUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.UNSUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.mqtt.MqttVersion;
import org.junit.jupiter.api.Test;

/** What MQTT 3.1 (MQIsdp) has of its own; the rest runs with the other versions. Its specification numbers no statements. */
class Mqtt31Test extends BrokerTestBase {
    private static final MqttVersion ONE = MqttVersion.MQTT_3_1;

    private static Bytes connect(int flags) {
        return Bytes.of().utf8("MQIsdp").u8(3, flags).u16(0).utf8("x");
    }

    private void accepts(Bytes connect) {
        assertThat(send(ONE, connect.packet(0x10)).await(CONNACK).code()).isZero();
    }

    @Test
    void goesByTheLengthWhereFlagsAnnounceMoreThanThereIs() { // section 3.1, "User name and password flags"
        accepts(connect(0x82));
        accepts(connect(0xC2));
        accepts(connect(0xC2).utf8("user"));
        accepts(connect(0xC2).utf8("user").utf8("password"));
    }

    @Test
    void ignoresTheReservedFlag() {
        accepts(connect(0x03));
    }

    @Test
    void takesPacketsThatAreSentAgain() { // section 2.1: DUP stands on SUBSCRIBE, UNSUBSCRIBE and PUBREL as well
        TestClient client = connect(ONE, "again-31");
        client.publish("again/31", "x", 2, 5);
        client.await(PUBREC);
        client.send(Bytes.of().u16(5).packet(0x6A));
        assertThat(client.await(PUBCOMP).id()).isEqualTo(5);
        client.send(Bytes.of().u16(6).utf8("again/31").u8(1).packet(0x8A));
        assertThat(client.await(SUBACK).codes()).containsExactly(1);
        client.send(Bytes.of().u16(7).utf8("again/31").packet(0xAA));
        assertThat(client.await(UNSUBACK).id()).isEqualTo(7);
    }

    @Test
    void wantsItsOwnProtocolNameAndLevel() {
        for (byte[] connect : new byte[][] {
            Bytes.of().utf8("MQTT").u8(3, 2).u16(0).utf8("x").packet(0x10),
            Bytes.of().utf8("MQIsdp").u8(4, 2).u16(0).utf8("x").packet(0x10),
            Bytes.of().utf8("MQIsdp").u8(2, 2).u16(0).utf8("x").packet(0x10),
        }) {
            TestClient client = send(ONE, connect);
            assertThat(client.await(CONNACK).code()).isEqualTo(1);
            client.awaitClosed();
        }
    }
}
