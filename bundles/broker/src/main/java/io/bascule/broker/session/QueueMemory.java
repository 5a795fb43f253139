/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.broker.Limit;
import io.bascule.config.Sizes;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the messages that wait take of the heap, those of all sessions together. Of a message that is in the store little more is in memory
 * than that it is there; but a broker that runs out of heap stops for everybody, and those that wait are back when it starts again. So this
 * too has its bound, of which the last part is for sessions with somebody attached, who will take what waits. Several event loops that
 * ask at once may each be a message too many. Safe for use by several threads.
 *
 * <p>What is in memory alone, such as QoS 0 for readers that have stopped, may take half of it: it takes a thousand times as much as what is in
 * the store, and is not to crowd that out.
 */
public final class QueueMemory {
    private static final Logger LOG = LoggerFactory.getLogger(QueueMemory.class);

    /** This part of the bound is for those with somebody attached. */
    private static final int RESERVE = 8;

    /** That there is room again is said when as much as this part of the bound is free. */
    private static final int SPARE = 4;

    private final LongAdder taken = new LongAdder();
    private final LongAdder takenByUnstored = new LongAdder();
    private final long most;
    private final AtomicBoolean saidToBeFull = new AtomicBoolean();

    /** One with this bound, in bytes. */
    public QueueMemory(long most) {
        this.most = most;
    }

    /** So much more is taken, or less, and so much of it by what is in memory alone. */
    void add(long bytes, long unstored) {
        taken.add(bytes);
        takenByUnstored.add(unstored);
    }

    /** Whether there is room for one more message. */
    boolean isFor(Outgoing message, boolean attached) {
        boolean room = isWithin(message.memoryBytes(), message.stored() != null, attached);
        if (!room && !saidToBeFull.getAndSet(true)) {
            LOG.warn(
                    "what waits takes all the memory that there is for it ({} = {}): more is dropped, as queue-full",
                    Limit.QUEUES_MEMORY.key(),
                    Sizes.format(most));
        }
        return room;
    }

    private boolean isWithin(int bytes, boolean stored, boolean attached) {
        long limit = attached ? most : most - most / RESERVE;
        return taken.sum() + bytes <= limit && (stored || takenByUnstored.sum() + bytes <= limit / 2);
    }

    /** Whether there is none for what is in the store, or is not. */
    boolean isExceeded(boolean stored) {
        return !isWithin(0, stored, false);
    }

    /** To be called now and then. */
    public void check() {
        if (taken.sum() <= most - most / SPARE
                && takenByUnstored.sum() <= (most - most / SPARE) / 2
                && saidToBeFull.getAndSet(false)) {
            LOG.info("there is memory for more messages that wait again");
        }
    }
}
