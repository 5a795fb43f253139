/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBLISH;
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
    void disregardsTheWillsFlagsWhereThereIsNoWill() { // section 3.1, "Will QoS" and "Will Retain flag"
        accepts(connect(0x0A));
        accepts(connect(0x1A));
        accepts(connect(0x22));
        TestClient client = send(ONE, connect(0x1E).utf8("will/31").utf8("x").packet(0x10)); // QoS 3
        client.awaitClosed();
        assertThat(client.waiting()).isZero();
    }

    @Test
    void takesClientIdentifiersOfAnyLength() { // 23 characters in section 3.1; every broker takes more, and 3.1.1
        // allows it
        for (String clientId : new String[] {"c", "c".repeat(23), "c".repeat(24), "c".repeat(1000)}) {
            accepts(Bytes.of().utf8("MQIsdp").u8(3, 2).u16(0).utf8(clientId));
            assertThat(session(clientId)).isPresent();
        }
        TestClient client =
                send(ONE, Bytes.of().utf8("MQIsdp").u8(3, 2).u16(0).utf8("").packet(0x10));
        assertThat(client.await(CONNACK).code()).isEqualTo(2); // one character at least
        client.awaitClosed();
    }

    @Test
    void saysNoFailureInSubAck() { // section 3.9: it has grants only, "it has no way of informing that client"
        TestClient client = connect(ONE, "grants-31");
        client.send(Bytes.of().u16(1).utf8("a/#/b").u8(2).utf8("a/31").u8(2).packet(0x82));
        assertThat(client.await(SUBACK).codes()).containsExactly(0, 2);
    }

    @Test
    void takesQos0ThatSaysItIsSentAgain() { // section 2.1: DUP means something above QoS 0 only
        TestClient client = connect(ONE, "again0-31");
        client.subscribe("again0/31", 0);
        client.send(Bytes.of().utf8("again0/31").u8('x').packet(0x38));
        assertThat(client.await(PUBLISH).line()).isEqualTo("again0/31=x q0");
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
