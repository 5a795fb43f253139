/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Cve;
import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The Client Identifier (section 3.1.3.1 of both specifications). */
class ClientIdTest extends BrokerTestBase {
    private static final String EVERY_CHARACTER = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-3.1.3-5", v311 = "MQTT-3.1.3-5")
    @Cve("Moquette #964")
    void takesWhatEveryServerMustTake(MqttVersion version) {
        for (int length = 1; length <= 23; length++) {
            int from = length * 3 % (EVERY_CHARACTER.length() - length);
            connect(version, EVERY_CHARACTER.substring(from, from + length)).disconnect();
        }
        for (int i = 0; i < EVERY_CHARACTER.length(); i++) {
            connect(version, EVERY_CHARACTER.substring(i, i + 1)).disconnect();
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.1.3-2", "MQTT-3.1.3-4"},
            v311 = {"MQTT-3.1.3-2", "MQTT-3.1.3-4"})
    @Cve("Moquette #964")
    void keepsSessionsApartByIt(MqttVersion version) {
        List<String> ids =
                List.of("Apart", "apart", "apart ", "ap\u00e4rt", "apa\u0308rt", "\ufeffapart", "apart/#", "+");
        for (String id : ids) {
            TestClient client = connect(TestClient.of(version, id).resuming().lasting(100));
            client.subscribe(name("apart/" + ids.indexOf(id), version), 1);
            drop(client, id);
        }
        TestClient publisher = connect(version, name("apart-out", version));
        for (int i = 0; i < ids.size(); i++) {
            publisher.publishAcknowledged(name("apart/" + i, version), String.valueOf(i));
        }
        for (int i = 0; i < ids.size(); i++) {
            TestClient client =
                    connect(TestClient.of(version, ids.get(i)).resuming().lasting(100));
            assertThat(client.message().payload()).isEqualTo(String.valueOf(i));
            client.expectNothing();
            client.disconnect();
            connect(version, ids.get(i)).disconnect();
        }
    }

    @ParameterizedTest
    @EnumSource(value = MqttVersion.class, names = "MQTT_3_1", mode = Mode.EXCLUDE)
    @Cve("Moquette #964")
    void takesTheLongest(MqttVersion version) {
        String id = "l".repeat(65_535);
        TestClient client = connect(version, id);
        assertThat(session(id)).isPresent();
        client.disconnect();
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.3-6", "MQTT-3.1.3-7", "MQTT-3.2.2-16"})
    void assignsOneThatWorksLikeAnyOther() {
        TestClient first = tracked(
                TestClient.sending(broker.port(), TestClient.v5("").resuming().lasting(100)));
        Packet connAck = first.await(CONNACK);
        assertThat(connAck.sessionPresent()).isFalse();
        String id = (String) connAck.property(MqttProperties.ASSIGNED_CLIENT_IDENTIFIER);
        first.subscribe("assigned", 1);
        drop(first, id);
        connect(TestClient.v5("assigned-out")).publishAcknowledged("assigned", "x");
        TestClient second = connect(TestClient.v5(id).resuming());
        assertThat(second.message().payload()).isEqualTo("x");
    }

    @Test
    @Statement(v311 = "MQTT-3.1.3-6")
    void assignsOneEachIn311() {
        TestClient[] clients = new TestClient[2];
        for (int i = 0; i < 2; i++) {
            clients[i] = connect(TestClient.v311(""));
            clients[i].subscribe("assigned/" + i, 0);
        }
        for (int i = 0; i < 2; i++) { // neither has sent the other away, nor taken its subscription
            clients[i].publish("assigned/" + i, String.valueOf(i), 0, 0);
            assertThat(clients[i].message().payload()).isEqualTo(String.valueOf(i));
            clients[i].expectNothing();
        }
    }

    @Test
    @Statement(v311 = {"MQTT-3.1.3-8", "MQTT-3.1.3-9", "MQTT-3.2.2-5"})
    void refusesNoneWhereItMustBeThere() {
        TestClient three =
                tracked(TestClient.sending(broker.port(), TestClient.v311("").resuming()));
        byte[] connect = Bytes.of().utf8("MQIsdp").u8(3, 2).u16(0).utf8("").packet(0x10);
        for (TestClient client : List.of(three, send(MqttVersion.MQTT_3_1, connect))) {
            assertThat(client.await(CONNACK).code()).isEqualTo(2);
            client.awaitClosed();
        }
    }

    @ParameterizedTest
    @EnumSource(value = MqttVersion.class, names = "MQTT_3_1", mode = Mode.EXCLUDE)
    @Statement(v5 = "MQTT-3.1.3-8", v311 = "MQTT-3.1.3-9")
    void endsTheConnectionWhereItRejectsOne(MqttVersion version) {
        try (TestBroker narrow = new TestBroker(Map.of("client.id.length", 23), Map.of());
                TestClient client = TestClient.sending(narrow.port(), TestClient.of(version, "x".repeat(24)))) {
            assertThat(client.await(CONNACK).code()).isEqualTo(version == MqttVersion.MQTT_5 ? 0x85 : 2);
            client.awaitClosed();
            TestClient.connected(narrow.port(), TestClient.of(version, "x".repeat(23)))
                    .close();
        }
    }
}
