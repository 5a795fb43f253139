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
 */
public final class QueueMemory {
    private static final Logger LOG = LoggerFactory.getLogger(QueueMemory.class);

    /** This part of the bound is for those with somebody attached. */
    private static final int RESERVE = 8;

    /** That there is room again is said when as much as this part of the bound is free. */
    private static final int SPARE = 4;

    private final LongAdder taken = new LongAdder();
    private final long most;
    private final AtomicBoolean saidToBeFull = new AtomicBoolean();

    /** One with this bound, in bytes. */
    public QueueMemory(long most) {
        this.most = most;
    }

    /** So much more is taken, or less. */
    void add(long bytes) {
        taken.add(bytes);
    }

    /** Whether there is room for one more message. */
    boolean isFor(int bytes, boolean attached) {
        boolean room = isWithin(bytes, attached);
        if (!room && !saidToBeFull.getAndSet(true)) {
            LOG.warn(
                    "what waits takes all the memory that there is for it ({} = {}): more is dropped, as queue-full",
                    Limit.QUEUES_MEMORY.key(),
                    Sizes.format(most));
        }
        return room;
    }

    private boolean isWithin(int bytes, boolean attached) {
        return taken.sum() + bytes <= (attached ? most : most - most / RESERVE);
    }

    /** Whether there is none. */
    boolean isExceeded() {
        return !isWithin(0, false);
    }

    /** To be called now and then. */
    public void check() {
        if (taken.sum() <= most - most / SPARE && saidToBeFull.getAndSet(false)) {
            LOG.info("there is memory for more messages that wait again");
        }
    }
}
