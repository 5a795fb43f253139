/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.DISCONNECT;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREL;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.TestClient.Connect;
import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions that outlast their connections (sections 3.1.2.4, 4.1 and 4.4 of both specifications). */
class SessionResumeTest extends BrokerTestBase {

    private static Connect lasting(MqttVersion version, String clientId) {
        return TestClient.of(version, clientId).resuming().lasting(1000);
    }

    private static void publish(TestClient publisher, String topic, int count) {
        for (int i = 1; i <= count; i++) {
            int qos = 2 - i % 2;
            publisher.publish(topic, String.valueOf(i), qos, i);
            assertThat(publisher.answer(qos == 1 ? PUBACK : PUBREC).id()).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.3.1-1", "MQTT-4.4.0-1", "MQTT-4.6.0-5"},
            v311 = {"MQTT-3.3.1.-1", "MQTT-4.4.0-1", "MQTT-4.6.0-1", "MQTT-4.6.0-6"})
    void resendsInTheOrderInWhichItSentAndThenGoesOn(MqttVersion version) {
        String topic = name("resumes", version);
        TestClient first = connect(lasting(version, topic));
        first.subscribe(topic, 2);
        TestClient publisher = connect(version, topic + "-out");
        publish(publisher, topic, 7);
        first.lines(7);
        first.puback(3);
        first.acknowledge(PUBREC, 6, 0);
        assertThat(first.await(PUBREL).id()).isEqualTo(6);
        drop(first, topic);
        publisher.publishAcknowledged(topic, "8");

        for (int connection = 0; connection < 2; connection++) { // the second time nothing is different
            TestClient back = connect(lasting(version, topic));
            List<String> got = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                Packet packet = back.next();
                got.add(packet.type() == PUBREL ? "PUBREL " + packet.id() : packet.line());
            }
            assertThat(got)
                    .containsExactly(
                            topic + "=1 q1 #1 dup",
                            topic + "=2 q2 #2 dup",
                            topic + "=4 q2 #4 dup",
                            topic + "=5 q1 #5 dup",
                            "PUBREL 6",
                            topic + "=7 q1 #7 dup",
                            topic + "=8 q1 #8" + (connection == 0 ? "" : " dup"));
            back.expectNothing();
            drop(back, topic);
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.1.2-5", "MQTT-3.1.2-23", "MQTT-4.5.0-1"},
            v311 = {"MQTT-3.1.2-4", "MQTT-4.1.0-1", "MQTT-4.5.0-1"})
    void sendsAllThatWaitedAtOnceWithoutBeingAskedAgain(MqttVersion version) {
        String topic = name("waited", version);
        TestClient first = connect(lasting(version, topic));
        first.subscribe(topic, 2);
        first.disconnect();
        TestClient publisher = connect(version, topic + "-out");
        publish(publisher, topic, 1000);
        TestClient back = connect(lasting(version, topic)); // acknowledges nothing
        long start = System.nanoTime();
        for (int i = 1; i <= 1000; i++) {
            Packet message = back.message();
            assertThat(message.payload()).isEqualTo(String.valueOf(i));
            assertThat(message.dup()).isFalse();
        }
        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
        back.expectNothing();
        drop(back, topic);
        connect(version, topic).expectNothing();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.1.2-4", "MQTT-3.1.4-4"},
            v311 = {"MQTT-3.1.2-6", "MQTT-3.1.4-3"})
    void leavesNothingOfASessionToOneThatStartsClean(MqttVersion version) {
        String topic = name("leaves", version);
        TestClient first = connect(lasting(version, topic));
        first.subscribe(topic, 2);
        TestClient publisher = connect(version, topic + "-out");
        publish(publisher, topic, 2);
        first.lines(2);
        drop(first, topic);
        publisher.publishAcknowledged(topic, "3");
        TestClient clean = connect(version, topic);
        clean.expectNothing();
        publisher.publishAcknowledged(topic, "4"); // nor the subscription
        clean.expectNothing();
        clean.disconnect();
        connect(lasting(version, topic)).expectNothing();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.1.4-3", "MQTT-4.1.0-1"},
            v311 = {"MQTT-3.1.4-2", "MQTT-4.1.0-2"})
    void goesOverToTheNewerOfTwoConnections(MqttVersion version) {
        String topic = name("newer", version);
        TestClient publisher = connect(version, topic + "-out");
        TestClient older = connect(lasting(version, topic));
        older.subscribe(topic, 1);
        publisher.publishAcknowledged(topic, "1");
        assertThat(older.message().line()).isEqualTo(topic + "=1 q1 #1");
        for (int i = 0; i < 3; i++) {
            TestClient newer = connect(lasting(version, topic));
            older.awaitRefusal(0x8E);
            assertThat(newer.message().line()).isEqualTo(topic + "=1 q1 #1 dup");
            publisher.publish(topic, "0", 0, 0);
            assertThat(newer.message().line()).isEqualTo(topic + "=0 q0");
            newer.expectNothing();
            older = newer;
        }
    }

    @Test
    void goesOnInAnotherVersion() {
        TestClient three = connect(lasting(MqttVersion.MQTT_3_1_1, "migrates"));
        three.subscribe("migrates", 2);
        TestClient publisher = connect(TestClient.v5("migrates-out"));
        publish(publisher, "migrates", 2);
        three.lines(2);
        drop(three, "migrates");
        TestClient five = connect(lasting(MqttVersion.MQTT_5, "migrates"));
        assertThat(five.lines(2)).containsExactly("migrates=1 q1 #1 dup", "migrates=2 q2 #2 dup");
        five.acknowledge(PUBREC, 2, 0);
        five.await(PUBREL);
        drop(five, "migrates");
        TestClient one = connect(lasting(MqttVersion.MQTT_3_1, "migrates"));
        assertThat(one.message().line()).isEqualTo("migrates=1 q1 #1 dup");
        assertThat(one.await(PUBREL).id()).isEqualTo(2);
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-23", "MQTT-4.1.0-2"})
    void lastsAsLongAsTheLastConnectionSaid() {
        TestClient first = connect(TestClient.v5("renegotiates").resuming().lasting(1000));
        drop(first, "renegotiates");
        TestClient second = connect(TestClient.v5("renegotiates").resuming()); // says nothing: 0
        second.disconnect();
        eventually("ended", () -> session("renegotiates").isEmpty());
        TestClient third = tracked(TestClient.sending(broker.port(), lasting(MqttVersion.MQTT_5, "renegotiates")));
        assertThat(third.await(CONNACK).sessionPresent()).isFalse();
        MqttProperties longer = new MqttProperties();
        longer.add(new MqttProperties.IntegerProperty(MqttProperties.SESSION_EXPIRY_INTERVAL, 2000));
        third.disconnect(0, longer);
        third.awaitClosed();
        assertThat(session("renegotiates").orElseThrow().sessionExpiryInterval())
                .isEqualTo(2000);
    }

    @Test
    @Statement(v5 = "MQTT-4.13.1-1")
    void doesNotStartToLastWhenItsConnectionEnds() {
        TestClient client = connect(TestClient.v5("too-late"));
        MqttProperties longer = new MqttProperties();
        longer.add(new MqttProperties.IntegerProperty(MqttProperties.SESSION_EXPIRY_INTERVAL, 10));
        client.disconnect(0, longer);
        assertThat(client.await(DISCONNECT).code()).isEqualTo(0x82); // section 3.14.2.2.2
        client.awaitClosed();
        eventually("ended", () -> session("too-late").isEmpty());
    }

    @Test
    void keepsSubscriptionIdentifiersAndOptions() {
        TestClient first = connect(lasting(MqttVersion.MQTT_5, "options"));
        first.subscribe("options/#", 1, true, true, 0, 268_435_455);
        drop(first, "options");
        connect(TestClient.v5("options-out")).retain("options/a", "x");
        TestClient back = connect(lasting(MqttVersion.MQTT_5, "options"));
        Packet message = back.message();
        assertThat(message.line()).isEqualTo("options/a=x q1 #1 retain");
        assertThat(message.properties(MqttProperties.SUBSCRIPTION_IDENTIFIER)).containsExactly(268_435_455);
        back.publish("options/b", "own", 0, 0);
        back.expectNothing();
    }
}
