/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.LocalOptions.Priority;
import io.bascule.api.QueueLimits;
import io.bascule.api.QueueLimits.Overflow;
import io.bascule.broker.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What waits to be sent, bounded in messages and in bytes, and in what the queues of all sessions take of the heap. */
final class OutgoingQueue {
    private final QueueMemory memory;
    private final Supplier<WaitingRules> newRules;
    private Lines waiting = new Lines();
    private WaitingRules rules = WaitingRules.none();
    private boolean rulesHaveChanged;
    private LatestMessages latest; // null but while nobody is attached and somebody is to have the last of each topic
    private QueueGate gate; // null but for a queue that makes publishers wait, or did once
    private long bytes;
    private long memoryBytes;
    private long unstoredBytes; // of these, what is in memory alone
    private long taken; // out of it, ever: the number of the first that waits
    private long oldestAtNanos; // apart, since the lines must not be looked into from another thread

    /** One of which the rules are asked for once they have changed. */
    OutgoingQueue(QueueMemory memory, Supplier<WaitingRules> newRules) {
        this.memory = memory;
        this.newRules = newRules;
    }

    /** What counts along from now on. */
    void guardedBy(QueueGate itsGate) {
        gate = itsGate;
    }

    /** Other rules hold, also for what waits. They are asked for when it makes a difference: there may be many changes at once. */
    void rulesHaveChanged() {
        rulesHaveChanged = true;
    }

    private WaitingRules rules() {
        if (rulesHaveChanged) {
            rulesHaveChanged = false;
            rules = newRules.get();
            waiting.sort(this::priority);
        }
        return rules;
    }

    private Priority priority(Outgoing outgoing) {
        return rules.priority(outgoing.subscriptionIdentifiers());
    }

    boolean isEmpty() {
        return waiting.size() == 0;
    }

    int size() {
        return waiting.size();
    }

    long bytes() {
        return bytes;
    }

    /** How long the one that has waited longest has waited; from any thread, and so perhaps no longer true. */
    Optional<Duration> oldestAge() {
        return isEmpty()
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(0, System.nanoTime() - oldestAtNanos)));
    }

    /** Whose turn it is, null for none. */
    Outgoing peek() {
        return waiting.first();
    }

    /** Who has waited longest, null for none. */
    Outgoing oldest() {
        return waiting.oldest();
    }

    Outgoing poll() {
        return take(waiting.first());
    }

    /** Takes this one out, which is returned. */
    Outgoing take(Outgoing one) {
        waiting.remove(one);
        taken++;
        bytes -= one.sizeInBytes();
        count(one, -1);
        Outgoing first = waiting.oldest();
        if (first != null) {
            oldestAtNanos = first.queuedAtNanos();
        }
        if (latest != null) {
            latest.remove(one);
        }
        if (gate != null) {
            gate.left(one.sizeInBytes());
        }
        return one;
    }

    /** Whether of the QoS 0 messages with these identifiers the last of each topic waits while nobody is attached. */
    boolean keepsLatest(int[] identifiers) {
        return (rulesHaveChanged || rules != WaitingRules.none()) && rules().keepsLatest(identifiers);
    }

    /** A QoS 0 message has come while nobody is attached: takes out the one that it replaces, and any that waited beside their successors. */
    void replace(Outgoing newer, Consumer<Outgoing> dropped) {
        List<Outgoing> replaced = new ArrayList<>(1);
        if (latest == null) {
            latest = new LatestMessages();
            waiting.forEach(each -> add(latest.put(each, rules()), replaced));
        }
        add(latest.put(newer, rules()), replaced);
        for (Outgoing each : replaced) {
            dropped.accept(take(each));
        }
    }

    private static void add(Outgoing one, List<Outgoing> to) {
        if (one != null) {
            to.add(one);
        }
    }

    /** Somebody is attached: from now on QoS 0 messages wait one beside the other. */
    void attached() {
        latest = null;
    }

    /** Adds at the end of its line; what has to give way, the new one or another, goes to {@code dropped}, with the limit that demands it. */
    void add(
            Outgoing outgoing,
            long nowNanos,
            QueueLimits limits,
            boolean attached,
            BiConsumer<Outgoing, Limit> dropped) {
        int size = outgoing.sizeInBytes();
        Priority priority = rules().priority(outgoing.subscriptionIdentifiers());
        boolean over = outgoing.isPatient() && limits.overflow() == Overflow.BLOCK;
        while (!over && (size() >= limits.messages() || bytes + size > limits.bytes())) {
            Limit limit = size() >= limits.messages() ? Limit.QUEUE_MESSAGES : Limit.QUEUE_BYTES;
            boolean hopeless = limits.messages() == 0 || size > limits.bytes();
            Outgoing other = hopeless ? null : givingWay(priority, limits.overflow());
            if (other == null) {
                refuse(outgoing, limit, dropped);
                return;
            }
            dropped.accept(take(other), limit);
        }
        // Until it has given up as much as it takes: to give up all would not help against the other queues.
        for (long freed = 0; !over && freed < outgoing.memoryBytes() && !memory.isFor(outgoing, attached); ) {
            Outgoing other = givingWay(priority, limits.overflow());
            if (other == null || outgoing.stored() == null && other.stored() != null) {
                refuse(outgoing, Limit.QUEUES_MEMORY, dropped);
                return;
            }
            freed += other.memoryBytes();
            dropped.accept(take(other), Limit.QUEUES_MEMORY);
        }
        outgoing.queuedAt(nowNanos);
        append(outgoing, priority);
    }

    private void refuse(Outgoing outgoing, Limit limit, BiConsumer<Outgoing, Limit> dropped) {
        if (latest != null) {
            latest.remove(outgoing);
        }
        dropped.accept(outgoing, limit);
    }

    /** What leaves so that one of this class can wait; null where that one has to give way itself. */
    private Outgoing givingWay(Priority to, Overflow policy) {
        return switch (policy) {
            case DROP_OLDEST -> waiting.firstUpTo(to);
            case DROP_NEWEST -> waiting.lastBelow(to);
            case BLOCK -> null; // who waits is not to find his message dropped
        };
    }

    private void append(Outgoing outgoing, Priority priority) {
        if (isEmpty()) {
            oldestAtNanos = outgoing.queuedAtNanos();
        }
        outgoing.waitsAt(taken + size());
        waiting.add(outgoing, priority);
        bytes += outgoing.sizeInBytes();
        count(outgoing, 1);
        if (gate != null) {
            gate.entered(outgoing.sizeInBytes());
        }
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

    /** All in the order of their turns. */
    Iterable<Outgoing> all() {
        return waiting;
    }

    /** Adds one that was there before, whatever the limits, with the time at which it began to wait. */
    void restore(Outgoing outgoing) {
        append(outgoing, rules().priority(outgoing.subscriptionIdentifiers()));
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
        waiting = new Lines();
        latest = null;
        bytes = 0;
        addMemory(-memoryBytes, -unstoredBytes);
    }
}
