/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.config.Sizes;
import io.bascule.mqtt.Message;
import io.bascule.spi.MessageStore;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the store is to take more. Asked before a new message is kept for somebody, and only then: what ends a promise, or is needed to
 * keep one, is taken in any case. The last part is for sessions that keep up, which are not to suffer from those that do not. Several
 * event loops that ask at once may each be a message too many. Safe for use by several threads.
 */
public final class StoreRoom {
    private static final Logger LOG = LoggerFactory.getLogger(StoreRoom.class);

    /** This part of the limit is for those that keep up. */
    private static final int RESERVE = 8;

    /** That there is room again is said when as much as this part of the limit is free. */
    private static final int SPARE = 8;

    private final MessageStore store;
    private final Set<QueueGate> waiting = ConcurrentHashMap.newKeySet();
    /** What the store is yet to be told of makes it so much larger. */
    private final AtomicLong putOff = new AtomicLong();
    /** The largest message for which there was no room, since it was said that the store is full; 0 while it is not. */
    private final AtomicLong refused = new AtomicLong();

    /** That of this store. */
    public StoreRoom(MessageStore store) {
        this.store = store;
    }

    /** Whether the message may be kept, whoever it is for. */
    public boolean isFor(Message message) {
        int size = message.sizeInBytes();
        if (size <= left()) {
            return true;
        }
        if (size <= most() && refused.getAndAccumulate(size, Math::max) == 0) {
            LOG.warn(
                    "the store is full (limit.bytes = {}): messages that it would have to keep for sessions that do not"
                            + " keep up are dropped, as store-full",
                    Sizes.format(store.limitBytes()));
        }
        return false;
    }

    /** Whether the message may be kept for a session that keeps up. */
    public boolean isInReserveFor(Message message) {
        return message.sizeInBytes() <= store.limitBytes() - taken();
    }

    /** So many bytes more, or less, are put off: the store will keep them, and has not been told yet. */
    public void putOff(long bytes) {
        putOff.addAndGet(bytes);
    }

    /** Whether there is none. */
    boolean isExceeded() {
        return left() < 0;
    }

    private long left() {
        return most() - taken();
    }

    private long taken() {
        return store.keptBytes() + putOff.get();
    }

    private long most() {
        long limit = store.limitBytes();
        return limit - limit / RESERVE;
    }

    /** Has this one asked again whether it can let somebody go, now and then until it holds nobody back. */
    void await(QueueGate gate) {
        waiting.add(gate);
    }

    /** To be called now and then. */
    public void check() {
        // A copy, since one that comes back may come behind those that are still to be asked, again and again.
        for (QueueGate each : List.copyOf(waiting)) {
            waiting.remove(each); // before it is asked: it may come back meanwhile
            each.releaseIfWithinLimits();
            if (each.withheld() > 0) {
                waiting.add(each);
            }
        }
        long largest = refused.get();
        if (largest > 0 && left() >= Math.max(largest, store.limitBytes() / SPARE)) {
            refused.set(0);
            LOG.info("the store has room again");
        }
    }
}
