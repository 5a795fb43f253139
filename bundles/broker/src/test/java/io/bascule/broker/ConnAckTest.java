/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREL;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.TestClient.Connect;
import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** CONNACK (section 3.2 of both specifications). That it comes first, and once, is the {@link Referee}'s to judge in every test. */
class ConnAckTest extends BrokerTestBase {

    private Packet connAck(Connect connect) {
        TestClient client = tracked(TestClient.sending(broker.port(), connect));
        Packet connAck = client.await(CONNACK);
        drop(client, connect.clientId);
        return connAck;
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {
                "MQTT-3.1.2-4",
                "MQTT-3.1.2-5",
                "MQTT-3.1.2-6",
                "MQTT-3.1.4-4",
                "MQTT-3.1.4-5",
                "MQTT-3.2.2-1",
                "MQTT-3.2.2-2",
                "MQTT-3.2.2-3"
            },
            v311 = {"MQTT-3.1.2-6", "MQTT-3.1.4-3", "MQTT-3.1.4-4", "MQTT-3.2.2-1", "MQTT-3.2.2-2", "MQTT-3.2.2-3"})
    void saysWhetherThereIsASession(MqttVersion version) {
        String id = name("present", version);
        boolean sayable = version != MqttVersion.MQTT_3_1; // where the flag is reserved, and 0
        for (int round = 0; round < 2; round++) {
            Packet none = connAck(TestClient.of(version, id).resuming().lasting(100));
            assertThat(none.code()).isZero();
            assertThat(none.sessionPresent()).isFalse();
            Packet some = connAck(TestClient.of(version, id).resuming().lasting(100));
            assertThat(some.code()).isZero();
            assertThat(some.sessionPresent()).isEqualTo(sayable);
            Packet clean = connAck(TestClient.of(version, id));
            assertThat(clean.code()).isZero();
            assertThat(clean.sessionPresent()).isFalse();
            eventually(
                    "its session has ended with its connection",
                    () -> session(id).isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.2.0-1", "MQTT-3.2.0-2"},
            v311 = "MQTT-3.2.0-1")
    void comesBeforeEverythingElseAndOnce(MqttVersion version) {
        String topic = name("first", version);
        TestClient away = connect(TestClient.of(version, topic).resuming().lasting(100));
        away.subscribe(topic, 2);
        drop(away, topic);
        TestClient publisher = connect(version, topic + "-out");
        for (int i = 0; i < 20; i++) {
            publisher.publishAcknowledged(topic, "x");
        }
        TestClient back = tracked(TestClient.tcp(broker.port(), version));
        Bytes connect = Bytes.of()
                .utf8(version.protocolName())
                .u8(version.protocolLevel(), 0)
                .u16(0)
                .noProperties(version)
                .utf8(topic);
        back.send(Bytes.of(0xC0, 0).raw(connect.packet(0x10)).u8(0xC0, 0).toArray()); // PINGREQ comes too early
        back.awaitClosed();
        assertThat(back.waiting()).isZero();
        back = send(version, Bytes.of().raw(connect.packet(0x10)).u8(0xC0, 0).toArray());
        assertThat(back.await(CONNACK).code()).isZero();
        assertThat(back.soFar())
                .extracting(Packet::type)
                .doesNotContain(CONNACK)
                .hasSize(20);
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.4-2", "MQTT-3.2.2-7", "MQTT-3.2.2-8"})
    void saysWithACodeOfItsOwnWhyItRefuses() {
        Map<Connect, Integer> refused = Map.of(
                TestClient.v5("x").with(MqttProperties.AUTHENTICATION_METHOD, "unheard-of"), 0x8C,
                TestClient.v5("x").will("$SYS/will", "", 0, false), 0x87,
                TestClient.v5("x").will("/".repeat(200), "", 0, false), 0x90);
        refused.forEach((connect, code) -> {
            TestClient client = tracked(TestClient.sending(broker.port(), connect));
            assertThat(client.await(CONNACK).code()).isEqualTo(code);
            client.awaitClosed();
        });
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.1.4-2", "MQTT-3.2.2-6", "MQTT-3.2.2-7"},
            v311 = {"MQTT-3.2.2-4", "MQTT-3.2.2-5"})
    void speaksOfNoSessionWhenItRefuses(MqttVersion version) {
        String id = name("refused", version);
        TestClient first = connect(TestClient.of(version, id).resuming().lasting(100));
        first.subscribe(id, 1);
        drop(first, id);
        for (boolean clean : new boolean[] {false, true}) {
            Connect forbidden = TestClient.of(version, id).will("$SYS/will", "x", 0, false);
            forbidden.clean = clean;
            TestClient client = tracked(TestClient.sending(broker.port(), forbidden));
            Packet connAck = client.await(CONNACK);
            assertThat(connAck.code()).isEqualTo(version == MqttVersion.MQTT_5 ? 0x87 : 5);
            assertThat(connAck.sessionPresent()).isFalse();
            client.awaitClosed();
        }
        connect(version, name("refused-out", version)).publishAcknowledged(id, "kept");
        TestClient back = connect(TestClient.of(version, id).resuming().lasting(100));
        assertThat(back.message().payload()).isEqualTo("kept"); // who was refused has touched nothing
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-28")
    void returnsNoResponseInformationWhereNoneIsAskedFor() {
        for (Connect connect : List.of(
                TestClient.v5("response-none"),
                TestClient.v5("response-0").with(MqttProperties.REQUEST_RESPONSE_INFORMATION, 0))) {
            assertThat(connAck(connect).property(MqttProperties.RESPONSE_INFORMATION))
                    .isNull();
        }
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-29")
    void explainsNothingToWhoWantsNoProblemInformation() {
        TestClient client = connect(TestClient.v5("no-problem").with(MqttProperties.REQUEST_PROBLEM_INFORMATION, 0));
        client.publish("nobody/listens", "x", 1, 1);
        client.publish("$SYS/not/yours", "x", 1, 2);
        client.publish("$SYS/not/yours", "x", 2, 3);
        client.acknowledge(PUBREL, 4, 0);
        client.acknowledge(PUBREC, 5, 0);
        List<Packet> problems = List.of(
                client.answer(PUBACK),
                client.answer(PUBACK),
                client.answer(PUBREC),
                client.answer(PUBCOMP),
                client.answer(PUBREL),
                client.subscribe("bad#", 0),
                client.unsubscribe("never/subscribed"));
        assertThat(problems).allSatisfy(problem -> {
            assertThat(problem.property(MqttProperties.REASON_STRING)).isNull();
            assertThat(problem.properties(MqttProperties.USER_PROPERTY)).isEmpty();
        });
    }

    @Test
    @Statement(v5 = "MQTT-4.12.0-6")
    void speaksOfNoAuthenticationMethodWhereThereIsNone() {
        Packet connAck = connAck(TestClient.v5("no-method"));
        assertThat(connAck.property(MqttProperties.AUTHENTICATION_METHOD)).isNull();
        assertThat(connAck.property(MqttProperties.AUTHENTICATION_DATA)).isNull();
    }

    @Test
    void restrictsNothingThatItSupports() {
        Packet connAck = connAck(TestClient.v5("supports"));
        for (int property : new int[] {
            MqttProperties.RETAIN_AVAILABLE,
            MqttProperties.WILDCARD_SUBSCRIPTION_AVAILABLE,
            MqttProperties.SUBSCRIPTION_IDENTIFIER_AVAILABLE,
            MqttProperties.SHARED_SUBSCRIPTION_AVAILABLE
        }) {
            assertThat(connAck.property(property)).isIn(null, 1);
        }
        assertThat(connAck.property(MqttProperties.MAXIMUM_QOS)).isNull(); // never 2: a Protocol Error
        assertThat(connAck.property(MqttProperties.ASSIGNED_CLIENT_IDENTIFIER)).isNull();
    }
}
