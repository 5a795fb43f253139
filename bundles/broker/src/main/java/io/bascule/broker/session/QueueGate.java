/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.QueueLimits;
import io.bascule.api.QueueLimits.Overflow;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Beside a queue that makes publishers wait: counts what waits in it, and what is on its way there from other event loops, and keeps the
 * acknowledgements that are withheld for as long as that is more than the limits, or is anything while the store or the memory for queues is full. Safe for use by several threads: publishers ask where they
 * are, so that none has to wait for the session's event loop to know whether it is to wait.
 */
public final class QueueGate {
    private final StoreRoom room;
    private final BooleanSupplier memoryIsFull;
    private final AtomicInteger messages;
    private final AtomicLong bytes;
    private final Queue<Withheld> withheld = new ConcurrentLinkedQueue<>();
    private final AtomicInteger withheldCount = new AtomicInteger();
    private volatile QueueLimits limits;
    private volatile boolean ended;

    QueueGate(StoreRoom room, BooleanSupplier memoryIsFull, QueueLimits limits, int messages, long bytes) {
        this.room = room;
        this.memoryIsFull = memoryIsFull;
        this.limits = limits;
        this.messages = new AtomicInteger(messages);
        this.bytes = new AtomicLong(bytes);
    }

    /** Other limits hold from now on, and perhaps another policy. */
    void limits(QueueLimits others) {
        limits = others;
        releaseIfWithinLimits();
    }

    /** The queue is gone: whoever waits for it waits no longer. */
    void end() {
        ended = true;
        releaseIfWithinLimits();
    }

    /** So much has come. */
    void entered(int size) {
        messages.incrementAndGet();
        bytes.addAndGet(size);
    }

    /** So much has gone. */
    void left(int size) {
        messages.decrementAndGet();
        bytes.addAndGet(-size);
        releaseIfWithinLimits();
    }

    /** Whether a publisher is to wait. */
    boolean isShut() {
        if (!isBlocking()) {
            return false;
        }
        QueueLimits now = limits;
        int waiting = messages.get();
        return waiting > now.messages()
                || bytes.get() > now.bytes()
                || waiting > 0 && (room.isExceeded() || memoryIsFull.getAsBoolean());
    }

    /** Whether the policy is still that publishers wait. */
    boolean isBlocking() {
        return limits.overflow() == Overflow.BLOCK && !ended;
    }

    /** Holds an acknowledgement until the queue is within its limits. */
    void withhold(Withheld acknowledgement) {
        acknowledgement.hold();
        withheldCount.incrementAndGet();
        withheld.add(acknowledgement);
        releaseIfWithinLimits(); // it may have come to that between the caller's look and now
        room.await(this);
    }

    /** How many are held. */
    int withheld() {
        return withheldCount.get();
    }

    /** Lets go of what need not be held any more. */
    void releaseIfWithinLimits() {
        while (!withheld.isEmpty() && !isShut()) {
            Withheld next = withheld.poll();
            if (next != null) {
                withheldCount.decrementAndGet();
                next.release();
            }
        }
    }
}
