/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.DISCONNECT;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** DISCONNECT either way (section 3.14 of both specifications). */
class DisconnectTest extends BrokerTestBase {
    private static final MqttVersion FIVE = MqttVersion.MQTT_5;

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.1.2-10", "MQTT-3.14.4-3"},
            v311 = {"MQTT-3.1.2-10", "MQTT-3.14.4-3"})
    void endsTheConnectionWithItsWillAndServesNothingAfterIt(MqttVersion version) {
        String topic = name("after", version);
        TestClient observer = connect(version, topic + "-observer");
        observer.subscribe(topic, 0);
        TestClient client = connect(TestClient.of(version, topic).will(topic, "gone", 0, false));
        byte[] late = Bytes.of().utf8(topic).noProperties(version).u8('x').packet(0x30);
        client.send(Bytes.of(0xE0, 0).raw(late).u8(0xC0, 0).toArray());
        client.awaitClosed();
        assertThat(client.waiting()).isZero();
        eventually("gone", () -> session(topic).isEmpty());
        observer.expectNothing();
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-8", "MQTT-3.1.2-10"})
    void publishesTheWillForEveryReasonButTheFirst() {
        TestClient observer = connect(TestClient.v5("reasons-observer"));
        observer.subscribe("reasons", 0);
        for (int reason : new int[] {0, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99}) {
            TestClient client = connect(TestClient.v5("reasons").will("reasons", "for " + reason, 0, false));
            client.disconnect(reason, MqttProperties.NO_PROPERTIES);
            client.awaitClosed();
            assertThat(client.waiting()).isZero();
            if (reason != 0) {
                assertThat(observer.message().payload()).isEqualTo("for " + reason);
            }
        }
    }

    @Test
    @Statement(v5 = "MQTT-4.13.1-1")
    void refusesReasonsAndPropertiesThatWillNotDo() {
        for (byte[] packet : List.of(
                Bytes.of(0x03).packet(0xE0),
                Bytes.of(0x7F).packet(0xE0),
                Bytes.of(0xFF).packet(0xE0),
                Bytes.of(0x01).packet(0xE0), // Granted QoS 1
                Bytes.of(0x91).packet(0xE0), // Packet Identifier in use
                Bytes.of(0)
                        .properties(FIVE, Bytes.of(0x11).u32(0).u8(0x11).u32(0))
                        .packet(0xE0),
                Bytes.of(0)
                        .properties(FIVE, Bytes.of(0x1F).utf8("r").u8(0x1F).utf8("r"))
                        .packet(0xE0),
                Bytes.of(0).properties(FIVE, Bytes.of(0x01, 0)).packet(0xE0),
                Bytes.of(0).properties(FIVE, Bytes.of(0x21).u16(1)).packet(0xE0),
                Bytes.of(0, 0, 0).packet(0xE0))) {
            TestClient client = connect(TestClient.v5("disconnect-packet"));
            client.send(packet);
            assertThat(client.await(DISCONNECT).code()).isIn(0x81, 0x82);
            client.awaitClosed();
        }
    }

    @Test
    @Statement(v5 = {"MQTT-3.14.2-1", "MQTT-3.14.2-2", "MQTT-3.14.4-1", "MQTT-3.14.4-2"})
    void isTheLastThatTheBrokerSends() {
        TestClient publisher = connect(TestClient.v5("last-out"));
        TestClient taken = connect(TestClient.v5("last").lasting(100));
        taken.subscribe("last", 0);
        connect(TestClient.v5("last").resuming().lasting(100));
        TestClient wrong = connect(TestClient.v5("last-wrong"));
        wrong.subscribe("last", 0);
        wrong.send(Bytes.of(0xC0, 0, 0x00, 0, 0xC0, 0).toArray()); // answered, wrong, and not served any more
        for (int i = 0; i < 10; i++) {
            publisher.publish("last", "x", 0, 0);
        }
        for (TestClient client : List.of(taken, wrong)) {
            client.awaitClosed();
            TestClient.Packet last = client.next();
            while (client.waiting() > 0) { // messages, and the answer to the first PINGREQ
                assertThat(last.type()).isNotEqualTo(DISCONNECT);
                last = client.next();
            }
            assertThat(last.type()).isEqualTo(DISCONNECT);
            assertThat(last.code()).isEqualTo(client == taken ? 0x8E : 0x82);
            assertThat(last.property(MqttProperties.SESSION_EXPIRY_INTERVAL)).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = {"MQTT-3.14.2-1", "MQTT-4.13.2-1"})
    void saysThatTheBrokerStops(MqttVersion version) {
        TestBroker other = TestBroker.start();
        TestClient client = tracked(TestClient.connected(other.port(), TestClient.of(version, "stops")));
        other.close();
        client.awaitRefusal(0x8B);
    }
}
