/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttMessageType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
}
