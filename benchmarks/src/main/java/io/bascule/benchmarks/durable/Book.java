/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.durable;

import io.bascule.benchmarks.support.Packets;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToLongFunction;

/** What became of the messages of one topic, which are numbered from 0. Safe for use by any thread. */
final class Book {
    private final int index;
    private final byte[] topic;
    private final BitSet acknowledged = new BitSet(0);
    private final BitSet received = new BitSet(0);
    private int next;
    private int last = -1;
    private int acknowledgedCount;
    private int receivedCount;
    private long refused;
    private long repeated;
    private long outOfOrder;

    /** @param index its own in a list of several */
    Book(int index, String topic) {
        this.index = index;
        this.topic = Packets.utf8(topic);
    }

    /** A figure of all these together. */
    static long sum(List<Book> books, ToLongFunction<Book> figure) {
        return books.stream().mapToLong(figure).sum();
    }

    int index() {
        return index;
    }

    byte[] topic() {
        return topic;
    }

    /** The number of a message that is published now. */
    synchronized int next() {
        return next++;
    }

    synchronized void acknowledge(int number) {
        acknowledged.set(number);
        acknowledgedCount++;
    }

    synchronized void refuse() {
        refused++;
    }

    /** A message has come; one that comes again is in its place if those that came since come again as well. */
    synchronized void receive(int number) {
        if (received.get(number)) {
            repeated++;
        } else {
            outOfOrder += number < last ? 1 : 0;
            received.set(number);
            receivedCount++;
            last = number;
        }
    }

    synchronized long published() {
        return next;
    }

    synchronized long acknowledged() {
        return acknowledgedCount;
    }

    synchronized long received() {
        return receivedCount;
    }

    synchronized long refused() {
        return refused;
    }

    synchronized long repeated() {
        return repeated;
    }

    synchronized long outOfOrder() {
        return outOfOrder;
    }

    /** Those that were acknowledged and have not come. */
    synchronized long missing() {
        BitSet missing = (BitSet) acknowledged.clone();
        missing.andNot(received);
        return missing.cardinality();
    }
}
