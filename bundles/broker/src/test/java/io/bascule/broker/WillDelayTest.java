/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.TestClient.Connect;
import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttProperties;
import org.junit.jupiter.api.Test;

/** The Will Delay Interval against the Session Expiry Interval (MQTT 5.0, sections 3.1.2.5 and 3.1.3.2.2). */
class WillDelayTest extends BrokerTestBase {
    private static final long SECOND = 1_000_000_000L;

    private TestClient observer(String topic) {
        TestClient observer = connect(TestClient.v5("observer-" + topic));
        observer.subscribe(topic, 0);
        return observer;
    }

    private static Connect owner(String topic, long expirySeconds, int delaySeconds) {
        return TestClient.v5(topic)
                .resuming()
                .lasting(expirySeconds)
                .will(topic, "gone", 0, false)
                .willDelay(delaySeconds);
    }

    private static void pass(long nanos) {
        long until = System.nanoTime() + nanos;
        eventually("the time has passed", () -> System.nanoTime() - until > 0);
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-8")
    void comesAfterItsDelayAndNotBefore() {
        TestClient observer = observer("delay/after");
        TestClient owner = connect(owner("delay/after", 100, 1));
        long start = System.nanoTime();
        owner.close();
        observer.expectNothing();
        assertThat(observer.message().payload()).isEqualTo("gone");
        assertThat(System.nanoTime() - start).isBetween(9 * SECOND / 10, 5 * SECOND);
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-8", "MQTT-4.1.0-2"})
    void comesWithTheEndOfTheSessionWhereThatIsEarlier() {
        TestClient observer = observer("delay/expiry");
        TestClient owner = connect(owner("delay/expiry", 1, 3600));
        long start = System.nanoTime();
        owner.close();
        assertThat(observer.message().payload()).isEqualTo("gone");
        assertThat(System.nanoTime() - start).isBetween(9 * SECOND / 10, 5 * SECOND);
        eventually("ended", () -> session("delay/expiry").isEmpty());
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-8")
    void comesAtOnceWhereTheSessionEndsWithItsConnection() {
        TestClient observer = observer("delay/none");
        connect(owner("delay/none", 0, 3600)).close();
        assertThat(observer.message().payload()).isEqualTo("gone");
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-8")
    void comesWhenACleanStartEndsTheSession() {
        TestClient observer = observer("delay/clean");
        drop(connect(owner("delay/clean", 100, 3600)), "delay/clean");
        observer.expectNothing();
        connect(TestClient.v5("delay/clean"));
        assertThat(observer.message().payload()).isEqualTo("gone");
        observer.expectNothing();
    }

    @Test
    @Statement(v5 = "MQTT-3.1.3-9")
    void doesNotComeWhenItsOwnerIsBackBefore() {
        TestClient observer = observer("delay/back");
        for (int i = 0; i < 3; i++) {
            drop(connect(owner("delay/back", 100, 1)), "delay/back");
        }
        connect(TestClient.v5("delay/back").resuming().lasting(100));
        pass(13 * SECOND / 10);
        observer.expectNothing();
    }

    @Test
    @Statement(v5 = "MQTT-3.1.3-9")
    void doesNotComeWhenANewerConnectionTakesOver() {
        TestClient observer = observer("delay/taken");
        TestClient older = connect(owner("delay/taken", 100, 1));
        TestClient newer = connect(TestClient.v5("delay/taken").resuming().lasting(100));
        older.awaitRefusal(0x8E);
        pass(13 * SECOND / 10);
        observer.expectNothing();
        newer.expectNothing();
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-10", "MQTT-3.14.4-3"})
    void doesNotComeAfterANormalDisconnect() {
        TestClient observer = observer("delay/normal");
        connect(owner("delay/normal", 100, 1)).disconnect();
        pass(13 * SECOND / 10);
        observer.expectNothing();
        connect(TestClient.v5("delay/normal")); // nor when the session ends
        observer.expectNothing();
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-8")
    void goesByTheExpiryThatTheDisconnectSays() {
        TestClient observer = observer("delay/disconnect");
        TestClient owner = connect(owner("delay/disconnect", 100, 3600));
        MqttProperties ends = new MqttProperties();
        ends.add(new MqttProperties.IntegerProperty(MqttProperties.SESSION_EXPIRY_INTERVAL, 0));
        owner.disconnect(4, ends);
        assertThat(observer.message().payload()).isEqualTo("gone");
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-10")
    void comesOnce() {
        TestClient observer = observer("delay/once");
        connect(owner("delay/once", 1, 1)).close(); // delay and expiry at the same moment
        assertThat(observer.message().payload()).isEqualTo("gone");
        eventually("ended", () -> session("delay/once").isEmpty());
        observer.expectNothing();
    }
}
