/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
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

/** Exactly once (section 4.3.3 of both specifications). */
class QoS2Test extends BrokerTestBase {
    private static final int NOT_FOUND = 0x92;

    private static Connect lasting(MqttVersion version, String clientId) {
        return TestClient.of(version, clientId).resuming().lasting(1000);
    }

    private static int notFound(MqttVersion version) {
        return version == MqttVersion.MQTT_5 ? NOT_FOUND : 0;
    }

    private static void send(TestClient client, String topic, String payload, int id, boolean dup) {
        client.publish(topic, payload, 2, id, false, dup, MqttProperties.NO_PROPERTIES);
        assertThat(client.answer(PUBREC).id()).isEqualTo(id);
    }

    private static int release(TestClient client, int id) {
        client.acknowledge(PUBREL, id, 0);
        Packet pubcomp = client.answer(PUBCOMP);
        assertThat(pubcomp.id()).isEqualTo(id);
        return pubcomp.code();
    }

    // ---------------------------------------------------------------- as a receiver

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-4.3.3-8", "MQTT-4.3.3-10", "MQTT-4.3.3-11", "MQTT-4.3.3-12"},
            v311 = "MQTT-4.3.3-2")
    void deliversOnceUntilItIsReleased(MqttVersion version) {
        String topic = name("once", version);
        TestClient client = connect(version, topic);
        client.subscribe(topic, 0);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 3; i++) {
                send(client, topic, "round " + round, 5, i > 0);
            }
            send(client, topic, "another " + round, 6, false); // in between
            assertThat(release(client, 5)).isZero();
            assertThat(release(client, 5)).isEqualTo(notFound(version)); // PUBREL again, PUBCOMP again
            assertThat(release(client, 6)).isZero();
            assertThat(client.lines(2))
                    .containsExactly(topic + "=round " + round + " q0", topic + "=another " + round + " q0");
        }
        client.expectNothing();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.1.2-5", "MQTT-4.3.3-10"},
            v311 = {"MQTT-3.1.2-4", "MQTT-4.3.3-2"})
    void remembersWhatIsUnreleasedAcrossConnections(MqttVersion version) {
        String topic = name("unreleased", version);
        TestClient observer = connect(version, topic + "-in");
        observer.subscribe(topic, 0);
        for (int connection = 0; connection < 3; connection++) {
            TestClient client = connect(lasting(version, topic));
            send(client, topic, "x", 7, connection > 0);
            drop(client, topic);
        }
        TestClient client = connect(lasting(version, topic));
        assertThat(release(client, 7)).isZero();
        send(client, topic, "y", 7, false);
        assertThat(observer.lines(2)).containsExactly(topic + "=x q0", topic + "=y q0");
        observer.expectNothing();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.1.2-4", "MQTT-4.3.3-12"},
            v311 = "MQTT-3.1.2-6")
    void forgetsWhatIsUnreleasedWithACleanStart(MqttVersion version) {
        String topic = name("forgets", version);
        TestClient observer = connect(version, topic + "-in");
        observer.subscribe(topic, 0);
        for (int connection = 0; connection < 2; connection++) {
            TestClient client = connect(version, topic);
            send(client, topic, String.valueOf(connection), 7, false);
            drop(client, topic);
        }
        assertThat(observer.lines(2)).containsExactly(topic + "=0 q0", topic + "=1 q0");
    }

    @Test
    @Statement(v5 = "MQTT-4.3.3-9")
    void takesAPublishForANewOneWhenItRefusedTheLast() {
        TestClient client = connect(TestClient.v5("refused-2"));
        client.subscribe("refused/2", 0);
        client.publish("$SYS/refused", "x", 2, 5);
        assertThat(client.await(PUBREC).code()).isEqualTo(0x87);
        send(client, "refused/2", "y", 5, false);
        assertThat(client.message().payload()).isEqualTo("y");
        assertThat(release(client, 5)).isZero();
        client.publish("$SYS/refused", "x", 2, 5);
        assertThat(client.await(PUBREC).code()).isEqualTo(0x87);
        assertThat(release(client, 5)).isEqualTo(NOT_FOUND); // there is nothing to release after an error
    }

    @Test
    @Statement(v5 = "MQTT-4.3.3-13")
    void goesOnWithTheStepsThoughTheMessageHasExpired() {
        TestClient away = connect(lasting(MqttVersion.MQTT_5, "expires-in"));
        away.subscribe("expires/in", 2);
        drop(away, "expires-in");
        MqttProperties soon = new MqttProperties();
        soon.add(new MqttProperties.IntegerProperty(MqttProperties.PUBLICATION_EXPIRY_INTERVAL, 1));
        TestClient client = connect(TestClient.v5("expires-out"));
        client.publish("expires/in", "x", 2, 5, false, false, soon);
        assertThat(client.await(PUBREC).code()).isZero();
        long until = System.nanoTime() + 1_100_000_000L;
        eventually("it has expired", () -> System.nanoTime() - until > 0);
        connect(lasting(MqttVersion.MQTT_5, "expires-in")).expectNothing();
        client.publish("expires/in", "x", 2, 5, false, true, soon);
        assertThat(client.await(PUBREC).id()).isEqualTo(5);
        assertThat(release(client, 5)).isZero();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-2.2.1-4", "MQTT-4.3.3-1"},
            v311 = {"MQTT-2.3.1-4", "MQTT-4.6.0-4"})
    void deliversFiveHundredThatAreUnderwayAtOnce(MqttVersion version) {
        String topic = name("five-hundred", version);
        TestClient subscriber = connect(version, topic + "-in");
        subscriber.subscribe(topic, 2);
        TestClient publisher = connect(version, topic + "-out");
        List<String> payloads = new ArrayList<>();
        for (int id = 1; id <= 500; id++) {
            publisher.publish(topic, String.valueOf(id), 2, id);
            payloads.add(String.valueOf(id));
        }
        List<Packet> messages = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            messages.add(subscriber.message());
        }
        assertThat(messages).extracting(Packet::payload).isEqualTo(payloads);
        messages.forEach(message -> subscriber.acknowledge(PUBREC, message.id(), 0));
        messages.forEach(message ->
                assertThat(subscriber.await(PUBREL).id()).isEqualTo(message.id())); // in order [MQTT-4.6.0-4]
        messages.forEach(message -> subscriber.acknowledge(PUBCOMP, message.id(), 0));
        for (int id = 1; id <= 500; id++) {
            assertThat(publisher.await(PUBREC).id()).isEqualTo(id);
        }
        for (int id = 500; id >= 1; id--) {
            assertThat(release(publisher, id)).isZero();
        }
        eventually(
                "all completed",
                () -> session(topic + "-in").orElseThrow().queue().inFlight() == 0);
    }

    // ---------------------------------------------------------------- as a sender

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {
                "MQTT-2.2.1-5",
                "MQTT-4.3.3-1",
                "MQTT-4.3.3-2",
                "MQTT-4.3.3-3",
                "MQTT-4.3.3-4",
                "MQTT-4.3.3-5",
                "MQTT-4.3.3-6",
                "MQTT-4.4.0-1"
            },
            v311 = {"MQTT-2.3.1-6", "MQTT-4.3.3-1", "MQTT-4.4.0-1"})
    void takesEachStepOnceAndResendsTheLastOneOnANewConnection(MqttVersion version) {
        String topic = name("steps", version);
        TestClient client = connect(lasting(version, topic));
        client.subscribe(topic, 2);
        TestClient publisher = connect(version, topic + "-out");
        send(publisher, topic, "x", 1, false);
        Packet message = client.message();
        assertThat(message.line()).isEqualTo(topic + "=x q2 #1");
        client.expectNothing(); // before PUBREC: neither PUBREL nor PUBLISH again
        drop(client, topic);

        client = connect(lasting(version, topic));
        assertThat(client.message().line()).isEqualTo(topic + "=x q2 #1 dup");
        client.acknowledge(PUBREC, 1, 0);
        assertThat(client.await(PUBREL).id()).isEqualTo(1);
        drop(client, topic);

        client = connect(lasting(version, topic));
        assertThat(client.await(PUBREL).id()).isEqualTo(1);
        client.expectNothing();
        client.acknowledge(PUBREC, 1, 0); // again, and answered again
        Packet pubrel = client.await(PUBREL);
        assertThat(pubrel.id()).isEqualTo(1);
        assertThat(pubrel.code()).isZero();
        client.acknowledge(PUBCOMP, 1, 0);
        eventually("completed", () -> session(topic).orElseThrow().queue().inFlight() == 0);
        drop(client, topic);
        connect(lasting(version, topic)).expectNothing();
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.4-9", "MQTT-4.4.0-2"})
    void endsADeliveryThatTheReceiverRefuses() {
        TestClient first = connect(lasting(MqttVersion.MQTT_5, "refuses-2").receiveMaximum(1));
        first.subscribe("refuses/2", 2);
        TestClient publisher = connect(TestClient.v5("refuses-2-out"));
        send(publisher, "refuses/2", "1", 1, false);
        send(publisher, "refuses/2", "2", 2, false);
        Packet refused = first.message();
        first.acknowledge(PUBREC, refused.id(), 0x80);
        Packet second = first.message(); // no PUBREL, and the quota is free again
        assertThat(second.payload()).isEqualTo("2");
        first.acknowledge(PUBREC, refused.id(), 0); // changes its mind
        assertThat(first.await(PUBREL).code()).isEqualTo(refused.id() == second.id() ? 0 : NOT_FOUND);
        drop(first, "refuses-2");
        TestClient back = connect(lasting(MqttVersion.MQTT_5, "refuses-2"));
        assertThat(back.message().payload()).isEqualTo("2");
        back.expectNothing();
    }

    @Test
    @Statement(v5 = "MQTT-4.3.3-7")
    void resendsAMessageThatExpiresOnTheWay() {
        TestClient client = connect(lasting(MqttVersion.MQTT_5, "on-the-way"));
        client.subscribe("on/the/way", 2);
        MqttProperties soon = new MqttProperties();
        soon.add(new MqttProperties.IntegerProperty(MqttProperties.PUBLICATION_EXPIRY_INTERVAL, 1));
        connect(TestClient.v5("on-the-way-out")).publish("on/the/way", "x", 2, 1, false, false, soon);
        assertThat(client.message().payload()).isEqualTo("x");
        drop(client, "on-the-way");
        long until = System.nanoTime() + 1_100_000_000L;
        eventually("it has expired", () -> System.nanoTime() - until > 0);
        TestClient back = connect(lasting(MqttVersion.MQTT_5, "on-the-way"));
        assertThat(back.message().line()).isEqualTo("on/the/way=x q2 #1 dup");
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    void answersStepsThatItDoesNotKnow(MqttVersion version) {
        TestClient client = connect(version, name("unknown-steps", version));
        assertThat(release(client, 42)).isEqualTo(notFound(version));
        client.acknowledge(PUBREC, 43, 0);
        Packet pubrel = client.await(PUBREL);
        assertThat(pubrel.id()).isEqualTo(43);
        assertThat(pubrel.code()).isEqualTo(notFound(version));
        client.acknowledge(PUBCOMP, 44, 0);
        client.expectNothing();
    }
}
