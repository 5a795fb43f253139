/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import io.bascule.benchmarks.support.Histogram;
import io.bascule.benchmarks.support.Phases;
import java.util.BitSet;
import java.util.function.BooleanSupplier;

/**
 * What came of the numbered messages of one publisher at the other end, each of them by its number: nothing that is lost here can be made up
 * for by a duplicate there. A message is acknowledged when its publisher has PUBACK or PUBCOMP for it, at QoS 0 when it is written. Safe for
 * use by several threads.
 */
final class Account {
    private final String name;
    private final int qos;
    private final Phases latencies = new Phases();
    private final BitSet acknowledged = new BitSet();
    private final BitSet received = new BitSet();
    private long sent;
    private long acknowledgedCount;
    private long receivedCount;
    private long refused;
    private long duplicates;
    private long outOfOrder;
    private long mostBehind;
    private int highest = -1;
    private int ignored = -1;
    private long marked;
    private long flowing;
    private long caughtUp;

    /** Of a stream of this name at this QoS. */
    Account(String name, int qos) {
        this.name = name;
        this.qos = qos;
        latencies.begin();
    }

    String name() {
        return name;
    }

    int qos() {
        return qos;
    }

    /** What is due from now on counts for these latencies, from when it was due to its first delivery. */
    Histogram begin() {
        return latencies.begin();
    }

    /** The number of the next message, which counts as sent. */
    synchronized int next() {
        mostBehind = Math.max(mostBehind, sent + 1 - receivedCount);
        return (int) sent++;
    }

    synchronized void acknowledged(int number) {
        if (!acknowledged.get(number)) {
            acknowledged.set(number);
            acknowledgedCount++;
        }
        notifyAll();
    }

    /** The broker would not have it. */
    synchronized void refused() {
        refused++;
    }

    /** Takes the next message with this number for one that never came: a loss that has to show. */
    synchronized void lose(int number) {
        ignored = number;
    }

    synchronized void received(int number, long dueNanos) {
        long now = System.nanoTime();
        if (number == ignored) {
            return;
        }
        if (received.get(number)) {
            duplicates++;
            return;
        }
        received.set(number);
        receivedCount++;
        if (number < highest) {
            outOfOrder++;
        }
        highest = Math.max(highest, number);
        latencies.record(dueNanos, now - dueNanos);
        if (marked != 0) {
            flowing = flowing == 0 ? now : flowing;
            caughtUp = caughtUp == 0 && dueNanos - marked >= 0 ? now : caughtUp;
        }
        notifyAll();
    }

    /** Forgets when messages flowed again: they are about to stop. */
    synchronized void expectTrouble() {
        marked = 0;
        flowing = 0;
        caughtUp = 0;
    }

    /** From now on messages may flow again. */
    synchronized void mark() {
        marked = System.nanoTime();
        flowing = 0;
        caughtUp = 0;
    }

    /** When it was marked, 0 while it is not. */
    synchronized long marked() {
        return marked;
    }

    /** When the first message came after the mark, 0 while there is none. */
    synchronized long flowing() {
        return flowing;
    }

    /** When the first message came that was due after the mark, 0 while there is none: what had piled up has come before it. */
    synchronized long caughtUp() {
        return caughtUp;
    }

    synchronized long sent() {
        return sent;
    }

    synchronized long acknowledged() {
        return acknowledgedCount;
    }

    synchronized long received() {
        return receivedCount;
    }

    synchronized long behind() {
        return sent - receivedCount;
    }

    synchronized long duplicates() {
        return duplicates;
    }

    synchronized long outOfOrder() {
        return outOfOrder;
    }

    synchronized long mostBehind() {
        return mostBehind;
    }

    /** Acknowledged to their publisher, and never received. */
    long lost() {
        return missedBy(this);
    }

    /** Acknowledged to their publisher, and never received by somebody else who should have. */
    synchronized long missedBy(Account other) {
        BitSet missing = (BitSet) acknowledged.clone();
        missing.andNot(other.copyOfReceived());
        return missing.cardinality();
    }

    private synchronized BitSet copyOfReceived() {
        return (BitSet) received.clone();
    }

    /** Waits until fewer than this many messages are on their way, or until it is woken and is to give up. */
    synchronized void awaitBehind(long limit, BooleanSupplier giveUp) throws InterruptedException {
        while (sent - receivedCount >= limit && !giveUp.getAsBoolean()) {
            wait();
        }
    }

    /** Has whoever waits look whether to give up. */
    synchronized void wake() {
        notifyAll();
    }

    /** Everything that was published is acknowledged or refused, and what is acknowledged has arrived. */
    synchronized boolean isSettled() {
        return acknowledgedCount + refused >= sent && receivedCount >= acknowledgedCount;
    }

    static String header() {
        return "| stream | QoS | sent | acknowledged | received | lost | duplicates | out of order | most on their way |\n"
                + "|---|---|---|---|---|---|---|---|---|";
    }

    /** One row of a Markdown table. */
    synchronized String row() {
        return String.format(
                "| %s | %d | %d | %d | %d | %d | %d | %d | %d |",
                name, qos, sent, acknowledgedCount, receivedCount, lost(), duplicates, outOfOrder, mostBehind);
    }
}
