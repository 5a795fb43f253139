/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.DISCONNECT;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREL;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.TestClient.Connect;
import io.bascule.itests.statements.Cve;
import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.ReasonCode;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SessionTest extends BrokerTestBase {

    private static Connect resuming(String clientId) {
        return TestClient.v5(clientId).resuming().lasting(1000);
    }

    private TestClient resume(Connect connect, boolean present) {
        TestClient client = tracked(TestClient.sending(broker.port(), connect));
        assertThat(client.await(CONNACK).sessionPresent()).isEqualTo(present); // [MQTT-3.2.2-3]
        return client;
    }

    @Test
    @Statement(
            v5 = {
                "MQTT-3.1.2-5",
                "MQTT-3.2.2-3",
                "MQTT-3.3.1-1",
                "MQTT-4.3.2-3",
                "MQTT-4.3.3-3",
                "MQTT-4.3.3-4",
                "MQTT-4.3.3-5",
                "MQTT-4.3.3-6",
                "MQTT-4.4.0-1"
            })
    void resendsInOrderWithDupAndTheSameIdentifiers() {
        TestClient publisher = connect(TestClient.v5("resend-out"));
        TestClient first = resume(resuming("resend"), false);
        first.subscribe("resend", 2);
        for (int i = 1; i <= 3; i++) {
            publisher.publishAcknowledged("resend", String.valueOf(i));
        }
        publisher.publish("resend", "4", 2, 4);
        publisher.await(PUBREC);
        publisher.publish("resend", "5", 2, 5);
        publisher.await(PUBREC);
        assertThat(first.lines(5)).endsWith("resend=5 q2 #5");
        first.puback(2);
        first.acknowledge(PUBREC, 4, 0);
        assertThat(first.await(PUBREL).id()).isEqualTo(4);
        drop(first, "resend");
        publisher.publishAcknowledged("resend", "6");

        TestClient second = resume(resuming("resend"), true);
        assertThat(second.lines(2)).containsExactly("resend=1 q1 #1 dup", "resend=3 q1 #3 dup"); // [MQTT-4.4.0-1]
        assertThat(second.await(PUBREL).id()).isEqualTo(4); // not the message [MQTT-4.3.3-6]
        assertThat(second.lines(2)).containsExactly("resend=5 q2 #5 dup", "resend=6 q1 #6"); // [MQTT-3.3.1-1]
        second.expectNothing();
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.4-9", "MQTT-3.3.4-10", "MQTT-4.9.0-1", "MQTT-4.9.0-2"})
    void keepsToTheReceiveMaximumWhenItResends() {
        TestClient publisher = connect(TestClient.v5("resend-max-out"));
        TestClient first = resume(resuming("resend-max"), false);
        first.subscribe("resend/max", 2);
        for (int i = 1; i <= 4; i++) {
            publisher.publishAcknowledged("resend/max", String.valueOf(i));
        }
        publisher.publish("resend/max", "5", 2, 5);
        publisher.await(PUBREC);
        first.lines(5);
        first.acknowledge(PUBREC, 5, 0);
        first.await(PUBREL);
        drop(first, "resend-max");

        TestClient second = resume(resuming("resend-max").receiveMaximum(2), true);
        assertThat(second.await(PUBREL).id()).isEqualTo(5); // not held up by the messages before it [MQTT-3.3.4-10]
        assertThat(second.message().line()).isEqualTo("resend/max=1 q1 #1 dup");
        second.expectNothing(); // [MQTT-3.3.4-9]
        second.puback(1);
        assertThat(second.message().line()).isEqualTo("resend/max=2 q1 #2 dup");
        second.puback(4); // as of the last connection, before it is sent again
        second.acknowledge(PUBCOMP, 5, 0);
        assertThat(second.message().line()).isEqualTo("resend/max=3 q1 #3 dup");
        second.puback(2);
        second.puback(3);
        publisher.publishAcknowledged("resend/max", "6");
        assertThat(second.message().line()).isEqualTo("resend/max=6 q1 #6");
        assertThat(session("resend-max").orElseThrow().queue().inFlight()).isEqualTo(1);
    }

    @Test
    @Statement(v5 = "MQTT-4.3.3-10")
    void remembersWhatItReceivedAndDidNotRelease() {
        TestClient subscriber = connect(TestClient.v5("unreleased-in"));
        subscriber.subscribe("unreleased", 0);
        TestClient first = resume(resuming("unreleased"), false);
        first.publish("unreleased", "x", 2, 7);
        first.await(PUBREC);
        subscriber.message();
        drop(first, "unreleased");
        TestClient second = resume(resuming("unreleased"), true);
        second.publish("unreleased", "x", 2, 7, false, true, MqttProperties.NO_PROPERTIES);
        second.await(PUBREC);
        second.acknowledge(PUBREL, 7, 0);
        assertThat(second.await(PUBCOMP).code()).isZero();
        second.publish("unreleased", "marker", 0, 0);
        assertThat(subscriber.message().payload()).isEqualTo("marker"); // [MQTT-4.3.3-10]
    }

    @Test
    @Statement(v311 = {"MQTT-3.1.2-4", "MQTT-3.2.2-2", "MQTT-3.2.2-3", "MQTT-4.1.0-1", "MQTT-4.5.0-1"})
    void collectsForWhoIsAwayAndLosesNothingInOrder() {
        TestClient first = resume(TestClient.v311("away").resuming(), false);
        first.subscribe("away", 1);
        first.disconnect();
        TestClient publisher = connect(TestClient.v5("away-out"));
        for (int i = 0; i < 3000; i++) {
            publisher.publishAcknowledged("away", String.valueOf(i));
        }
        publisher.publish("away", "lost", 0, 0);
        publisher.expectNothing();
        TestClient second = resume(TestClient.v311("away").resuming(), true);
        for (int i = 0; i < 3000; i++) {
            TestClient.Packet message = second.message();
            assertThat(message.payload()).isEqualTo(String.valueOf(i));
            assertThat(message.dup()).isFalse();
            second.puback(message.id());
        }
        second.expectNothing();
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-4", "MQTT-3.1.4-4", "MQTT-3.2.2-2"})
    void startsCleanWhenAsked() {
        TestClient first = resume(resuming("clean"), false);
        first.subscribe("clean", 1);
        drop(first, "clean");
        TestClient publisher = connect(TestClient.v5("clean-out"));
        publisher.publishAcknowledged("clean", "old");
        TestClient second = resume(TestClient.v5("clean").lasting(1000), false); // [MQTT-3.1.2-4]
        publisher.publishAcknowledged("clean", "new");
        second.expectNothing();
        assertThat(session("clean").orElseThrow().subscriptions()).isZero();
    }

    @Test
    @Statement(v5 = "MQTT-4.1.0-2", v311 = "MQTT-3.1.2-6")
    void endsASessionThatIsNotToLast() {
        TestClient five = connect(TestClient.v5("ends5"));
        five.subscribe("ends", 1);
        five.disconnect();
        eventually("ended", () -> session("ends5").isEmpty()); // [MQTT-4.1.0-2]
        TestClient three = connect(TestClient.v311("ends3"));
        three.subscribe("ends", 1);
        three.close();
        eventually("ended", () -> session("ends3").isEmpty());
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-6", "MQTT-3.1.2-23", "MQTT-4.1.0-2"})
    void endsASessionWhenItsTimeIsUp() {
        TestClient client = resume(TestClient.v5("expires").resuming().lasting(1), false);
        client.subscribe("expires", 1);
        drop(client, "expires");
        assertThat(session("expires")).isPresent(); // [MQTT-3.1.2-23]
        eventually("expired", () -> session("expires").isEmpty());
        resume(resuming("expires"), false);
    }

    @Test
    @Statement(v5 = "MQTT-4.1.0-1")
    void staysWhenItsOwnerIsBackInTime() {
        TestClient client = resume(TestClient.v5("in-time").resuming().lasting(1), false);
        drop(client, "in-time");
        TestClient back = resume(TestClient.v5("in-time").resuming().lasting(1), true);
        long until = System.nanoTime() + 1_300_000_000L;
        eventually("more than its expiry interval", () -> System.nanoTime() - until > 0);
        back.expectNothing(); // [MQTT-4.1.0-1]
        assertThat(session("in-time").orElseThrow().connected()).isTrue();
    }

    @Test
    void takesALastingExpiryOfAHundredYears() {
        TestClient client = resume(TestClient.v5("century").resuming().lasting(0xFFFF_FFFEL), false);
        drop(client, "century");
        resume(TestClient.v5("century").resuming().lasting(0xFFFF_FFFFL), true);
    }

    @Test
    @Statement(v5 = "MQTT-4.1.0-2")
    void changesTheExpiryOnDisconnect() {
        TestClient client = resume(resuming("shortened"), false);
        MqttProperties none = new MqttProperties();
        none.add(new MqttProperties.IntegerProperty(MqttProperties.SESSION_EXPIRY_INTERVAL, 0));
        client.disconnect(0, none);
        client.awaitClosed();
        eventually("ended", () -> session("shortened").isEmpty());
    }

    @Test
    void doesNotMakeASessionLastOnDisconnect() {
        TestClient client = connect(TestClient.v5("prolonged"));
        MqttProperties lasting = new MqttProperties();
        lasting.add(new MqttProperties.IntegerProperty(MqttProperties.SESSION_EXPIRY_INTERVAL, 10));
        client.disconnect(0, lasting);
        assertThat(client.await(DISCONNECT).code()).isEqualTo(0x82); // section 3.14.2.2.2
        client.awaitClosed();
    }

    @Test
    void endsTheSessionOfAClientThatIsSentAwayWhenItIsDue() {
        TestClient brief = connect(TestClient.v5("away-brief"));
        TestClient lasting = resume(resuming("away-lasting"), false);
        TestClient second = resume(TestClient.v5("away-second").resuming().lasting(1), false);

        for (String clientId : List.of("away-brief", "away-lasting", "away-second")) {
            assertThat(broker.broker().disconnect(clientId, ReasonCode.ADMINISTRATIVE_ACTION))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo(true);
        }

        for (TestClient client : List.of(brief, lasting, second)) {
            assertThat(client.await(DISCONNECT).code()).isEqualTo(0x98);
        }
        eventually("ended at once", () -> session("away-brief").isEmpty());
        eventually("ended in time", () -> session("away-second").isEmpty());
        assertThat(session("away-lasting")).isPresent();
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-4", "MQTT-3.1.2-5", "MQTT-3.1.4-3"})
    void sendsTheFormerClientAway() {
        TestClient first = resume(resuming("taken"), false);
        first.subscribe("taken", 1);
        TestClient second = resume(resuming("taken"), true);
        assertThat(first.await(DISCONNECT).code()).isEqualTo(0x8E); // [MQTT-3.1.4-3]
        first.awaitClosed();
        connect(TestClient.v5("taken-out")).publishAcknowledged("taken", "x");
        assertThat(second.message().payload()).isEqualTo("x");
        TestClient third = resume(TestClient.v5("taken"), false);
        assertThat(second.await(DISCONNECT).code()).isEqualTo(0x8E);
        third.expectNothing();
    }

    /** By 5.0 it ends with the connection; by 3.1.1 nothing of it may be used again [MQTT-3.1.2-6]. */
    @Test
    void isNotTakenOverWhenItIsNotToOutliveItsConnection() {
        for (MqttVersion version : List.of(MqttVersion.MQTT_5, MqttVersion.MQTT_3_1_1)) {
            String clientId = "brief-" + version;
            TestClient first = resume(TestClient.of(version, clientId), false);
            first.subscribe("brief", 1);
            TestClient second = resume(resuming(clientId), false);
            first.awaitClosed();
            connect(TestClient.v5("brief-out")).publishAcknowledged("brief", "x");
            second.expectNothing();
        }
    }

    @Test
    @Statement(v5 = {"MQTT-4.4.0-1", "MQTT-4.5.0-1", "MQTT-4.6.0-5"})
    @Cve("CVE-2025-59946")
    void losesNothingWhenItIsTakenOverAgainAndAgainUnderLoad() throws InterruptedException {
        int count = 4000;
        TestClient publisher = connect(TestClient.v5("storm-out"));
        List<Integer> got = new ArrayList<>();
        TestClient subscriber = resume(resuming("storm").receiveMaximum(20), false);
        subscriber.subscribe("storm", 1);
        AtomicBoolean failed = new AtomicBoolean();
        Thread publishing = new Thread(() -> {
            try {
                for (int i = 0; i < count; i++) {
                    publisher.publishAcknowledged("storm", String.valueOf(i));
                }
            } catch (AssertionError e) {
                failed.set(true);
            }
        });
        publishing.start();
        int takeOvers = 0;
        while (got.isEmpty() || got.get(got.size() - 1) < count - 1) {
            TestClient.Packet packet = subscriber.next();
            if (packet.type() == MqttMessageType.PUBLISH) {
                int number = Integer.parseInt(packet.payload());
                if (got.isEmpty() || number != got.get(got.size() - 1)) {
                    got.add(number);
                }
                subscriber.puback(packet.id());
            }
            if (got.size() % 50 == 0 && takeOvers < got.size() / 50) {
                takeOvers++; // every other one on another event loop
                subscriber = resume(resuming("storm").receiveMaximum(20), true);
            }
        }
        publishing.join();
        assertThat(failed).isFalse();
        assertThat(takeOvers).isGreaterThan(20);
        // Sent again: an earlier number may come again after a take-over, but each first time is in order and none is
        // missing.
        List<Integer> firstTimes = got.stream().distinct().toList();
        assertThat(firstTimes).hasSize(count).isSorted();
    }

    @Test
    @Cve({"CVE-2025-59946", "CVE-2026-22040"})
    void attachesOneOfManyWhoWantTheSameSessionAtOnce() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        AtomicBoolean failed = new AtomicBoolean();
        for (int t = 0; t < 4; t++) {
            boolean clean = t % 2 == 0;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 60; i++) {
                    Connect connect = TestClient.v5("wanted").lasting(1000);
                    connect.clean = clean;
                    try (TestClient client = TestClient.sending(broker.port(), connect)) {
                        if (client.await(CONNACK).code() != 0) {
                            failed.set(true);
                        }
                    } catch (AssertionError e) {
                        failed.set(true);
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failed).isFalse();
        TestClient last = connect(TestClient.v5("wanted"));
        last.subscribe("wanted", 0);
        last.publish("wanted", "x", 0, 0);
        assertThat(last.message().payload()).isEqualTo("x");
        eventually(
                "one connection is left",
                () -> broker.broker().sessions().stream()
                                .filter(each -> each.clientId().equals("wanted") && each.connected())
                                .count()
                        == 1);
        last.disconnect();
        eventually("nothing is left", () -> session("wanted").isEmpty());
    }
}
