/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.broker.BrokerTestBase.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.LocalOptions;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.store.StoreSettings;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bundles publish QoS 0 that has to be kept for somebody, faster than the disk takes it. */
class CongestedStoreTest extends StoredBrokerTestBase {
    private static final int MESSAGES = 40;
    private static final int SIZE = 100_000;
    /** As many as it takes until more than the 1 MiB of these tests waits for the disk. */
    private static final int BOUND = 11;

    private final Message message = Message.of(Topic.of("a"), new byte[SIZE], QoS.AT_MOST_ONCE, false);

    @BeforeEach
    void leaveASessionThatIsToHaveAll() {
        Session session = get(broker.broker().open(SessionOptions.lasting("away"), delivery -> {}));
        get(session.subscribe(List.of(Subscription.of(TopicFilter.of("a"), QoS.AT_LEAST_ONCE)
                .with(LocalOptions.NONE.withMinimumQos(QoS.AT_LEAST_ONCE)))));
        session.close();
        eventually("away", () -> isAway("away"));
    }

    private AtomicInteger count(String clientId) {
        AtomicInteger got = new AtomicInteger();
        Session session =
                get(broker.broker().open(SessionOptions.temporary(clientId), delivery -> got.incrementAndGet()));
        get(session.subscribe(List.of(Subscription.of(TopicFilter.of("a"), QoS.AT_LEAST_ONCE))));
        return got;
    }

    private long dropped() {
        return broker.broker().session("away").orElseThrow().queue().dropped();
    }

    private long droppedAsQueueFull() {
        return broker.broker().info().dropped().get(DropReason.QUEUE_FULL.label());
    }

    private List<CompletionStage<ReasonCode>> publishAsHost() {
        List<CompletionStage<ReasonCode>> answers = new CopyOnWriteArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            answers.add(broker.broker().publish(message));
        }
        return answers;
    }

    @Test
    void keepsNoMoreOfAHostThanMayWaitForTheDisk() {
        AtomicInteger other = count("other");
        broker.disk().hold();

        List<CompletionStage<ReasonCode>> answers = publishAsHost();

        eventually("others have all of it", () -> other.get() == MESSAGES);
        eventually("what may wait does", () -> queued("away") == BOUND);
        assertThat(dropped()).isEqualTo(MESSAGES - BOUND).isEqualTo(droppedAsQueueFull());
        broker.disk().release();
        answers.forEach(answer -> assertThat(get(answer)).isEqualTo(ReasonCode.SUCCESS));

        get(broker.broker().publish(message)); // it goes on by itself
        eventually("one more", () -> queued("away") == BOUND + 1);
    }

    @Test
    void keepsAllOfAHostThatMayWaitForTheDisk() {
        stop();
        broker = new StoredBroker(folder, StoreSettings.HEAP_BYTES, 64 << 20);
        broker.disk().hold();

        List<CompletionStage<ReasonCode>> answers = publishAsHost();

        eventually("all", () -> queued("away") == MESSAGES);
        assertThat(dropped()).isZero();
        broker.disk().release();
        answers.forEach(answer -> assertThat(get(answer)).isEqualTo(ReasonCode.SUCCESS));
    }

    @Test
    void tellsASessionWhatNobodyHas() {
        Session publisher = get(broker.broker().open(SessionOptions.temporary("publisher"), delivery -> {}));
        List<ReasonCode> refused = new CopyOnWriteArrayList<>();
        broker.disk().hold();

        for (int i = 0; i < MESSAGES; i++) {
            publisher.publish(0, message, refused::add);
        }

        eventually("the last is answered", () -> refused.size() == MESSAGES - BOUND);
        assertThat(refused).containsOnly(ReasonCode.QUOTA_EXCEEDED);
        eventually("what may wait does", () -> queued("away") == BOUND);
        assertThat(dropped()).isEqualTo(MESSAGES - BOUND);
        assertThat(broker.broker().session("publisher").orElseThrow().received())
                .isEqualTo(MESSAGES);
    }

    @Test
    void takesQos1OfASessionThatIsAcknowledgedForIt() {
        Session publisher = get(broker.broker().open(SessionOptions.temporary("publisher"), delivery -> {}));
        broker.disk().hold();

        List<CompletableFuture<ReasonCode>> acknowledged = new CopyOnWriteArrayList<>();
        for (int i = 1; i <= MESSAGES; i++) {
            CompletableFuture<ReasonCode> each = new CompletableFuture<>();
            acknowledged.add(each);
            publisher.publish(i, message.withQos(QoS.AT_LEAST_ONCE), each::complete);
        }

        eventually("all", () -> queued("away") == MESSAGES);
        assertThat(dropped()).isZero();
        broker.disk().release();
        acknowledged.forEach(each -> assertThat(get(each)).isEqualTo(ReasonCode.SUCCESS));
    }

    @Test
    void deliversToASessionThatEndsWithItsConnection() {
        AtomicInteger got = new AtomicInteger();
        Session passing =
                get(broker.broker().open(SessionOptions.temporary("passing"), delivery -> got.incrementAndGet()));
        get(passing.subscribe(List.of(Subscription.of(TopicFilter.of("a"), QoS.AT_LEAST_ONCE)
                .with(LocalOptions.NONE.withMinimumQos(QoS.AT_LEAST_ONCE)))));
        broker.disk().hold();

        publishAsHost();

        eventually("all", () -> got.get() == MESSAGES); // with an identifier, and without the disk
        eventually("what may wait does", () -> queued("away") == BOUND);
    }

    /** What is retained is kept, whoever else does not get it. */
    @Test
    void tellsASessionOfNothingThatIsRetained() {
        Session publisher = get(broker.broker().open(SessionOptions.temporary("publisher"), delivery -> {}));
        List<ReasonCode> refused = new CopyOnWriteArrayList<>();
        broker.disk().hold();

        for (int i = 1; i <= MESSAGES; i++) {
            publisher.publish(0, Message.of(Topic.of("a"), payload(i), QoS.AT_MOST_ONCE, true), refused::add);
        }

        eventually("the last does not wait", () -> dropped() == MESSAGES - BOUND);
        assertRetained("a", MESSAGES);
        get(broker.broker().disconnect("publisher", ReasonCode.ADMINISTRATIVE_ACTION)); // behind all answers
        assertThat(refused).isEmpty();
        restart();
        assertRetained("a", MESSAGES);
    }

    private CompletionStage<ReasonCode> retain(String topic, byte... payload) {
        return broker.broker().publish(Message.of(Topic.of(topic), payload, QoS.AT_MOST_ONCE, true));
    }

    private static byte[] payload(int number) {
        byte[] payload = new byte[SIZE];
        payload[0] = (byte) number;
        return payload;
    }

    private void assertRetained(String topic, int number) {
        assertThat(broker.broker().retained(TopicFilter.of(topic), 1))
                .singleElement()
                .extracting(each -> each.payload()[0])
                .isEqualTo((byte) number);
    }

    private void assertLastOnesRetained() {
        assertRetained("r/even", MESSAGES);
        assertRetained("r/odd", MESSAGES - 1);
        assertThat(broker.broker().retained(TopicFilter.of("gone"), 1)).isEmpty();
    }

    /** What is replaced before there is room is not written. */
    @Test
    void keepsOfWhatABundleHasRetainedTheLastOfEachTopic() {
        get(retain("gone", (byte) 1));
        long before = broker.disk().written();
        broker.disk().hold();
        for (int i = 1; i <= MESSAGES; i++) {
            retain(i % 2 == 0 ? "r/even" : "r/odd", payload(i));
        }
        get(retain("gone"));
        assertLastOnesRetained();

        CompletableFuture<Void> relieved = new CompletableFuture<>();
        broker.store().whenRelieved(() -> relieved.complete(null));
        broker.disk().release();

        get(relieved);
        get(broker.broker().publish(message.withQos(QoS.AT_LEAST_ONCE))); // behind what the store is told then
        assertThat(broker.disk().written() - before).isLessThan(2L * BOUND * SIZE);
        restart();
        assertLastOnesRetained();
    }

    @Test
    void keepsWhatABundleHasRetainedLastWhenTheBrokerStopsBeforeThereIsRoom() {
        get(retain("gone", (byte) 1));
        broker.disk().hold();
        for (int i = 1; i <= MESSAGES; i++) {
            retain(i % 2 == 0 ? "r/even" : "r/odd", payload(i));
        }
        get(retain("gone"));

        broker.broker().stop();

        restart();
        assertLastOnesRetained();
    }
}
