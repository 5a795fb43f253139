/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class OrderTest extends BrokerTestBase {
    private static final int COUNT = 20_000;
    private static final int WINDOW = 1000;

    @Test
    @Statement(v5 = {"MQTT-4.6.0-5", "MQTT-4.6.0-6"})
    void keepsTwentyThousandMessagesOfAPublisherInOrder() throws InterruptedException {
        List<TestClient> subscribers = new ArrayList<>();
        for (int i = 0; i < 2; i++) { // one on the publisher's event loop, one on another
            TestClient subscriber = connect(TestClient.v5("order-" + i));
            subscriber.subscribe("order/#", i);
            subscribers.add(subscriber);
        }
        TestClient publisher = connect(TestClient.v5("order-out"));
        Thread publishing = new Thread(() -> {
            for (int i = 0; i < COUNT; i++) {
                publisher.publish("order/" + i % 3, String.valueOf(i), 1, 1 + i % 60_000);
                if (i >= WINDOW) {
                    publisher.await(MqttMessageType.PUBACK);
                }
            }
        });
        publishing.start();
        for (int i = 0; i < COUNT; i++) {
            for (TestClient subscriber : subscribers) {
                TestClient.Packet message = subscriber.message();
                assertThat(message.payload()).isEqualTo(String.valueOf(i)); // [MQTT-4.6.0-5]
                if (message.qos() > 0) {
                    subscriber.puback(message.id());
                }
            }
        }
        publishing.join();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v311 = {"MQTT-4.6.0-2", "MQTT-4.6.0-3"})
    void acknowledgesInTheOrderInWhichItReceived(MqttVersion version) {
        String topic = name("acknowledges", version);
        connect(version, topic + "-in").subscribe(topic, 2); // perhaps on another event loop
        TestClient publisher = connect(version, topic);
        for (int id = 1; id <= WINDOW; id++) {
            publisher.publish(topic, String.valueOf(id), 1 + id % 2, id);
        }
        for (int id = 1; id <= WINDOW; id++) {
            TestClient.Packet acknowledgement = publisher.next();
            assertThat(acknowledgement.id()).isEqualTo(id);
            assertThat(acknowledgement.type()).isEqualTo(id % 2 == 0 ? MqttMessageType.PUBACK : MqttMessageType.PUBREC);
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-4.6.0-5", "MQTT-4.6.0-6"},
            v311 = {"MQTT-4.6.0-5", "MQTT-4.6.0-6"})
    void keepsMessagesOfOneTopicAndQosInOrder(MqttVersion version) {
        String topic = name("kept", version);
        List<TestClient> subscribers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            TestClient subscriber = connect(version, topic + "-in-" + i);
            subscriber.subscribe(topic + "/+", 2);
            subscribers.add(subscriber);
        }
        TestClient publisher = connect(version, topic);
        for (int id = 1; id <= 300; id++) {
            publisher.publish(topic + "/" + id % 2, String.valueOf(id), id % 3, id);
        }
        for (TestClient subscriber : subscribers) {
            List<Integer> got = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                TestClient.Packet message = subscriber.message();
                got.add(Integer.parseInt(message.payload()));
                assertThat(message.qos()).isEqualTo(got.get(i) % 3);
            }
            assertThat(got).isSorted();
        }
    }
}
