/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.TestClient.Connect;
import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** At least once (section 4.3.2 of both specifications). */
class QoS1Test extends BrokerTestBase {

    private static Connect lasting(MqttVersion version, String clientId) {
        return TestClient.of(version, clientId).resuming().lasting(1000);
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-4.3.2-4", "MQTT-4.3.2-5"},
            v311 = "MQTT-4.3.2-2")
    void takesEachPublishForANewOneOnceTheLastIsAcknowledged(MqttVersion version) {
        String topic = name("new", version);
        TestClient client = connect(version, topic);
        client.subscribe(topic, 0);
        for (int i = 0; i < 3; i++) {
            client.publish(topic, "x", 1, 5, false, i > 0, MqttProperties.NO_PROPERTIES);
            assertThat(client.answer(PUBACK).id()).isEqualTo(5);
            assertThat(client.message().line()).isEqualTo(topic + "=x q0");
        }
        client.expectNothing();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-4.3.2-1", "MQTT-4.3.2-2", "MQTT-4.3.2-3", "MQTT-4.4.0-1"},
            v311 = {"MQTT-4.3.2-1", "MQTT-4.4.0-1"})
    void awaitsAcknowledgementsAndResendsOnANewConnectionOnly(MqttVersion version) {
        String topic = name("awaits", version);
        TestClient first = connect(lasting(version, topic));
        first.subscribe(topic, 1);
        TestClient publisher = connect(version, topic + "-out");
        for (int i = 1; i <= 4; i++) {
            publisher.publishAcknowledged(topic, String.valueOf(i));
            assertThat(first.message().line()).isEqualTo(topic + "=" + i + " q1 #" + i);
        }
        first.puback(3);
        first.puback(1);
        first.expectNothing(); // again
        drop(first, topic);

        TestClient second = connect(lasting(version, topic));
        assertThat(second.lines(2)).containsExactly(topic + "=2 q1 #2 dup", topic + "=4 q1 #4 dup");
        second.expectNothing();
        second.puback(2);
        second.puback(4);
        eventually("acknowledged", () -> session(topic).orElseThrow().queue().inFlight() == 0);
        drop(second, topic);
        connect(lasting(version, topic)).expectNothing();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-2.2.1-4", "MQTT-4.3.2-1"},
            v311 = {"MQTT-2.3.1-1", "MQTT-2.3.1-4"})
    @Timeout(120) // 66,000 round trips take 10 to 20 s on two slow processors
    void usesNoIdentifierTwiceAtATimeAndThereforeStepsOverThem(MqttVersion version) {
        String topic = name("wraps", version);
        TestClient subscriber = connect(version, topic + "-in");
        subscriber.subscribe(topic, 1);
        TestClient publisher = connect(version, topic + "-out");
        Set<Integer> held = new HashSet<>();
        int count = 66_000; // more than there are identifiers
        for (int sent = 0, got = 0; got < count; got++) {
            for (; sent < count && sent < got + 200; sent++) {
                publisher.publish(topic, "x", 1, 1 + sent % 60_000);
            }
            Packet message = subscriber.message();
            assertThat(message.id()).isBetween(1, 65_535);
            assertThat(held).doesNotContain(message.id());
            if (got % 1000 == 0) {
                held.add(message.id());
            } else {
                subscriber.puback(message.id());
            }
            publisher.await(PUBACK);
        }
        assertThat(held).hasSize(66);
    }

    @Test
    @Statement(v5 = "MQTT-4.4.0-2")
    void doesNotResendWhatWasRefused() {
        TestClient first = connect(lasting(MqttVersion.MQTT_5, "refused-1"));
        first.subscribe("refused/1", 1);
        connect(TestClient.v5("refused-1-out")).publishAcknowledged("refused/1", "x");
        first.acknowledge(PUBACK, first.message().id(), 0x97);
        first.expectNothing();
        drop(first, "refused-1");
        connect(lasting(MqttVersion.MQTT_5, "refused-1")).expectNothing();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    void mindsNoAcknowledgementOfWhatItDidNotSend(MqttVersion version) {
        String topic = name("unasked", version);
        TestClient client = connect(version, topic);
        client.puback(1);
        client.puback(65_535);
        client.subscribe(topic, 1);
        client.publishAcknowledged(topic, "x");
        int id = client.message().id();
        client.puback(id);
        client.puback(id);
        client.publishAcknowledged(topic, "y");
        assertThat(client.message().payload()).isEqualTo("y");
    }
}
