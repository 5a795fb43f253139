/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.DISCONNECT;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREL;
import static io.netty.handler.codec.mqtt.MqttMessageType.UNSUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** UNSUBSCRIBE and its answer (sections 3.10 and 3.11 of both specifications). */
class UnsubscribePacketTest extends BrokerTestBase {
    private static final MqttVersion FIVE = MqttVersion.MQTT_5;

    private static byte[] unsubscribe(MqttVersion version, int id, String... filters) {
        Bytes body = Bytes.of().u16(id).noProperties(version);
        for (String filter : filters) {
            body.utf8(filter);
        }
        return body.packet(0xA2);
    }

    private TestClient after(MqttVersion version, byte[] packet) {
        TestClient client = connect(version, name("unsubscribe", version));
        client.send(packet);
        return client;
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {
                "MQTT-2.2.1-6",
                "MQTT-3.10.4-2",
                "MQTT-3.10.4-4",
                "MQTT-3.10.4-5",
                "MQTT-3.10.4-6",
                "MQTT-3.11.3-1",
                "MQTT-3.11.3-2"
            },
            v311 = {"MQTT-2.3.1-7", "MQTT-3.10.4-2", "MQTT-3.10.4-4", "MQTT-3.10.4-5", "MQTT-3.10.4-6"})
    void answersAllFiltersInOnePacket(MqttVersion version) {
        String id = name("answers", version);
        TestClient client = connect(version, id);
        for (String filter : List.of(id + "/a", id + "/b", id + "/c/#")) {
            client.subscribe(filter, 0);
        }
        client.send(unsubscribe(version, 65_535, id + "/a", "never", "bad#", id + "/c/#", id + "/a"));
        Packet unsubAck = client.await(UNSUBACK);
        assertThat(unsubAck.id()).isEqualTo(65_535);
        if (version == FIVE) {
            assertThat(unsubAck.codes()).containsExactly(0, 0x11, 0x8F, 0, 0x11);
        }
        for (String topic : List.of("a", "b", "c", "c/d")) {
            client.publish(id + "/" + topic, "x", 0, 0);
        }
        assertThat(client.message().topic()).isEqualTo(id + "/b");
        client.expectNothing();
        client.send(unsubscribe(version, 1, "never"));
        assertThat(client.await(UNSUBACK).id()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-3.10.4-1", v311 = "MQTT-3.10.4-1")
    void comparesFiltersCharacterByCharacter(MqttVersion version) {
        String id = name("compares", version);
        TestClient client = connect(version, id);
        client.subscribe(id + "/a/+", 0);
        client.unsubscribe(
                id + "/a/b",
                id + "/a/#",
                id + "/#",
                "#",
                id + "/+/+",
                id + "/A/+",
                id + "/a/+/",
                "/" + id + "/a/+",
                "$share/g/" + id + "/a/+",
                id + "//a/+");
        client.publish(id + "/a/b", "x", 0, 0);
        assertThat(client.message().topic()).isEqualTo(id + "/a/b");
        client.unsubscribe(id + "/a/+");
        client.publish(id + "/a/b", "x", 0, 0);
        client.expectNothing();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-3.10.4-3", v311 = "MQTT-3.10.4-3")
    void completesWhatItHasBegunToDeliver(MqttVersion version) {
        String topic = name("completes", version);
        TestClient first = connect(TestClient.of(version, topic).resuming().lasting(100));
        first.subscribe(topic, 2);
        TestClient publisher = connect(version, topic + "-out");
        publisher.publishAcknowledged(topic, "1");
        publisher.publish(topic, "2", 2, 2);
        publisher.answer(PUBREC);
        publisher.publish(topic, "3", 2, 3);
        publisher.answer(PUBREC);
        assertThat(first.lines(3)).hasSize(3);
        first.unsubscribe(topic);
        publisher.publishAcknowledged(topic, "4");
        first.acknowledge(PUBREC, 2, 0);
        assertThat(first.await(PUBREL).id()).isEqualTo(2);
        drop(first, topic);
        TestClient back = connect(TestClient.of(version, topic).resuming().lasting(100));
        assertThat(back.message().line()).isEqualTo(topic + "=1 q1 #1 dup");
        assertThat(back.await(PUBREL).id()).isEqualTo(2);
        assertThat(back.message().line()).isEqualTo(topic + "=3 q2 #3 dup");
        back.puback(1);
        back.acknowledge(PUBCOMP, 2, 0);
        back.acknowledge(PUBREC, 3, 0);
        assertThat(back.await(PUBREL).id()).isEqualTo(3);
        back.acknowledge(PUBCOMP, 3, 0);
        back.expectNothing();
        eventually("completed", () -> session(topic).orElseThrow().queue().inFlight() == 0);
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.10.3-2", "MQTT-4.13.1-1"},
            v311 = {"MQTT-3.10.3-2", "MQTT-4.8.0-1"})
    void refusesAPacketWithoutAFilter(MqttVersion version) {
        after(version, unsubscribe(version, 1)).awaitRefusal(0x82);
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-4.13.1-1", v311 = "MQTT-2.3.1-1")
    void refusesPacketIdentifierZero(MqttVersion version) {
        after(version, unsubscribe(version, 0, "t")).awaitRefusal(0x81);
    }

    @Test
    @Statement(v5 = "MQTT-4.13.1-1")
    void refusesPropertiesOfOtherPackets() {
        for (Bytes property : List.of(
                Bytes.of(0x0B, 1),
                Bytes.of(0x01, 0),
                Bytes.of(0x11).u32(1),
                Bytes.of(0x1F).utf8("why"))) {
            TestClient client = after(
                    FIVE, Bytes.of().u16(1).properties(FIVE, property).utf8("t").packet(0xA2));
            assertThat(client.await(DISCONNECT).code()).isIn(0x81, 0x82);
            client.awaitClosed();
        }
    }
}
