/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.broker.BrokerTestBase.eventually;
import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREL;
import static io.netty.handler.codec.mqtt.MqttMessageType.SUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.SessionOptions.Overlap;
import io.bascule.api.Subscription;
import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Cve;
import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.store.StoreSettings;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker with a store: what it acknowledges is on disk, and is there when it is started again. */
class DurableTest extends StoredBrokerTestBase {

    private void restart(long heapBytes, long pendingBytes) {
        restart(() -> new StoredBroker(folder, heapBytes, pendingBytes));
    }

    private Optional<String> told(String name) {
        return broker.broker().retained(TopicFilter.of("$SYS/broker/store/" + name), 1).stream()
                .map(Message::text)
                .findFirst();
    }

    // ---------------------------------------------------------------- acknowledged when it is safe

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void acknowledgesWhatIsOnDisk(int qos) {
        leave("in", 2);
        TestClient publisher = connect(lasting("out"));
        broker.disk().hold();
        for (int id = 1; id <= 3; id++) {
            publisher.publish("in", "x", qos, id);
        }
        publisher.expectNothing();
        broker.disk().release();
        for (int id = 1; id <= 3; id++) {
            Packet answer = publisher.next();
            assertThat(answer.type()).isEqualTo(qos == 1 ? PUBACK : PUBREC);
            assertThat(answer.id()).isEqualTo(id);
        }
    }

    @Test
    void completesWhatIsReleasedOnDisk() {
        leave("in", 2);
        TestClient publisher = connect(lasting("out"));
        publisher.publish("in", "x", 2, 1);
        publisher.await(PUBREC);
        broker.disk().hold();
        publisher.acknowledge(PUBREL, 1, 0);
        publisher.expectNothing();
        broker.disk().release();
        assertThat(publisher.next().type()).isEqualTo(PUBCOMP);
    }

    @Test
    void grantsASubscriptionThatIsOnDisk() {
        connect(TestClient.v5("retains")).retain("retained", "x");
        TestClient client = connect(lasting("subscribes"));
        broker.disk().hold();
        client.sendSubscribe("retained", 1, false, false, 0, 0);
        client.expectNothing();
        broker.disk().release();
        assertThat(client.next().type()).isEqualTo(SUBACK);
        assertThat(client.message().payload()).isEqualTo("x");
    }

    @Test
    void beginsAnewWhenItIsOnDiskThatTheOldSessionIsOver() {
        leave("again", 1);
        TestClient other = connect(TestClient.v5("other"));
        broker.disk().hold();
        try (TestClient again =
                TestClient.sending(broker.port(), TestClient.v5("again").lasting(1000))) {
            eventually("ended", () -> broker.broker().session("again").isEmpty());
            other.expectNothing(); // whatever was to be sent without waiting is sent
            assertThat(again.isSilent()).isTrue();
            broker.disk().release();
            assertThat(again.await(CONNACK).sessionPresent()).isFalse();
        }
    }

    @Test
    void doesNotWaitForTheDiskWhereNothingIsKept() {
        TestClient temporary = connect(TestClient.v5("temporary"));
        temporary.subscribe("temporary", 2);
        TestClient publisher = connect(TestClient.v5("publisher"));
        broker.disk().hold();
        publisher.publishAcknowledged("temporary", "x");
        publisher.publish("temporary", "y", 2, 2);
        assertThat(publisher.next().type()).isEqualTo(PUBREC);
        assertThat(temporary.lines(2)).containsExactly("temporary=x q1 #1", "temporary=y q2 #2");
    }

    @Test
    void keepsTheOrderOfAcknowledgementsWhereSomeNeedNotWait() {
        leave("kept", 1);
        connect(TestClient.v5("temporary")).subscribe("temporary", 1);
        TestClient publisher = connect(TestClient.v5("publisher"));
        broker.disk().hold();
        publisher.publish("kept", "x", 1, 1);
        publisher.publish("temporary", "y", 1, 2); // [MQTT-4.6.0-2]
        publisher.expectNothing();
        broker.disk().release();
        assertThat(publisher.next().id()).isEqualTo(1);
        assertThat(publisher.next().id()).isEqualTo(2);
    }

    @Test
    @Statement(v5 = "MQTT-4.3.3-2")
    void sendsWithQos2WhenItIsOnDiskUnderWhichIdentifier() {
        TestClient subscriber = connect(lasting("in"));
        subscriber.subscribe("in", 2);
        TestClient publisher = connect(TestClient.v5("out"));
        broker.disk().hold();
        publisher.publish("in", "1", 2, 1);
        publisher.publish("in", "2", 1, 2);
        publisher.publish("in", "3", 0, 0);
        publisher.expectNothing();
        subscriber.expectNothing();
        broker.disk().release();
        assertThat(subscriber.lines(3)).containsExactly("in=1 q2 #1", "in=2 q1 #2", "in=3 q0");
    }

    @Test
    @Statement(v5 = "MQTT-4.3.3-6")
    void releasesWhenItIsOnDiskThatTheReceiverHasIt() {
        TestClient subscriber = connect(lasting("in"));
        subscriber.subscribe("in", 2);
        connect(TestClient.v5("out")).publish("in", "1", 2, 1);
        int id = subscriber.message().id();
        broker.disk().hold();
        subscriber.acknowledge(PUBREC, id, 0);
        subscriber.expectNothing();
        broker.disk().release();
        assertThat(subscriber.next().type()).isEqualTo(PUBREL);
    }

    // ---------------------------------------------------------------- there after a restart

    @Test
    void keepsSubscriptionsAndWhatWaits() {
        leave("in", 2);
        TestClient publisher = connect(lasting("out"));
        for (int i = 1; i <= 100; i++) {
            publisher.publish("in", String.valueOf(i), 1 + i % 2, i);
            publisher.next();
        }
        restart();
        TestClient again = resume(lasting("in"));
        for (int i = 1; i <= 100; i++) {
            assertThat(again.message().line()).isEqualTo("in=" + i + " q" + (1 + i % 2) + " #" + i);
        }
        connect(TestClient.v5("later")).publish("in", "later", 0, 0);
        assertThat(again.message().payload()).isEqualTo("later");
    }

    @Test
    @Statement(v5 = {"MQTT-4.4.0-1", "MQTT-4.3.3-6"})
    void resendsUnderTheSameIdentifiers() {
        TestClient subscriber = connect(lasting("in").receiveMaximum(10));
        subscriber.subscribe("in", 2);
        TestClient publisher = connect(lasting("out"));
        for (int i = 1; i <= 5; i++) {
            publisher.publish("in", String.valueOf(i), 1 + i % 2, i);
            publisher.next();
        }
        assertThat(subscriber.lines(5)).hasSize(5);
        subscriber.puback(2);
        subscriber.acknowledge(PUBREC, 3, 0);
        assertThat(subscriber.await(PUBREL).id()).isEqualTo(3);
        restart();
        TestClient again = resume(lasting("in").receiveMaximum(10));
        assertThat(again.message().line()).isEqualTo("in=1 q2 #1 dup");
        assertThat(again.await(PUBREL).id()).isEqualTo(3);
        assertThat(again.lines(2)).containsExactly("in=4 q1 #4 dup", "in=5 q2 #5 dup");
        again.acknowledge(PUBCOMP, 3, 0);
        again.acknowledge(PUBREC, 1, 0);
        assertThat(again.await(PUBREL).id()).isEqualTo(1);
        again.acknowledge(PUBCOMP, 1, 0);
        again.puback(4);
        connect(TestClient.v5("later")).publishAcknowledged("in", "later");
        assertThat(again.message().line()).isEqualTo("in=later q1 #6");
    }

    @Test
    @Statement(v5 = "MQTT-4.3.3-10")
    @Cve("CVE-2026-8741")
    void knowsWhatHasComeWithQos2() {
        leave("in", 2);
        TestClient publisher = connect(lasting("out"));
        publisher.publish("in", "once", 2, 7);
        publisher.await(PUBREC);
        publisher.publish("nobody", "once", 2, 8);
        publisher.await(PUBREC);
        restart();
        TestClient later = connect(TestClient.v5("later"));
        later.subscribe("nobody", 2);
        TestClient again = resume(lasting("out"));
        again.publish("in", "once", 2, 7, false, true, MqttProperties.NO_PROPERTIES);
        assertThat(again.next().id()).isEqualTo(7);
        again.publish("nobody", "once", 2, 8, false, true, MqttProperties.NO_PROPERTIES);
        assertThat(again.next().id()).isEqualTo(8);
        later.expectNothing();
        again.acknowledge(PUBREL, 7, 0);
        again.await(PUBCOMP);
        again.publish("in", "next", 2, 7);
        again.await(PUBREC);
        assertThat(resume(lasting("in")).lines(2)).containsExactly("in=once q2 #1", "in=next q2 #2");
    }

    @Test
    void keepsRetainedMessages() {
        TestClient client = connect(TestClient.v5("retains"));
        client.retain("retained/a", "a");
        client.retain("retained/b", "b");
        client.retain("retained/b", "");
        client.publish("retained/c", "c", 0, 0, true, false, MqttProperties.NO_PROPERTIES);
        client.retain("retained/d", "d");
        assertThat(get(broker.broker().deleteRetained(TopicFilter.of("retained/d"))))
                .isEqualTo(1);
        restart();
        TestClient reader = connect(TestClient.v5("reads"));
        reader.subscribe("retained/+", 1);
        assertThat(reader.lines(2)).containsExactlyInAnyOrder("retained/a=a q1 #1 retain", "retained/c=c q0 retain");
        reader.expectNothing();
    }

    @Test
    void forgetsRetainedMessagesThatExpire() {
        long before = broker.store().keptBytes();
        Message message = Message.of("retained", "x".repeat(1000)).withRetain(true);
        get(broker.broker().publish(message.expiringIn(Duration.ofSeconds(1))));
        assertThat(broker.store().keptBytes()).isGreaterThan(before + 1000);
        eventually("forgotten", () -> broker.store().keptBytes() == before);
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-8")
    void publishesTheWillOfWhomTheBrokerLeft() {
        TestClient mourner = connect(lasting("mourner"));
        mourner.subscribe("will/#", 1);
        connect(TestClient.v5("short").will("will/short", "gone", 1, false));
        connect(lasting("long").will("will/long", "gone", 1, false).willDelay(1000));
        connect(TestClient.v5("said").will("will/said", "gone", 1, false)).disconnect();
        eventually("gone", () -> broker.broker().session("said").isEmpty());
        restart();
        TestClient again = resume(lasting("mourner"));
        assertThat(again.message().line()).startsWith("will/short=gone");
        again.expectNothing(); // the other one has its time
        assertThat(broker.broker().session("short")).isEmpty();
        assertThat(broker.broker().session("long")).isPresent();
    }

    @Test
    void endsWhatHasEnded() {
        leave("ended", 1);
        connect(TestClient.v5("out")).publishAcknowledged("ended", "x");
        connect(TestClient.v5("ended")).disconnect(); // with Clean Start
        eventually("gone", () -> broker.broker().session("ended").isEmpty());
        restart();
        assertThat(broker.broker().session("ended")).isEmpty();
        assertThat(broker.broker().subscriptions()).isEmpty();
    }

    @Test
    void keepsEachCopyOfASessionThatGetsSeveral() {
        SessionOptions options = SessionOptions.lasting("copies").withOverlap(Overlap.COPY_PER_SUBSCRIPTION);
        Session session = get(broker.broker().open(options, delivery -> {}));
        session.ready(false);
        get(session.subscribe(List.of(
                new Subscription(TopicFilter.of("copies/#"), QoS.AT_LEAST_ONCE, false, false, NOT_RETAINED, 1),
                new Subscription(TopicFilter.of("copies/+"), QoS.EXACTLY_ONCE, false, false, NOT_RETAINED, 2),
                new Subscription(TopicFilter.of("copies/a"), QoS.AT_MOST_ONCE, false, false, NOT_RETAINED, 3))));
        Message message =
                Message.of(Topic.of("copies/a"), "x".getBytes(StandardCharsets.UTF_8), QoS.EXACTLY_ONCE, false);
        assertThat(get(broker.broker().publish(message))).isEqualTo(ReasonCode.SUCCESS);
        restart();
        List<String> got = new CopyOnWriteArrayList<>();
        get(broker.broker()
                .open(options, delivery -> got.add(delivery.qos() + " " + delivery.subscriptionIdentifiers()[0])));
        eventually("both", () -> got.size() == 2);
        assertThat(got).containsExactlyInAnyOrder("AT_LEAST_ONCE 1", "EXACTLY_ONCE 2");
    }

    private static final Subscription.RetainHandling NOT_RETAINED = Subscription.RetainHandling.DO_NOT_SEND;

    @Test
    void keepsTheSessionThatBeginsWhereOneHasEndedWithItsConnection() {
        connect(TestClient.v5("becomes").resuming()).subscribe("becomes", 2);
        TestClient second = connect(lasting("becomes")); // takes over, and lasts
        second.subscribe("becomes", 2);
        connect(TestClient.v5("out")).publish("becomes", "1", 2, 1);
        assertThat(second.message().line()).isEqualTo("becomes=1 q2 #1");
        restart();
        assertThat(resume(lasting("becomes")).message().line()).isEqualTo("becomes=1 q2 #1 dup");
    }

    // ---------------------------------------------------------------- what is not in memory

    @Test
    void readsBackWhatHasNoRoomInMemory() {
        leave("in", 1);
        restart(0, 1 << 20);
        TestClient publisher = connect(lasting("out"));
        for (int i = 1; i <= 2000; i++) {
            publisher.publish("in", String.valueOf(i), 1, i);
        }
        for (int i = 1; i <= 2000; i++) {
            assertThat(publisher.next().id()).isEqualTo(i);
        }
        assertThat(get(broker.broker().queued("in", 1500, 1)).get(0).message().text())
                .isEqualTo("1501");
        TestClient again = resume(lasting("in"));
        for (int i = 1; i <= 2000; i++) {
            Packet message = again.message();
            assertThat(message.payload()).isEqualTo(String.valueOf(i));
            again.puback(message.id());
        }
        eventually("all acknowledged", () -> {
            var queue = broker.broker().session("in").orElseThrow().queue();
            return queue.queued() == 0 && queue.inFlight() == 0;
        });
    }

    @Test
    void readsBackAtOnceForWhoIsThere() {
        restart(0, 1 << 20);
        List<TestClient> subscribers = new ArrayList<>();
        for (int i = 0; i < 4; i++) { // some on the publisher's event loop, some not
            TestClient subscriber = connect(lasting("in" + i));
            subscriber.subscribe("in", 2);
            subscribers.add(subscriber);
        }
        TestClient publisher = connect(TestClient.v5("out"));
        publisher.publishAcknowledged("in", "1");
        publisher.publishAcknowledged("in", "2");
        subscribers.forEach(each -> assertThat(each.lines(2)).containsExactly("in=1 q1 #1", "in=2 q1 #2"));
    }

    // ---------------------------------------------------------------- a disk that does not do

    @Test
    void servesWhatNeedsNoDiskWhileItRefuses() {
        leave("in", 1);
        TestClient publisher = connect(lasting("out"));
        broker.disk().refuse();
        publisher.publish("in", "x", 1, 1);
        publisher.expectNothing();
        TestClient temporary = connect(TestClient.v5("temporary"));
        temporary.subscribe("temporary", 1);
        TestClient other = connect(TestClient.v5("other"));
        other.publish("temporary", "0", 0, 0);
        other.publishAcknowledged("temporary", "1");
        assertThat(temporary.lines(2)).containsExactly("temporary=0 q0", "temporary=1 q1 #1");
        broker.disk().release();
        assertThat(publisher.next().type()).isEqualTo(PUBACK);
        assertThat(resume(lasting("in")).message().payload()).isEqualTo("x");
    }

    @Test
    void losesNothingOnASlowDiskAndTakesNoMoreThanMayWaitForIt() {
        leave("in", 1);
        restart(0, 256 * 1024);
        TestClient publisher = connect(lasting("out"));
        broker.disk().slow(Duration.ofMillis(500));
        String payload = "x".repeat(1000);
        int sent = 2000;
        Thread sending = new Thread(() -> {
            for (int id = 1; id <= sent; id++) {
                publisher.publish("in", id + payload, 1, id);
            }
        });
        sending.start();
        for (int id = 1; id <= sent; id++) {
            assertThat(publisher.next().id()).isEqualTo(id);
            assertThat(queued("in") - id).as("taken and not safe").isLessThan(1000);
        }

        restart(0, 256 * 1024);
        TestClient receiver = resume(lasting("in"));
        for (int i = 1; i <= sent; i++) {
            Packet message = receiver.message();
            assertThat(message.payload()).isEqualTo(i + payload);
            receiver.puback(message.id());
        }
        eventually("all is taken", () -> queued("in") == 0);
    }

    @Test
    void tellsThatTheDiskRefuses() {
        leave("in", 1);
        StoreSettings settings = new StoreSettings(StoredBroker.log(1 << 20), StoreSettings.HEAP_BYTES);
        restart(() -> new StoredBroker(folder, Map.of("sys.interval", "50ms"), settings));
        eventually("its size is told", () -> told("disk/bytes").isPresent());
        assertThat(told("failure")).isEmpty();
        broker.disk().refuse();
        connect(lasting("out")).publish("in", "x", 1, 1);
        eventually("the failure is told", () -> told("failure").equals(Optional.of("No space left on device")));
        assertThat(broker.broker().info().storeFailure()).contains("No space left on device");
        broker.disk().release();
        eventually("its end is told", () -> told("failure").isEmpty());
    }

    @Test
    void hasPublishersWaitWhileTheDiskDoes() {
        leave("in", 1);
        restart(1 << 20, 64 * 1024);
        TestClient publisher = connect(lasting("out"));
        TestClient other = connect(TestClient.v5("other"));
        broker.disk().hold();
        String payload = "x".repeat(1000);
        int sent = 5000;
        Thread sending = new Thread(() -> {
            for (int id = 1; id <= sent; id++) {
                publisher.publish("in", payload, 1, id);
            }
        });
        sending.start();
        eventually("some are taken", () -> queued("in") > 60);
        other.publish("elsewhere", "x", 0, 0);
        other.expectNothing(); // it is served
        assertThat(queued("in")).isLessThan(1000);
        broker.disk().release();
        for (int id = 1; id <= sent; id++) {
            assertThat(publisher.next().id()).isEqualTo(id);
        }
    }
}
