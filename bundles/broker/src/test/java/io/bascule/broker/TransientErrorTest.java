/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.store.MemoryMessageStore;
import io.bascule.itests.statements.Statement;
import io.bascule.spi.MessageStore;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A packet that is as it should be and yet cannot be served (section 4.8 of 3.1.1, 4.13 of 5.0). */
@Timeout(60)
class TransientErrorTest {
    private final AtomicBoolean failing = new AtomicBoolean();

    /** A store that is out of order while it is failing. */
    private MessageStore store() {
        MemoryMessageStore memory = new MemoryMessageStore();
        return (MessageStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {MessageStore.class}, (proxy, method, arguments) -> {
                    if (failing.get() && method.getName().equals("append")) {
                        throw new IllegalStateException("on purpose");
                    }
                    try {
                        return method.invoke(memory, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-4.13.2-1", v311 = "MQTT-4.8.0-2")
    void endsTheConnectionInsteadOfPromisingWhatItCannotKeep(MqttVersion version) {
        try (TestBroker broker = new TestBroker(Map.of(), Map.of(), store());
                TestClient subscriber = TestClient.connected(broker.port(), TestClient.of(version, "in"));
                TestClient unlucky = TestClient.connected(broker.port(), TestClient.of(version, "out"));
                TestClient other = TestClient.connected(broker.port(), TestClient.of(version, "other"))) {
            subscriber.subscribe("stored", 1);
            failing.set(true);
            unlucky.publish("stored", "x", 1, 1);
            unlucky.awaitRefusal(0x83); // and no PUBACK
            failing.set(false);
            other.publishAcknowledged("stored", "y");
            assertThat(subscriber.await(MqttMessageType.PUBLISH).payload()).isEqualTo("y");
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-4.3.3-8", v311 = "MQTT-4.3.3-2")
    void takesAMessageWhenItIsSentAgainThatItCouldNotTakeBefore(MqttVersion version) {
        TestClient.Connect lasting = TestClient.of(version, "out").resuming().lasting(100);
        try (TestBroker broker = new TestBroker(Map.of(), Map.of(), store());
                TestClient subscriber = TestClient.connected(broker.port(), TestClient.of(version, "in"));
                TestClient unlucky = TestClient.connected(broker.port(), lasting)) {
            subscriber.subscribe("stored", 1);
            failing.set(true);
            unlucky.publish("stored", "x", 2, 1);
            unlucky.awaitRefusal(0x83);
            failing.set(false);
            try (TestClient back = TestClient.connected(broker.port(), lasting)) {
                back.publish("stored", "x", 2, 1, false, true, MqttProperties.NO_PROPERTIES);
                assertThat(back.await(MqttMessageType.PUBREC).id()).isEqualTo(1);
                assertThat(subscriber.await(MqttMessageType.PUBLISH).payload()).isEqualTo("x");
            }
        }
    }
}
