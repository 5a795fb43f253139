/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.routing;

import io.bascule.broker.DropReason;
import io.bascule.broker.retained.RetainedMessages;
import io.bascule.broker.session.BrokerLoop;
import io.bascule.broker.session.StoreRoom;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import io.bascule.spi.MessageStore;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Topics at which a message was retained while too much waited for the disk, of publishers that cannot be made to wait. When there is room again the
 * store is told of each what is retained there then: what was replaced meanwhile need not be written. Used on one event loop.
 */
final class RetainedLater {
    /** What the names of these topics may take, in bytes. */
    private static final long MOST = 4L << 20;

    /** About what one takes beside its name, in bytes. */
    private static final int EACH = 100;

    /** Of how many the store is told before others have their turn on the event loop. */
    private static final int A_TURN = 64;

    private final RetainedMessages retained;
    private final MessageStore store;
    private final StoreRoom room;
    /** With how much larger each makes what the store keeps, in bytes; below 0 where it makes that smaller. */
    private final Map<Topic, Long> topics = new LinkedHashMap<>();

    private long bytes;
    private boolean waiting;
    private volatile boolean stopped;

    RetainedLater(RetainedMessages retained, MessageStore store, StoreRoom room) {
        this.retained = retained;
        this.store = store;
        this.room = room;
    }

    /** Retains it, in the turn of its topic; false where there is no room, which is counted, and what the topic had it still has. */
    boolean put(Message message, BrokerLoop loop) {
        Topic topic = message.topic();
        Long known = topics.get(topic);
        if (known == null && bytes + size(topic) > MOST) {
            return putBeyond(message, loop);
        }
        long before = sizeOf(now(topic));
        if (!retained.put(message)) {
            loop.counters().dropped(DropReason.RETAINED_FULL);
            return false;
        }
        if (known == null) {
            bytes += size(topic);
        }
        long grown = (known == null ? 0 : known) + (message.payload().length == 0 ? 0 : message.sizeInBytes()) - before;
        topics.put(topic, grown);
        room.putOff(larger(grown) - larger(known));
        await(loop);
        return true;
    }

    /** A deletion makes the store write little, and nothing where it has nothing of the topic. */
    private boolean putBeyond(Message message, BrokerLoop loop) {
        boolean deletes = message.payload().length == 0;
        if (deletes) {
            retained.remove(message.topic());
            store.unretain(message.topic());
        } else {
            loop.counters().dropped(DropReason.QUEUE_FULL);
        }
        return deletes;
    }

    private static long sizeOf(Optional<Message> message) {
        return message.map(Message::sizeInBytes).orElse(0);
    }

    /** What is to become smaller is as large as it is until the store has been told. */
    private static long larger(Long grown) {
        return grown == null ? 0 : Math.max(0, grown);
    }

    private static long size(Topic topic) {
        return EACH + 2L * topic.name().length();
    }

    private void await(BrokerLoop loop) {
        if (!waiting) {
            waiting = true;
            store.whenRelieved(() -> loop.eventLoop().execute(() -> relieved(loop)));
        }
    }

    private void relieved(BrokerLoop loop) {
        waiting = false;
        if (stopped) {
            return; // there may be another broker by now, which knows better
        }
        tell(A_TURN, () -> !store.isCongested());
        if (!topics.isEmpty()) {
            await(loop);
        }
    }

    /** Tells the store of so many at most. */
    private void tell(int atMost, BooleanSupplier goOn) {
        int left = atMost;
        Iterator<Map.Entry<Topic, Long>> each = topics.entrySet().iterator();
        for (; each.hasNext() && left > 0 && goOn.getAsBoolean(); left--) {
            Map.Entry<Topic, Long> next = each.next();
            tell(next.getKey());
            room.putOff(-larger(next.getValue()));
            bytes -= size(next.getKey());
            each.remove();
        }
    }

    private void tell(Topic topic) {
        ReentrantLock turn = retained.turn(topic);
        turn.lock();
        try {
            now(topic)
                    .ifPresentOrElse(
                            message -> store.append(message, true, List.of(), Optional.empty()),
                            () -> store.unretain(topic));
        } finally {
            turn.unlock();
        }
    }

    private Optional<Message> now(Topic topic) {
        return retained.get(topic, System.nanoTime());
    }

    /** Whether nothing more is to be put off; from any thread. */
    boolean isStopped() {
        return stopped;
    }

    /**
     * Tells the store of all that is left, however much waits, unless the disk refuses it or the time is up: what waits takes memory once more.
     * Completes when it has been told of all, exceptionally when something is left out; from any thread.
     *
     * @param untilNanos the {@link System#nanoTime()} at which the time is up
     */
    CompletionStage<Void> stop(BrokerLoop loop, long untilNanos) {
        stopped = true;
        CompletableFuture<Void> told = new CompletableFuture<>();
        Runnable tellAll = () -> {
            try {
                tellAll(untilNanos);
                told.complete(null);
            } catch (RuntimeException e) {
                told.completeExceptionally(e);
            }
        };
        if (loop.eventLoop().inEventLoop()) {
            tellAll.run();
        } else {
            loop.eventLoop().execute(tellAll);
        }
        return told;
    }

    private void tellAll(long untilNanos) {
        BooleanSupplier goOn =
                () -> System.nanoTime() - untilNanos < 0 && store.failure().isEmpty();
        tell(topics.size(), goOn);
        if (!topics.isEmpty()) {
            throw new IllegalStateException(
                    topics.size() + " topics are left out, " + store.failure().orElse("since the time is up"));
        }
    }
}
