/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.QueueLimits;
import io.bascule.broker.Limit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What waits to be sent, bounded in messages and in bytes, and in what the queues of all sessions take of the heap. */
final class OutgoingQueue {
    private static final int SHRINK_ABOVE = 1024;

    private final QueueMemory memory;
    private ArrayDeque<Outgoing> waiting = new ArrayDeque<>(1);
    private QueueGate gate; // null but for a queue that makes publishers wait, or did once
    private int peak;
    private long bytes;
    private long memoryBytes;
    private long unstoredBytes; // of these, what is in memory alone
    private long taken; // out of it, ever: the number of the first that waits
    private long oldestAtNanos; // apart, since the deque must not be looked into from another thread

    OutgoingQueue(QueueMemory memory) {
        this.memory = memory;
    }

    /** What counts along from now on. */
    void guardedBy(QueueGate itsGate) {
        gate = itsGate;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    long bytes() {
        return bytes;
    }

    /** How long the first has waited; from any thread, and so perhaps no longer true. */
    Optional<Duration> oldest() {
        return waiting.isEmpty()
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(0, System.nanoTime() - oldestAtNanos)));
    }

    Outgoing peek() {
        return waiting.peek();
    }

    Outgoing poll() {
        Outgoing next = waiting.poll();
        if (next != null) {
            taken++;
            bytes -= next.sizeInBytes();
            count(next, -1);
            Outgoing first = waiting.peek();
            if (first != null) {
                oldestAtNanos = first.queuedAtNanos();
            } else if (peak > SHRINK_ABOVE) {
                clear(); // an ArrayDeque never shrinks, and the session would pay for its backlog of once for ever
            }
            if (gate != null) {
                gate.left(next.sizeInBytes());
            }
        }
        return next;
    }

    /** Adds at the end; what has to give way, the new one or the oldest, goes to {@code dropped}, with the limit that demands it. */
    void add(
            Outgoing outgoing,
            long nowNanos,
            QueueLimits limits,
            boolean attached,
            BiConsumer<Outgoing, Limit> dropped) {
        int size = outgoing.sizeInBytes();
        boolean over = outgoing.isPatient() && limits.overflow() == QueueLimits.Overflow.BLOCK;
        while (!over && (waiting.size() >= limits.messages() || bytes + size > limits.bytes())) {
            Limit limit = waiting.size() >= limits.messages() ? Limit.QUEUE_MESSAGES : Limit.QUEUE_BYTES;
            boolean hopeless = limits.messages() == 0 || size > limits.bytes();
            if (hopeless || limits.overflow() != QueueLimits.Overflow.DROP_OLDEST) {
                dropped.accept(outgoing, limit);
                return;
            }
            dropped.accept(poll(), limit);
        }
        // Until it has given up as much as it takes: to give up all would not help against the other queues.
        for (long freed = 0; !over && freed < outgoing.memoryBytes() && !memory.isFor(outgoing, attached); ) {
            if (limits.overflow() != QueueLimits.Overflow.DROP_OLDEST || !givesWayTo(outgoing)) {
                dropped.accept(outgoing, Limit.QUEUES_MEMORY);
                return;
            }
            Outgoing oldest = poll();
            freed += oldest.memoryBytes();
            dropped.accept(oldest, Limit.QUEUES_MEMORY);
        }
        outgoing.queuedAt(nowNanos);
        append(outgoing);
    }

    private void append(Outgoing outgoing) {
        if (waiting.isEmpty()) {
            oldestAtNanos = outgoing.queuedAtNanos();
        }
        waiting.add(outgoing);
        peak = Math.max(peak, waiting.size());
        bytes += outgoing.sizeInBytes();
        count(outgoing, 1);
        if (gate != null) {
            gate.entered(outgoing.sizeInBytes());
        }
    }

    /** Whether the oldest is there, and is not in the store while this one is in memory alone. */
    private boolean givesWayTo(Outgoing outgoing) {
        Outgoing oldest = waiting.peek();
        return oldest != null && (outgoing.stored() != null || oldest.stored() == null);
    }

    private void count(Outgoing one, int times) {
        long more = (long) times * one.memoryBytes();
        addMemory(more, one.stored() == null ? more : 0);
    }

    private void addMemory(long more, long unstored) {
        memoryBytes += more;
        unstoredBytes += unstored;
        memory.add(more, unstored);
    }

    /** One that waits, and took so much of the heap, is in the store now. */
    void kept(int memoryBefore, Outgoing waits) {
        addMemory(waits.memoryBytes() - memoryBefore, -memoryBefore);
    }

    /** One that waits, with its number. */
    record Numbered(long number, Outgoing outgoing) {}

    /** All in their order; not to be changed. */
    Collection<Outgoing> all() {
        return waiting;
    }

    /** Adds one that was there before, whatever the limits, with the time at which it began to wait. */
    void restore(Outgoing outgoing) {
        append(outgoing);
    }

    /** Those that wait from this number on, the first so many. */
    List<Numbered> list(long from, int atMost) {
        List<Numbered> listed = new ArrayList<>();
        long number = taken;
        for (Outgoing each : waiting) {
            if (listed.size() == atMost) {
                break;
            }
            if (number >= from) {
                listed.add(new Numbered(number, each));
            }
            number++;
        }
        return listed;
    }

    void clear() {
        taken += waiting.size();
        waiting = new ArrayDeque<>(1);
        peak = 0;
        bytes = 0;
        addMemory(-memoryBytes, -unstoredBytes);
    }
}
