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
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Receive Maximum either way (MQTT 5.0, sections 3.3.4 and 4.9). */
class FlowControlTest extends BrokerTestBase {

    private static Connect lasting(String clientId) {
        return TestClient.v5(clientId).resuming().lasting(1000);
    }

    private static void publish(TestClient publisher, String topic, int from, int to, int qos) {
        for (int id = from; id <= to; id++) {
            publisher.publish(topic, String.valueOf(id), qos, id);
            publisher.answer(qos == 1 ? PUBACK : PUBREC);
        }
    }

    // ---------------------------------------------------------------- out

    @Test
    @Statement(v5 = {"MQTT-3.3.4-9", "MQTT-4.9.0-1", "MQTT-4.9.0-2"})
    void keepsToTheQuotaUntilEachIsAcknowledgedToTheEnd() {
        TestClient subscriber = connect(TestClient.v5("quota").receiveMaximum(2));
        subscriber.subscribe("quota", 2);
        TestClient publisher = connect(TestClient.v5("quota-out"));
        publish(publisher, "quota", 1, 6, 2);
        int first = subscriber.message().id();
        int second = subscriber.message().id();
        subscriber.expectNothing();
        subscriber.acknowledge(PUBREC, first, 0);
        subscriber.await(PUBREL);
        subscriber.expectNothing(); // PUBREC frees nothing
        subscriber.acknowledge(PUBCOMP, first, 0);
        int third = subscriber.message().id();
        subscriber.expectNothing();
        subscriber.acknowledge(PUBREC, second, 0x80); // but one that refuses does
        assertThat(subscriber.message().payload()).isEqualTo("4");
        subscriber.expectNothing();
        subscriber.acknowledge(PUBREC, second, 0x80); // and once only
        subscriber.acknowledge(PUBCOMP, first, 0);
        subscriber.puback(third); // not what QoS 2 is acknowledged with
        subscriber.expectNothing();
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.4-9", "MQTT-4.9.0-2"})
    void keepsToTheSmallestQuotaInOrder() {
        TestClient subscriber = connect(TestClient.v5("one").receiveMaximum(1));
        subscriber.subscribe("one", 1);
        TestClient publisher = connect(TestClient.v5("one-out"));
        publish(publisher, "one", 1, 50, 1);
        for (int i = 1; i <= 50; i++) {
            Packet message = subscriber.message();
            assertThat(message.payload()).isEqualTo(String.valueOf(i));
            if (i % 10 == 0) {
                subscriber.expectNothing();
            }
            subscriber.puback(message.id());
        }
        subscriber.expectNothing();
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.4-10", "MQTT-4.9.0-3"})
    void servesEverythingElseWhileTheQuotaIsUsedUp() {
        TestClient client = connect(TestClient.v5("used-up").receiveMaximum(1));
        client.subscribe("used/up", 1);
        publish(connect(TestClient.v5("used-up-out")), "used/up", 1, 3, 1);
        int id = client.message().id();
        client.expectNothing(); // but PINGRESP
        assertThat(client.subscribe("used/up/too", 1).codes()).containsExactly(1);
        client.publish("elsewhere", "x", 1, 1);
        client.await(PUBACK);
        client.publish("elsewhere", "x", 2, 2);
        client.await(PUBREC);
        client.acknowledge(PUBREL, 2, 0);
        client.await(PUBCOMP);
        assertThat(client.unsubscribe("used/up/too").codes()).containsExactly(0);
        client.puback(id);
        assertThat(client.message().payload()).isEqualTo("2");
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.4-9", "MQTT-4.9.0-1"})
    void startsAnewWithTheQuotaOfEachConnection() {
        TestClient first = connect(lasting("anew").receiveMaximum(4));
        first.subscribe("anew", 1);
        publish(connect(TestClient.v5("anew-out")), "anew", 1, 8, 1);
        first.lines(4);
        first.expectNothing();
        drop(first, "anew");
        TestClient second = connect(lasting("anew").receiveMaximum(2));
        assertThat(second.lines(2)).containsExactly("anew=1 q1 #1 dup", "anew=2 q1 #2 dup");
        second.expectNothing();
        drop(second, "anew");
        TestClient third = connect(lasting("anew").receiveMaximum(6));
        assertThat(third.lines(6))
                .containsExactly(
                        "anew=1 q1 #1 dup",
                        "anew=2 q1 #2 dup",
                        "anew=3 q1 #3 dup",
                        "anew=4 q1 #4 dup",
                        "anew=5 q1 #5",
                        "anew=6 q1 #6");
        third.expectNothing();
    }

    // ---------------------------------------------------------------- in

    @Test
    @Statement(v5 = {"MQTT-3.3.4-7", "MQTT-3.3.4-8", "MQTT-4.9.0-3", "MQTT-4.13.1-1"})
    void holdsAClientToWhatItSaid() {
        try (TestBroker two = new TestBroker(Map.of("receive.maximum", 2), Map.of());
                TestClient client = TestClient.sending(two.port(), TestClient.v5("in"))) {
            assertThat(client.await(CONNACK).property(MqttProperties.RECEIVE_MAXIMUM))
                    .isEqualTo(2);
            for (int round = 0; round < 3; round++) { // what is released is free again
                client.publish("in", "x", 2, 1);
                client.await(PUBREC);
                client.publish("in", "x", 2, 2);
                client.await(PUBREC);
                client.publish("in", "x", 0, 0); // does not count, and nothing else does
                client.expectNothing();
                assertThat(client.subscribe("elsewhere", 0).codes()).containsExactly(0);
                client.acknowledge(PUBREL, 1, 0);
                client.await(PUBCOMP);
                client.acknowledge(PUBREL, 2, 0);
                client.await(PUBCOMP);
            }
            for (int id = 1; id <= 3; id++) {
                client.publish("in", "x", 2, id);
            }
            client.await(PUBREC);
            client.await(PUBREC);
            client.awaitRefusal(0x93);
        }
    }
}
