/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.DISCONNECT;
import static io.netty.handler.codec.mqtt.MqttMessageType.PINGRESP;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Cve;
import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ConnectTest extends BrokerTestBase {

    @Test
    @Statement(
            v5 = {"MQTT-3.1.4-5", "MQTT-3.12.4-1"},
            v311 = {"MQTT-3.1.4-4", "MQTT-3.12.4-1"})
    void acceptsEveryVersion() {
        for (MqttVersion version : MqttVersion.values()) {
            TestClient client = tracked(TestClient.sending(
                    broker.port(), new TestClient.Connect(version, "any" + version.protocolLevel())));
            Packet connAck = client.await(CONNACK);
            assertThat(connAck.code()).isZero(); // [MQTT-3.1.4-5]
            assertThat(connAck.sessionPresent()).isFalse(); // [MQTT-3.2.2-2]
            client.send(MqttMessage.PINGREQ);
            client.await(PINGRESP); // [MQTT-3.12.4-1]
        }
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.3-6", "MQTT-3.1.3-7", "MQTT-3.2.2-16"})
    void assignsAnIdentifierWhereThereIsNone() {
        TestClient one = tracked(TestClient.sending(broker.port(), TestClient.v5("")));
        TestClient two = tracked(TestClient.sending(broker.port(), TestClient.v5("")));
        Object first = one.await(CONNACK).property(MqttProperties.ASSIGNED_CLIENT_IDENTIFIER);
        Object second = two.await(CONNACK).property(MqttProperties.ASSIGNED_CLIENT_IDENTIFIER);
        assertThat(first).isNotNull().isNotEqualTo(second); // [MQTT-3.1.3-6, MQTT-3.2.2-16]
        assertThat(session(first.toString())).isPresent();
    }

    @Test
    @Statement(v311 = {"MQTT-3.1.3-8", "MQTT-3.1.3-9"})
    void refusesALastingSessionWithoutAnIdentifier() {
        TestClient client =
                tracked(TestClient.sending(broker.port(), TestClient.v311("").resuming()));
        assertThat(client.await(CONNACK).code()).isEqualTo(2); // [MQTT-3.1.3-8]
        client.awaitClosed();
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-2", v311 = "MQTT-3.1.2-2")
    void saysWhichVersionsItSpeaks() {
        TestClient client = tracked(TestClient.tcp(broker.port(), MqttVersion.MQTT_3_1_1));
        client.send(0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 9, 2, 0, 0, 0, 1, 'x');
        assertThat(client.await(CONNACK).code()).isEqualTo(1); // [MQTT-3.1.2-2]
        client.awaitClosed();
    }

    @Test
    @Statement(
            v5 = {"MQTT-3.1.2-3", "MQTT-3.1.3-4", "MQTT-3.1.4-1"},
            v311 = "MQTT-3.1.4-1")
    void saysWhatIsWrongWithAConnectOfVersion5() {
        int[][] cases = { // the reason, then what follows the protocol level
            {0x81, 0x03, 0, 0, 0, 0, 1, 'x'}, // the reserved flag [MQTT-3.1.2-3]
            {0x81, 0x02, 0, 0, 0, 0, 1, 0xFF}, // ill-formed UTF-8 [MQTT-3.1.3-4]
            {0x81, 0x02, 0, 0, 0, 0, 1}, // ends within its fields
            {0x82, 0x02, 0, 0, 3, 0x21, 0, 0, 0, 1, 'x'}, // receive maximum 0
            {0x82, 0x02, 0, 0, 4, 0x17, 1, 0x17, 1, 0, 1, 'x'}, // a property twice
            {0x90, 0x06, 0, 0, 0, 0, 1, 'x', 0, 0, 1, '#', 0, 0}, // a will topic with a wildcard
        };
        for (int[] each : cases) {
            int[] rest = Arrays.copyOfRange(each, 1, each.length);
            TestClient client = tracked(TestClient.tcp(broker.port(), MqttVersion.MQTT_5));
            client.send(connect(5, rest));
            assertThat(client.await(CONNACK).code()).isEqualTo(each[0]); // section 4.13
            client.awaitClosed(); // [MQTT-3.1.4-1]
            TestClient before5 = tracked(TestClient.tcp(broker.port(), MqttVersion.MQTT_3_1_1));
            before5.send(connect(4, 0x03, 0, 0, 0, 1, 'x'));
            before5.awaitClosed();
            assertThat(before5.waiting()).isZero();
        }
    }

    private static int[] connect(int level, int... rest) {
        int[] packet = new int[9 + rest.length];
        System.arraycopy(new int[] {0x10, 7 + rest.length, 0, 4, 'M', 'Q', 'T', 'T', level}, 0, packet, 0, 9);
        System.arraycopy(rest, 0, packet, 9, rest.length);
        return packet;
    }

    @Test
    void saysThatAConnectOfVersion5IsTooLarge() {
        for (int i = 0; i < 20; i++) { // what has not been read when the socket closes must not take the answer with it
            TestClient client = tracked(TestClient.sending(
                    broker.port(),
                    TestClient.v5("large")
                            .will("t", "x".repeat(65_535), 0, false)
                            .with(MqttProperties.AUTHENTICATION_METHOD, "x".repeat(65_535))
                            .userProperties(3, "x".repeat(65_000))));
            assertThat(client.await(CONNACK).code()).isEqualTo(0x95);
            client.awaitClosed();
        }
    }

    @Test
    @Statement(v5 = "MQTT-3.1.0-2")
    void closesOnASecondConnect() {
        TestClient client = connect(TestClient.v5("twice"));
        client.send(TestClient.v5("twice").message());
        assertThat(client.await(DISCONNECT).code()).isEqualTo(0x82); // [MQTT-3.1.0-2]
        client.awaitClosed();
    }

    @Test
    @Statement(v5 = "MQTT-4.13.1-1")
    void closesOnASecondConnectInsideAnotherPacket() {
        TestClient client = connect(TestClient.v5("smuggler"));
        // PINGREQ whose body is a CONNECT
        client.send(0xC0, 16, 0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0, 1, 'x');
        assertThat(client.await(DISCONNECT).code()).isEqualTo(0x81);
        client.awaitClosed();
    }

    @Test
    @Statement(
            v5 = {"MQTT-3.1.0-1", "MQTT-3.14.0-1"},
            v311 = {"MQTT-3.1.0-1", "MQTT-3.2.0-1"})
    void closesWhenSomethingElseComesFirst() {
        for (int[] packet : new int[][] {{0xC0, 0}, {0x30, 4, 0, 1, 'a', 'b'}, {0x40, 2, 0, 1}, {0xE0, 0}, {0xF0, 0}}) {
            TestClient client = tracked(TestClient.tcp(broker.port(), MqttVersion.MQTT_3_1_1));
            client.send(packet);
            client.awaitClosed(); // [MQTT-3.1.0-1]
            assertThat(client.waiting()).isZero(); // [MQTT-3.2.0-1]
        }
    }

    @Test
    @Statement(v5 = {"MQTT-3.2.2-7", "MQTT-4.12.0-1"})
    void refusesAnUnknownAuthenticationMethod() {
        TestClient client = tracked(TestClient.sending(
                broker.port(), TestClient.v5("scram").with(MqttProperties.AUTHENTICATION_METHOD, "SCRAM-SHA-1")));
        assertThat(client.await(CONNACK).code()).isEqualTo(0x8C); // [MQTT-4.12.0-1]
        client.awaitClosed();
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-22", "MQTT-3.2.2-22"})
    void closesASilentConnectionAfterOneAndAHalfTimesItsKeepAlive() {
        long start = System.nanoTime();
        TestClient client = connect(TestClient.v5("silent").keepAlive(1));
        assertThat(client.await(DISCONNECT).code()).isEqualTo(0x8D); // [MQTT-3.1.2-22]
        assertThat(System.nanoTime() - start).isBetween(1_300_000_000L, 4_000_000_000L);
        client.awaitClosed();
    }

    @Test
    void closesAConnectionThatDoesNotConnect() {
        try (TestBroker impatient = new TestBroker(java.util.Map.of("connect.timeout", "200ms"), java.util.Map.of());
                TestClient client = TestClient.tcp(impatient.port(), MqttVersion.MQTT_5)) {
            client.send(0x10); // a first byte is not a CONNECT
            client.awaitClosed();
        }
    }

    @Test
    @Cve("Mosquitto 2.0.16")
    void refusesAWillForTheBrokersTopics() {
        TestClient client = tracked(
                TestClient.sending(broker.port(), TestClient.v5("sys").will("$SYS/broker/version", "x", 0, false)));
        assertThat(client.await(CONNACK).code()).isEqualTo(0x87);
        client.awaitClosed();
    }

    @Test
    @Statement(v5 = "MQTT-4.13.1-1")
    void closesOnWhatOnlyAServerSends() {
        for (int type : new int[] {2, 9, 11, 13}) {
            TestClient client = connect(TestClient.v5("server" + type));
            client.send(type << 4, 2, 0, 0);
            assertThat(client.await(DISCONNECT).code()).isEqualTo(0x82); // [MQTT-4.13.1-1]
            client.awaitClosed();
        }
    }
}
