/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.broker.Limit;
import java.util.ArrayDeque;
import java.util.function.BiConsumer;

/** What waits to be sent, bounded in messages and in bytes. */
final class OutgoingQueue {
    private static final int SHRINK_ABOVE = 1024;

    private ArrayDeque<Outgoing> waiting = new ArrayDeque<>(1);
    private int peak;
    private long bytes;

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    long bytes() {
        return bytes;
    }

    Outgoing peek() {
        return waiting.peek();
    }

    Outgoing poll() {
        Outgoing next = waiting.poll();
        if (next != null) {
            bytes -= next.sizeInBytes();
            if (waiting.isEmpty() && peak > SHRINK_ABOVE) {
                clear(); // an ArrayDeque never shrinks, and the session would pay for its backlog of once for ever
            }
        }
        return next;
    }

    /** Adds at the end; what has to give way, the new one or the oldest, goes to {@code dropped}, with the limit that demands it. */
    void add(Outgoing outgoing, SessionLimits limits, BiConsumer<Outgoing, Limit> dropped) {
        int size = outgoing.sizeInBytes();
        while (waiting.size() >= limits.queueMessages() || bytes + size > limits.queueBytes()) {
            Limit limit = waiting.size() >= limits.queueMessages() ? Limit.QUEUE_MESSAGES : Limit.QUEUE_BYTES;
            boolean hopeless = limits.queueMessages() == 0 || size > limits.queueBytes();
            if (hopeless || limits.overflow() == SessionLimits.Overflow.DROP_NEWEST) {
                dropped.accept(outgoing, limit);
                return;
            }
            dropped.accept(poll(), limit);
        }
        waiting.add(outgoing);
        peak = Math.max(peak, waiting.size());
        bytes += size;
    }

    void clear() {
        waiting = new ArrayDeque<>(1);
        peak = 0;
        bytes = 0;
    }
}
