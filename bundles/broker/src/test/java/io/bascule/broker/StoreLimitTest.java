/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.broker.BrokerTestBase.eventually;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREL;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.LimitInfo;
import io.bascule.api.QueueLimits;
import io.bascule.api.QueueLimits.Overflow;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.store.StoreSettings;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What becomes of messages that the store has no room for. */
class StoreLimitTest extends StoredBrokerTestBase {
    private static final int MESSAGE_BYTES = 1_000;
    /** More than fit. */
    private static final int MANY = 200;

    private long limitBytes = 64 * 1024;

    @Override
    StoredBroker open() {
        StoreSettings settings = new StoreSettings(StoredBroker.log(1 << 20), StoreSettings.HEAP_BYTES, limitBytes);
        return new StoredBroker(folder, Map.of(), settings);
    }

    private static String payload(int number) {
        return String.format("%0" + MESSAGE_BYTES + "d", number);
    }

    /** Publishes numbered messages until one is refused, and says how many were not. */
    private int fill(String topic) {
        TestClient publisher = connect(TestClient.v5("filler"));
        int taken = 0;
        publisher.publish(topic, payload(1), 1, 1);
        while (publisher.next().code() == 0) {
            taken++;
            assertThat(taken).isLessThan(MANY);
            publisher.publish(topic, payload(taken + 1), 1, taken + 1);
        }
        publisher.close();
        return taken;
    }

    private void assertReceives(TestClient client, int count) {
        for (int i = 1; i <= count; i++) {
            Packet message = client.message();
            assertThat(message.payload()).isEqualTo(payload(i));
            client.puback(message.id());
        }
        client.expectNothing();
    }

    private long dropped() {
        return broker.broker().info().dropped().get("store-full");
    }

    private LimitInfo limit() {
        return broker.broker().limits().stream()
                .filter(each -> each.name().equals("limit.bytes"))
                .findAny()
                .orElseThrow();
    }

    private Session open(SessionOptions options, String filter) {
        Session session = get(broker.broker().open(options, delivery -> {}));
        session.ready(false);
        get(session.subscribe(List.of(Subscription.of(TopicFilter.of(filter), QoS.AT_LEAST_ONCE))));
        return session;
    }

    private static SessionOptions blocking(String clientId) {
        return SessionOptions.lasting(clientId)
                .withQueue(new QueueLimits(1000, 1 << 20, QueueLimits.ANY_AGE, Overflow.BLOCK));
    }

    /** One of twice the size, so that it is too much where one of those is. */
    private CompletionStage<ReasonCode> publish(String topic, int number) {
        return broker.broker()
                .publish(Message.of(topic, payload(number).repeat(2)).withQos(QoS.AT_LEAST_ONCE));
    }

    // ---------------------------------------------------------------- who gets nothing, and who is told

    @Test
    void dropsWhatItCannotKeepAndTellsWhoPublishedIt() {
        leave("away", 1);
        int taken = fill("away");
        assertThat(taken).isBetween(45, 56);
        assertThat(broker.store().keptBytes()).isLessThanOrEqualTo(limitBytes);
        TestClient publisher = connect(TestClient.v5("publisher"));
        for (int i = 1; i <= 9; i++) {
            publisher.publish("away", payload(i), 1, i);
            Packet answer = publisher.next();
            assertThat(answer.type()).isEqualTo(PUBACK);
            assertThat(answer.code()).isEqualTo(ReasonCode.QUOTA_EXCEEDED.code());
        }

        assertThat(dropped()).isEqualTo(10);
        assertThat(broker.broker().session("away").orElseThrow().queue().dropped())
                .isEqualTo(10);
        assertThat(limit()).isEqualTo(new LimitInfo("limit.bytes", "store", "64KiB", 10));
        assertThat(broker.store().keptBytes()).isLessThanOrEqualTo(limitBytes);
        assertReceives(resume(lasting("away")), taken);
    }

    @Test
    void servesThoseForWhomItHasToKeepNothing() {
        leave("away", 1);
        int taken = fill("away");
        TestClient temporary = connect(TestClient.v5("temporary"));
        temporary.subscribe("away", 1);
        TestClient light = connect(lasting("light"));
        light.subscribe("away", 0);
        TestClient publisher = connect(TestClient.v5("publisher"));
        publisher.publish("away", payload(1), 1, 1);
        assertThat(publisher.next().code()).as("as of a full queue").isZero();
        publisher.publish("elsewhere", payload(1), 1, 2);
        assertThat(publisher.next().code()).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS.code());

        assertThat(temporary.message().payload()).isEqualTo(payload(1));
        assertThat(light.message().payload()).isEqualTo(payload(1));
        assertThat(dropped()).isEqualTo(2);
        assertReceives(resume(lasting("away")), taken);
    }

    @Test
    void servesThoseWhoKeepUp() {
        leave("away", 1);
        fill("away");
        TestClient lasting = connect(lasting("lasting"));
        lasting.subscribe("away", 1);
        long before = dropped();
        TestClient publisher = connect(TestClient.v5("publisher"));
        for (int i = 1; i <= MANY; i++) {
            publisher.publish("away", payload(i), 1, i);
            assertThat(publisher.next().code()).isZero();
            Packet message = lasting.message();
            assertThat(message.payload()).isEqualTo(payload(i));
            lasting.puback(message.id());
            eventually("acknowledged", () -> inFlight("lasting") == 0);
        }
        assertThat(dropped() - before).as("for the other").isEqualTo(MANY);
        assertThat(broker.store().keptBytes()).isLessThanOrEqualTo(limitBytes);
    }

    private int inFlight(String clientId) {
        return broker.broker().session(clientId).orElseThrow().queue().inFlight();
    }

    @Test
    void servesNobodyBeyondItsLimit() {
        leave("away", 1);
        fill("away");
        TestClient greedy = connect(lasting("greedy"));
        greedy.subscribe("greedy", 1);
        int more = fill("greedy");
        assertThat(more).isBetween(6, 9);
        eventually("all are sent", () -> inFlight("greedy") == more);
        assertThat(broker.store().keptBytes()).isLessThanOrEqualTo(limitBytes);
    }

    @Test
    @Statement(v5 = "MQTT-4.3.3-9")
    void leavesTheIdentifierOfARefusedMessageFree() {
        leave("away", 2);
        int taken = fill("away");
        TestClient publisher = connect(lasting("publisher"));
        publisher.publish("away", payload(0), 2, 7);
        Packet refused = publisher.next();
        assertThat(refused.type()).isEqualTo(PUBREC);
        assertThat(refused.code()).isEqualTo(ReasonCode.QUOTA_EXCEEDED.code());
        TestClient old = connect(TestClient.v311("old"));
        old.publish("away", payload(0), 1, 6);
        assertThat(old.next().type()).isEqualTo(PUBACK);
        old.publish("away", payload(0), 2, 7);
        assertThat(old.next().type()).isEqualTo(PUBREC);
        old.acknowledge(PUBREL, 7, 0);
        assertThat(old.next().type()).isEqualTo(PUBCOMP);

        assertReceives(resume(lasting("away")), taken);
        publisher.publish("away", payload(8), 2, 7);
        assertThat(publisher.next().code()).isZero();
        eventually(
                "it came", () -> broker.broker().session("away").orElseThrow().delivered() == taken + 1);
    }

    @Test
    void takesAMessageThatWillNeverFitForOneThatDoesNot() {
        leave("away", 1);
        TestClient publisher = connect(TestClient.v5("publisher"));
        publisher.publish("away", "x".repeat((int) limitBytes), 1, 1);
        assertThat(publisher.next().code()).isEqualTo(ReasonCode.QUOTA_EXCEEDED.code());
        publisher.publish("away", "x", 1, 2);
        assertThat(publisher.next().code()).isZero();
        assertThat(dropped()).isEqualTo(1);
    }

    // ---------------------------------------------------------------- what is retained

    @Test
    void retainsNothingThatMakesItLarger() {
        TestClient publisher = connect(TestClient.v5("publisher"));
        publisher.retain("retained/old", payload(1));
        publisher.retain("retained/gone", payload(1));
        leave("away", 1);
        fill("away");
        long before = dropped();
        TestClient watcher = connect(TestClient.v5("watcher"));
        watcher.subscribe("retained/new", 0);
        retain(publisher, "retained/old", payload(2), ReasonCode.NO_MATCHING_SUBSCRIBERS);
        assertThat(dropped() - before).isZero();
        retain(publisher, "retained/old", payload(3) + "longer", ReasonCode.QUOTA_EXCEEDED);
        retain(publisher, "retained/new", payload(1), ReasonCode.SUCCESS);
        assertThat(watcher.message().payload()).isEqualTo(payload(1));
        assertThat(dropped() - before).isEqualTo(2);
        retain(publisher, "retained/gone", "", ReasonCode.NO_MATCHING_SUBSCRIBERS);

        restart();
        TestClient later = connect(TestClient.v5("later"));
        later.subscribe("retained/+", 0);
        Packet only = later.message();
        assertThat(only.topic()).isEqualTo("retained/old");
        assertThat(only.payload()).isEqualTo(payload(2));
        later.expectNothing();
    }

    private static void retain(TestClient publisher, String topic, String payload, ReasonCode answer) {
        publisher.publish(topic, payload, 1, 1, true, false, MqttProperties.NO_PROPERTIES);
        assertThat(publisher.next().code()).isEqualTo(answer.code());
    }

    @Test
    void dropsWhatIsRetainedForASubscriptionThatItWouldHaveToKeepItFor() {
        String large = payload(1).repeat(10); // more than the reserve is
        connect(TestClient.v5("publisher")).retain("retained", large);
        leave("away", 1);
        fill("away");
        long before = dropped();
        TestClient lasting = connect(lasting("lasting"));
        lasting.subscribe("retained", 1);
        lasting.expectNothing();
        assertThat(dropped() - before).isEqualTo(1);
        TestClient temporary = connect(TestClient.v5("temporary"));
        temporary.subscribe("retained", 1);
        assertThat(temporary.message().payload()).isEqualTo(large);
    }

    @Test
    void retainsNoMoreForBundlesThanItHasRoomForWhileTheDiskTakesNothing() {
        limitBytes = 3 << 20;
        restart();
        broker.disk().hold();
        for (int i = 0; i < 60; i++) {
            broker.broker().publish(retained(i, 100_000));
        }
        eventually("the rest is dropped", () -> dropped() > 0);
        get(broker.broker().publish(retained(60, 0))); // behind all of it
        assertThat(dropped()).isBetween(25L, 40L);
        int kept = broker.broker().retained(TopicFilter.of("bundle/+"), 100).size();
        assertThat(kept + dropped()).isEqualTo(60);
        CompletableFuture<Void> relieved = new CompletableFuture<>();
        broker.store().whenRelieved(() -> relieved.complete(null));

        broker.disk().release();

        get(relieved);
        eventually("it is told of all", () -> broker.store().keptBytes() > kept * 100_000L);
        assertThat(broker.store().keptBytes()).isLessThanOrEqualTo(limitBytes);
        limitBytes = 4 << 20;
        restart();
        assertThat(broker.broker().retained(TopicFilter.of("bundle/+"), 100)).hasSize(kept);
    }

    private static Message retained(int number, int bytes) {
        return Message.of(Topic.of("bundle/" + number), new byte[bytes], QoS.AT_MOST_ONCE, true);
    }

    // ---------------------------------------------------------------- what is always taken, and room again

    @Test
    void takesWhatIsNeededForWhatWasPromised() {
        TestClient both = connect(lasting("both"));
        both.subscribe("both", 2);
        both.publish("nobody", "x", 2, 5);
        assertThat(both.next().type()).isEqualTo(PUBREC);
        connect(TestClient.v5("publisher")).publish("both", "x", 2, 1);
        int id = both.message().id();
        leave("away", 1);
        fill("away");
        both.acknowledge(PUBREC, id, 0);
        assertThat(both.await(PUBREL).id()).isEqualTo(id);
        both.acknowledge(PUBCOMP, id, 0);
        both.acknowledge(PUBREL, 5, 0);
        assertThat(both.await(PUBCOMP).id()).isEqualTo(5);
        connect(lasting("new")).subscribe("new", 1);

        restart();
        assertThat(broker.broker().subscriptions())
                .extracting(each -> each.clientId())
                .containsExactlyInAnyOrder("away", "both", "new");
        TestClient again = resume(lasting("both"));
        again.expectNothing();
        again.acknowledge(PUBREL, 5, 0);
        assertThat(again.next().code()).isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND.code());
    }

    @Test
    void takesMessagesAgainWhenSomeAreDelivered() {
        leave("away", 1);
        int taken = fill("away");
        TestClient reader = resume(lasting("away"));
        assertReceives(reader, taken);
        reader.disconnect();
        eventually("away", () -> isAway("away"));
        assertThat(fill("away")).isBetween(taken - 1, taken + 1);
    }

    @Test
    void takesMessagesAgainWhenASessionEnds() {
        leave("away", 1);
        leave("other", 1);
        int taken = fill("away");
        assertThat(fill("other")).isZero();
        assertThat(get(broker.broker().endSession("away"))).isTrue();
        assertThat(fill("other")).isBetween(taken, taken + 1);
    }

    @Test
    void keepsAllThatIsThereWhenItMayHaveLess() {
        leave("away", 1);
        connect(TestClient.v5("publisher")).retain("retained", payload(1));
        int taken = fill("away");
        limitBytes = 32 * 1024;
        restart();
        assertThat(broker.store().keptBytes()).isGreaterThan(limitBytes);
        assertThat(fill("away")).isZero();
        TestClient later = connect(TestClient.v5("later"));
        later.subscribe("retained", 0);
        assertThat(later.message().payload()).isEqualTo(payload(1));
        assertReceives(resume(lasting("away")), taken);
    }

    @Test
    void saysOnceThatItIsFullAndOnceThatItHasRoom() {
        try (Logged log = Logged.fromNowOn()) {
            leave("away", 1);
            fill("away");
            assertThat(fill("away")).isZero();
            assertThat(log.text()).containsOnlyOnce("the store is full (limit.bytes = 64KiB)");
            TestClient reader = resume(lasting("away"));
            reader.puback(reader.message().id());
            reader.disconnect();
            eventually("away", () -> isAway("away"));
            assertThat(fill("away")).isEqualTo(1);
            assertThat(get(broker.broker().endSession("away"))).isTrue();
            eventually("room", () -> log.text().contains("the store has room again"));
            assertThat(log.text()).containsOnlyOnce("the store is full").containsOnlyOnce("the store has room again");
        }
    }

    // ---------------------------------------------------------------- queues that make publishers wait

    @Test
    void hasPublishersWaitForASessionThatIsToBlock() {
        Session blocking = blocked();
        CompletionStage<ReasonCode> waiting = publish("both", 2);
        eventually("it waits", () -> blocking.queue().withheld() == 1);
        eventually("it is taken", () -> blocking.queue().queued() == 2);
        assertThat(dropped("both")).isEqualTo(1);
        assertThat(waiting.toCompletableFuture()).isNotDone();

        assertThat(get(broker.broker().endSession("away"))).isTrue();
        assertThat(get(waiting)).isEqualTo(ReasonCode.SUCCESS);
        restart();
        assertThat(queued("blocking")).isEqualTo(2);
        assertThat(queued("both")).isEqualTo(1);
    }

    @Test
    void hasPublishersWaitNoLongerThanSomethingWaitsForThatSession() {
        Session blocking = blocked();
        CompletionStage<ReasonCode> waiting = publish("both", 2);
        eventually("it waits", () -> blocking.queue().withheld() == 1);
        blocking.ready(true);
        assertThat(get(waiting)).isEqualTo(ReasonCode.SUCCESS);
        assertThat(get(publish("both", 3))).isEqualTo(ReasonCode.SUCCESS);
        assertThat(dropped("both")).isEqualTo(2);
        eventually("all are sent", () -> blocking.queue().inFlight() == 3);
    }

    @Test
    void dropsForASessionThatIsToBlockWhatNobodyWaitsFor() {
        blocked();
        TestClient dying = connect(TestClient.v5("dying").will("both", payload(2), 1, false));
        dying.close();
        eventually("dropped", () -> dropped("blocking") == 1);
        assertThat(dropped("both")).isEqualTo(1);
    }

    /** One of two sessions for which a message waits, in a store that is full. */
    private Session blocked() {
        Session blocking = open(blocking("blocking"), "both");
        leave("both", 1);
        assertThat(get(publish("both", 1))).isEqualTo(ReasonCode.SUCCESS);
        leave("away", 1);
        fill("away");
        return blocking;
    }

    private long dropped(String clientId) {
        return broker.broker().session(clientId).orElseThrow().queue().dropped();
    }
}
