/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.QueueInfo;
import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubscriptionTest extends BrokerTestBase {

    // ---------------------------------------------------------------- retained

    @Test
    @Statement(v5 = {"MQTT-3.3.1-5", "MQTT-3.3.1-8", "MQTT-3.3.1-9", "MQTT-3.3.1-12"})
    void sendsWhatIsRetainedToNewSubscriptionsOnly() {
        TestClient publisher = connect(TestClient.v5("retain-out"));
        TestClient early = connect(TestClient.v5("retain-early"));
        early.subscribe("retain/#", 1);
        publisher.retain("retain/a", "1");
        assertThat(early.message().line()).isEqualTo("retain/a=1 q1 #1"); // no RETAIN flag [MQTT-3.3.1-12]
        TestClient late = connect(TestClient.v5("retain-late"));
        late.subscribe("retain/#", 0);
        assertThat(late.message().line()).isEqualTo("retain/a=1 q0 retain"); // [MQTT-3.3.1-9]
        publisher.publishAcknowledged("retain/a", "2"); // RETAIN 0 leaves it as it is [MQTT-3.3.1-8]
        assertThat(late.message().line()).isEqualTo("retain/a=2 q0");
        late.subscribe("retain/+", 0);
        assertThat(late.message().line()).isEqualTo("retain/a=1 q0 retain");
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.1-6", "MQTT-3.3.1-7"})
    void deletesWhatIsRetainedByAnEmptyMessage() {
        TestClient publisher = connect(TestClient.v5("delete-out"));
        publisher.retain("delete/a", "1");
        TestClient subscriber = connect(TestClient.v5("delete-in"));
        subscriber.subscribe("delete/a", 0);
        assertThat(subscriber.message().retain()).isTrue();
        publisher.retain("delete/a", "");
        assertThat(subscriber.message().line()).isEqualTo("delete/a= q0"); // processed normally [MQTT-3.3.1-6]
        subscriber.subscribe("delete/a", 0);
        subscriber.expectNothing(); // [MQTT-3.3.1-7]
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.1-9", "MQTT-3.3.1-10", "MQTT-3.3.1-11", "MQTT-3.8.4-4"})
    void handlesRetainedAsTheSubscriptionAsks() {
        connect(TestClient.v5("handling-out")).retain("handling", "1");
        TestClient subscriber = connect(TestClient.v5("handling-in"));
        subscriber.subscribe("handling", 0, false, false, 2, 0);
        subscriber.expectNothing(); // [MQTT-3.3.1-11]
        subscriber.subscribe("handling", 0, false, false, 1, 0);
        subscriber.expectNothing(); // it did exist [MQTT-3.3.1-10]
        subscriber.unsubscribe("handling");
        subscriber.subscribe("handling", 0, false, false, 1, 0);
        assertThat(subscriber.message().line()).isEqualTo("handling=1 q0 retain");
        subscriber.subscribe("handling", 0, false, false, 0, 0);
        assertThat(subscriber.message().retain()).isTrue(); // [MQTT-3.8.4-4]
    }

    @Test
    @Statement(v5 = "MQTT-3.3.1-13")
    void keepsTheRetainFlagWhereAsked() {
        TestClient subscriber = connect(TestClient.v5("as-published"));
        subscriber.subscribe("as/published", 0, false, true, 0, 0);
        TestClient publisher = connect(TestClient.v5("as-published-out"));
        publisher.retain("as/published", "1");
        assertThat(subscriber.message().retain()).isTrue(); // [MQTT-3.3.1-13]
        publisher.publishAcknowledged("as/published", "2");
        assertThat(subscriber.message().retain()).isFalse();
    }

    // ---------------------------------------------------------------- overlapping, No Local

    @Test
    @Statement(v5 = {"MQTT-3.3.4-2", "MQTT-3.3.4-3", "MQTT-3.3.4-4"})
    void sendsOneCopyForOverlappingSubscriptions() {
        TestClient subscriber = connect(TestClient.v5("overlap"));
        subscriber.subscribe("overlap/#", 0, false, false, 0, 11);
        subscriber.subscribe("overlap/+", 1, false, false, 0, 12);
        subscriber.subscribe("overlap/a", 0);
        connect(TestClient.v5("overlap-out")).publishAcknowledged("overlap/a", "x");
        Packet copy = subscriber.message();
        assertThat(copy.qos()).isEqualTo(1); // [MQTT-3.3.4-2]
        assertThat(copy.properties(MqttProperties.SUBSCRIPTION_IDENTIFIER))
                .containsExactlyInAnyOrder(11, 12); // [MQTT-3.3.4-4]
        subscriber.expectNothing();
    }

    @Test
    @Statement(v5 = "MQTT-3.8.4-3")
    void replacesASubscriptionOfTheSameFilter() {
        TestClient subscriber = connect(TestClient.v5("replace"));
        subscriber.subscribe("replace", 2, false, false, 0, 11);
        subscriber.subscribe("replace", 0, false, false, 0, 0);
        subscriber.publish("replace", "x", 0, 0);
        assertThat(subscriber.message().properties(MqttProperties.SUBSCRIPTION_IDENTIFIER))
                .isEmpty(); // [MQTT-3.8.4-3]
        subscriber.expectNothing();
        assertThat(session("replace").orElseThrow().subscriptions()).isEqualTo(1);
    }

    @Test
    @Statement(v5 = "MQTT-3.8.3-3")
    void leavesOutOwnMessagesOnlyWhereAsked() {
        TestClient client = connect(TestClient.v5("no-local"));
        client.subscribe("local/a", 1, true, false, 0, 0);
        client.publish("local/a", "own", 1, 1);
        assertThat(client.next().code()).isEqualTo(0x10); // nobody else [MQTT-3.8.3-3]
        TestClient other = connect(TestClient.v5("no-local-2"));
        other.publish("local/a", "others", 0, 0);
        assertThat(client.message().payload()).isEqualTo("others");
        client.subscribe("local/+", 0, false, false, 0, 5);
        client.publish("local/a", "own", 0, 0);
        Packet own = client.message();
        assertThat(own.properties(MqttProperties.SUBSCRIPTION_IDENTIFIER)).containsExactly(5);
        client.expectNothing();
    }

    @Test
    @Statement(
            v5 = {
                "MQTT-3.10.4-1",
                "MQTT-3.10.4-2",
                "MQTT-3.10.4-6",
                "MQTT-3.11.3-1",
                "MQTT-3.11.3-2",
                "MQTT-4.7.1-1",
                "MQTT-4.8.2-1"
            },
            v311 = "MQTT-4.7.1-2")
    void answersEachFilterOnItsOwn() {
        TestClient client = connect(TestClient.v5("filters"));
        assertThat(client.subscribe("bad#", 1).codes()).containsExactly(0x8F); // [MQTT-4.7.1-1]
        assertThat(client.subscribe("$share//x", 1).codes()).containsExactly(0x8F); // [MQTT-4.8.2-1]
        assertThat(client.subscribe("a" + "/".repeat(200), 1).codes()).containsExactly(0x8F);
        assertThat(client.subscribe("good", 2).codes()).containsExactly(2);
        assertThat(client.unsubscribe("good", "good", "never").codes())
                .containsExactly(0, 0x11, 0x11); // [MQTT-3.11.3-1]
        client.publish("good", "x", 0, 0);
        client.expectNothing(); // [MQTT-3.10.4-2]
        assertThat(connect(TestClient.v311("filters3")).subscribe("bad#", 1).codes())
                .containsExactly(0x80);
    }

    // ---------------------------------------------------------------- shared

    @Test
    void servesTheMembersOfAGroupInTurn() {
        TestClient a = connect(TestClient.v5("turn-a"));
        TestClient b = connect(TestClient.v5("turn-b"));
        TestClient plain = connect(TestClient.v5("turn-plain"));
        a.subscribe("$share/g/turn/#", 1);
        b.subscribe("$share/g/turn/#", 1);
        plain.subscribe("turn/#", 0);
        TestClient publisher = connect(TestClient.v5("turn-out"));
        for (int i = 0; i < 10; i++) {
            publisher.publishAcknowledged("turn/x", String.valueOf(i));
        }
        assertThat(plain.lines(10)).hasSize(10);
        assertThat(a.lines(5)).hasSize(5);
        assertThat(b.lines(5)).hasSize(5);
        a.expectNothing();
        b.expectNothing();
    }

    @Test
    void preferMembersThatAreThere() {
        TestClient away = connect(TestClient.v5("share-away").lasting(1000));
        TestClient here = connect(TestClient.v5("share-here").lasting(1000));
        away.subscribe("$share/g/share", 1);
        here.subscribe("$share/g/share", 1);
        drop(away, "share-away");
        TestClient publisher = connect(TestClient.v5("share-out"));
        for (int i = 0; i < 4; i++) {
            publisher.publishAcknowledged("share", String.valueOf(i));
        }
        assertThat(here.lines(4)).hasSize(4);
        drop(here, "share-here");
        publisher.publish("share", "later", 1, 1);
        assertThat(publisher.answer(MqttMessageType.PUBACK).code()).isZero();
        eventually( // one of them gets it when it is back [MQTT-4.8.2-4]
                "it waits",
                () -> session("share-away").orElseThrow().queue().queued()
                                + session("share-here").orElseThrow().queue().queued()
                        == 1);
    }

    @Test
    void doesNotSendRetainedMessagesToAGroup() {
        connect(TestClient.v5("share-retain-out")).retain("share/retain", "1");
        TestClient member = connect(TestClient.v5("share-retain"));
        member.subscribe("$share/g/share/retain", 0);
        member.expectNothing(); // section 4.8.2
    }

    // ---------------------------------------------------------------- limits

    private static List<String> backlog(String policy) {
        try (TestBroker limited = new TestBroker(Map.of("queue.messages", 3, "queue.policy", policy), Map.of());
                TestClient subscriber = TestClient.connected(
                        limited.port(), TestClient.v5("limited").lasting(1000));
                TestClient publisher = TestClient.connected(limited.port(), TestClient.v5("limited-out"))) {
            subscriber.subscribe("limit", 1);
            subscriber.vanish();
            eventually("away", () -> limited.broker().info().connected() == 1);
            for (int i = 1; i <= 5; i++) {
                publisher.publishAcknowledged("limit", String.valueOf(i));
            }
            eventually(
                    "two are dropped", () -> limited.broker().info().dropped().get("queue-full") == 2);
            try (TestClient back = TestClient.connected(
                    limited.port(), TestClient.v5("limited").resuming().lasting(1000))) {
                List<String> payloads = back.lines(3);
                back.expectNothing();
                return payloads;
            }
        }
    }

    @Test
    void dropsTheNewestWhereAQueueIsFull() {
        assertThat(backlog("drop-newest")).containsExactly("limit=1 q1 #1", "limit=2 q1 #2", "limit=3 q1 #3");
    }

    @Test
    void dropsTheOldestWhereAskedTo() {
        assertThat(backlog("drop-oldest")).containsExactly("limit=3 q1 #1", "limit=4 q1 #2", "limit=5 q1 #3");
    }

    @Test
    void boundsAQueueInBytesWithItsProperties() {
        try (TestBroker limited = new TestBroker(Map.of("queue.bytes", "16KiB"), Map.of());
                TestClient subscriber = TestClient.connected(
                        limited.port(), TestClient.v5("bytes").lasting(1000));
                TestClient publisher = TestClient.connected(limited.port(), TestClient.v5("bytes-out"))) {
            subscriber.subscribe("bytes", 1);
            subscriber.vanish();
            eventually("away", () -> limited.broker().info().connected() == 1);
            MqttProperties heavy = new MqttProperties();
            heavy.add(new MqttProperties.UserProperty("k", "v".repeat(2000)));
            for (int i = 1; i <= 20; i++) {
                publisher.publish("bytes", "", 1, i, false, false, heavy);
                publisher.answer(MqttMessageType.PUBACK);
            }
            eventually("all have come", () -> {
                QueueInfo queue = limited.broker().sessions().get(0).queue();
                return queue.queued() + queue.dropped() == 20;
            });
            assertThat(limited.broker().sessions().get(0).queue().queuedBytes()).isBetween(1L, 16L * 1024);
            assertThat(limited.broker().sessions().get(0).queue().queued()).isBetween(1, 8);
        }
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.2-5", "MQTT-3.3.2-6"})
    void dropsWhatHasExpiredAndCountsDownTheRest() {
        TestClient subscriber = connect(TestClient.v5("expiry").lasting(1000));
        subscriber.subscribe("expiry", 1);
        drop(subscriber, "expiry");
        TestClient publisher = connect(TestClient.v5("expiry-out"));
        for (int seconds : new int[] {1, 100}) {
            MqttProperties properties = new MqttProperties();
            properties.add(new MqttProperties.IntegerProperty(MqttProperties.PUBLICATION_EXPIRY_INTERVAL, seconds));
            publisher.publish("expiry", String.valueOf(seconds), 1, 1, false, false, properties);
            publisher.answer(MqttMessageType.PUBACK);
        }
        long until = System.nanoTime() + 1_100_000_000L;
        eventually("a second later", () -> System.nanoTime() - until > 0);
        TestClient back = connect(TestClient.v5("expiry").resuming().lasting(1000));
        Packet left = back.message();
        assertThat(left.payload()).isEqualTo("100"); // [MQTT-3.3.2-5]
        assertThat((Integer) left.property(MqttProperties.PUBLICATION_EXPIRY_INTERVAL))
                .isBetween(90, 99); // [MQTT-3.3.2-6]
        back.expectNothing();
    }
}
