/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.DISCONNECT;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREL;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.TestClient.Connect;
import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the broker may send to a client that says how much it takes (MQTT 5.0, section 3.1.2.11.4); the {@link Referee} judges the sizes. */
class MaximumPacketSizeTest extends BrokerTestBase {

    private static Connect taking(String clientId, int bytes) {
        return TestClient.v5(clientId).with(MqttProperties.MAXIMUM_PACKET_SIZE, bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @Statement(v5 = {"MQTT-3.1.2-24", "MQTT-3.1.2-25"})
    void sendsWhatJustFitsAndGivesUpWhatDoesNot(int qos) {
        String topic = "fits/" + qos;
        TestClient small = connect(taking(topic, 50).receiveMaximum(1));
        small.subscribe(topic, qos);
        TestClient publisher = connect(TestClient.v5(topic + "-out"));
        int header = 2 + 2 + topic.length() + (qos > 0 ? 2 : 0) + 1;
        for (int size = 48; size <= 52; size++) {
            publisher.publish(topic, "x".repeat(size - header), qos, size);
        }
        for (int size = 48; size <= 50; size++) {
            Packet message = small.message();
            assertThat(message.payload()).hasSize(size - header);
            if (qos == 1) {
                small.puback(message.id());
            } else if (qos == 2) {
                small.acknowledge(PUBREC, message.id(), 0);
                small.await(PUBREL);
                small.acknowledge(PUBCOMP, message.id(), 0);
            }
        }
        small.expectNothing();
        assertThat(session(topic).orElseThrow().queue().inFlight()).isZero(); // as if it had been sent
        publisher.publish(topic, "next", qos, 1);
        assertThat(small.message().payload()).isEqualTo("next");
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-24", "MQTT-3.1.2-25"})
    void givesUpWhatWaitedAndWhatIsRetained() {
        TestClient first = connect(taking("waited", 1000).resuming().lasting(100));
        first.subscribe("waited", 2);
        TestClient publisher = connect(TestClient.v5("waited-out"));
        publisher.publishAcknowledged("waited", "x".repeat(100)); // underway, and then too large
        first.message();
        drop(first, "waited");
        publisher.publishAcknowledged("waited", "x".repeat(100));
        publisher.publishAcknowledged("waited", "fits");
        publisher.retain("waited/retained", "x".repeat(100));
        TestClient second = connect(taking("waited", 50).resuming().lasting(100));
        assertThat(second.message().payload()).isEqualTo("fits");
        second.subscribe("waited/retained", 0);
        second.expectNothing();
    }

    @Test
    @Statement(
            v5 = {
                "MQTT-3.2.2-19",
                "MQTT-3.2.2-20",
                "MQTT-3.4.2-2",
                "MQTT-3.4.2-3",
                "MQTT-3.5.2-2",
                "MQTT-3.5.2-3",
                "MQTT-3.6.2-2",
                "MQTT-3.6.2-3",
                "MQTT-3.7.2-2",
                "MQTT-3.7.2-3",
                "MQTT-3.9.2-1",
                "MQTT-3.9.2-2",
                "MQTT-3.11.2-1",
                "MQTT-3.11.2-2",
                "MQTT-3.14.2-3",
                "MQTT-3.14.2-4"
            })
    void explainsNothingWhereThatWouldNotFit() {
        TestClient client = connect(taking("explains", 20)); // what has to be said fits, and hardly a word beside it
        client.publish("nobody/listens", "x", 1, 1);
        client.publish("$SYS/not/yours", "x", 1, 2);
        client.publish("$SYS/not/yours", "x", 2, 3);
        client.acknowledge(PUBREL, 4, 0);
        client.acknowledge(PUBREC, 5, 0);
        List<Integer> codes = List.of(
                client.answer(PUBACK).code(),
                client.answer(PUBACK).code(),
                client.answer(PUBREC).code(),
                client.answer(PUBCOMP).code(),
                client.answer(PUBREL).code(),
                client.subscribe("bad#", 0).codes().get(0),
                client.unsubscribe("never/subscribed").codes().get(0));
        assertThat(codes).containsExactly(0x10, 0x87, 0x87, 0x92, 0x92, 0x8F, 0x11);
        client.send(0, 0);
        assertThat(client.await(DISCONNECT).code()).isEqualTo(0x82);
        client.awaitClosed();
    }
}
