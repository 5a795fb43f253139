/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.Counters;
import io.bascule.broker.DropReason;
import io.bascule.broker.LimitHits;
import io.bascule.broker.model.SteppedLoop;
import io.bascule.broker.retained.RetainedMessages;
import io.bascule.broker.session.BrokerLoop;
import io.bascule.broker.session.StoreRoom;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is retained while the store is congested. */
class RetainedLaterTest {
    private static final Topic TOPIC = Topic.of("plant/line");

    private final CongestibleStore store = new CongestibleStore();
    private final RetainedMessages retained =
            new RetainedMessages(1_000_000, Long.MAX_VALUE, new LimitHits(), store::unretain);
    private final SteppedLoop steps = new SteppedLoop();
    private final BrokerLoop loop = new BrokerLoop(steps, null, new Counters(), null);
    private final StoreRoom room = new StoreRoom(store);
    private final Elsewhere other = new Elsewhere();
    private final RetainedLater later = new RetainedLater(retained, store, room);

    @BeforeEach
    void congest() {
        store.congested(true);
    }

    private static Message message(Topic topic, int bytes) {
        return Message.of(topic, new byte[bytes], QoS.AT_MOST_ONCE, true);
    }

    private void relieve() {
        store.congested(false);
        steps.run();
    }

    /** It retains, and tells the store then. */
    private void publish(Message message) {
        retained.put(message);
        store.append(message, true, List.of(), Optional.empty());
    }

    private void delete() {
        retained.remove(TOPIC);
        store.unretain(TOPIC);
    }

    /** What another event loop does in its turn, if it may have that meanwhile. */
    private void elsewhere(Runnable action) {
        other.meanwhile(() -> {
            retained.turn(TOPIC).lock();
            action.run();
            retained.turn(TOPIC).unlock();
        });
    }

    @Test
    void leavesTheStoreWithWhatAnotherLoopRetainsMeanwhile() {
        Message newer = message(TOPIC, 2).withQos(QoS.AT_LEAST_ONCE);
        later.put(message(TOPIC, 1), loop);
        store.beforeNext(() -> elsewhere(() -> publish(newer)));

        relieve();
        other.join();

        assertThat(store.kept.get(TOPIC)).isSameAs(newer);
    }

    @Test
    void leavesTheStoreWithoutWhatAnotherLoopDeletesMeanwhile() {
        later.put(message(TOPIC, 1), loop);
        store.beforeNext(() -> elsewhere(this::delete));

        relieve();
        other.join();

        assertThat(store.kept).isEmpty();
    }

    @Test
    void leavesTheStoreWithWhatAnotherLoopRetainsWhileItIsDeleted() {
        Message newer = message(TOPIC, 2);
        later.put(message(TOPIC, 1), loop);
        later.put(message(TOPIC, 0), loop);
        store.beforeNext(() -> elsewhere(() -> publish(newer)));

        relieve();
        other.join();

        assertThat(store.kept.get(TOPIC)).isSameAs(newer);
    }

    @Test
    void letsOthersHaveTheirTurnAmongManyTopics() {
        for (int i = 0; i < 1000; i++) {
            later.put(message(Topic.of("plant/" + i), 1), loop);
        }
        store.congested(false);
        long[] toldBefore = new long[1];
        steps.execute(() -> toldBefore[0] = store.told());

        steps.run();

        assertThat(toldBefore[0]).isBetween(1L, 100L);
        assertThat(store.kept).hasSize(1000);
    }

    // ---------------------------------------------------------------- how much

    @Test
    void takesOfTheRoomInTheStoreWhatIsPutOff() {
        Message large = message(TOPIC, 50_000);
        store.limit(8 * 100_000); // an eighth of it is a reserve
        assertThat(room.isFor(message(TOPIC, 690_000))).isTrue();

        later.put(large, loop);
        later.put(large, loop); // instead of the first
        assertThat(room.isFor(message(TOPIC, 650_000))).isFalse();
        assertThat(room.isFor(message(TOPIC, 640_000))).isTrue();

        later.put(message(TOPIC, 0), loop);
        assertThat(room.isFor(message(TOPIC, 690_000))).isTrue();
    }

    @Test
    void takesNoRoomTwiceOnceTheStoreIsTold() {
        store.limit(8 * 100_000);
        later.put(message(TOPIC, 50_000), loop);

        relieve();
        assertThat(room.isFor(message(TOPIC, 640_000))).isTrue();
        store.congested(true);
        later.put(message(TOPIC, 50_000), loop); // instead of what the store has
        assertThat(room.isFor(message(TOPIC, 640_000))).isTrue();
        later.put(message(TOPIC, 0), loop); // which is there until the store is told
        assertThat(room.isFor(message(TOPIC, 650_000))).isFalse();
        relieve();
        assertThat(room.isFor(message(TOPIC, 690_000))).isTrue();
    }

    @Test
    void deletesAlsoWhereThereIsNoRoomForMoreTopics() {
        Topic old = Topic.of("y".repeat(60_000));
        publish(message(old, 1));
        int topics = 0;
        while (later.put(message(longTopic(topics), 1), loop)) {
            topics++;
        }
        assertThat(topics).as("4 MiB of 60,000 characters").isBetween(34, 35);
        Map<String, Long> dropped = new HashMap<>();
        loop.counters().addDroppedTo(dropped);
        assertThat(dropped)
                .containsEntry(DropReason.QUEUE_FULL.label(), 1L)
                .containsEntry(DropReason.RETAINED_FULL.label(), 0L);
        assertThat(retained.get(longTopic(topics), System.nanoTime())).isEmpty();

        assertThat(later.put(message(old, 0), loop)).isTrue();

        assertThat(retained.get(old, System.nanoTime())).isEmpty();
        assertThat(store.kept).doesNotContainKey(old);
        relieve();
        assertThat(store.kept).hasSize(topics);
    }

    private static Topic longTopic(int number) {
        return Topic.of("x".repeat(59_990) + "/" + number);
    }

    // ---------------------------------------------------------------- the end

    private CompletableFuture<Void> stop(Duration within) {
        later.put(message(TOPIC, 1), loop);
        later.put(message(Topic.of("plant"), 1), loop);
        return later.stop(loop, System.nanoTime() + within.toNanos()).toCompletableFuture();
    }

    @Test
    void tellsTheStoreOfTheRestWhenItStops() {
        assertThat(stop(Duration.ofMinutes(1))).isCompleted();
        assertThat(store.kept).hasSize(2);
        assertThat(later.isStopped()).isTrue();
    }

    @Test
    void leavesOutTheRestWhenTheDiskRefuses() {
        store.beforeNext(() -> store.fail("No space left on device"));

        assertThat(stop(Duration.ofMinutes(1))).isCompletedExceptionally();
        assertThat(store.told()).isEqualTo(1);
    }

    @Test
    void leavesOutTheRestWhenTheTimeIsUp() {
        assertThat(stop(Duration.ZERO)).isCompletedExceptionally();
        assertThat(store.told()).isZero();
    }
}
