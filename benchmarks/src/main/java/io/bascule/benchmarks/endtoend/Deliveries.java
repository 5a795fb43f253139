/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.support.Histogram;
import java.util.Arrays;

/** The book of what has arrived: each message of each publisher once at whom it is for, in order. */
final class Deliveries {
    private static final int FEWEST_WORDS = 4;

    private final int publishers;
    private final boolean shared;
    private final long[][] seen;
    private final int[] next;
    private final long[] ofPublisher;
    private long received;
    private long unique;
    private long duplicated;
    private long reordered;
    private long lastNanos;
    private Histogram latencies = new Histogram();
    private long fromNanos = Long.MAX_VALUE;
    private long toNanos = Long.MAX_VALUE;
    private long runNanos;
    private long runLength;

    /** @param shared whether a message is for one of the subscribers, whoever that is, and not for each of them */
    Deliveries(int publishers, int subscribers, boolean shared) {
        this.publishers = publishers;
        this.shared = shared;
        this.seen = new long[(shared ? 1 : subscribers) * publishers][];
        this.next = new int[subscribers * publishers];
        this.ofPublisher = new long[publishers];
    }

    /** Counts the latencies of messages that are due from one moment to another. */
    void measure(long begin, long end) {
        latencies = new Histogram();
        fromNanos = begin;
        toNanos = end;
    }

    /** Takes a message; returns whether it is one that was not there yet. */
    boolean take(int subscriber, int publisher, int number, long dueNanos, long nowNanos) {
        received++;
        lastNanos = nowNanos;
        if (!mark((shared ? 0 : subscriber * publishers) + publisher, number)) {
            duplicated++;
            return false;
        }
        unique++;
        ofPublisher[publisher]++;
        int stream = subscriber * publishers + publisher;
        if (number < next[stream]) {
            reordered++;
        } else {
            next[stream] = number + 1;
        }
        if (dueNanos - fromNanos >= 0 && dueNanos - toNanos < 0) {
            latency(nowNanos - dueNanos);
        }
        return true;
    }

    private boolean mark(int stream, int number) {
        int word = number >>> 6;
        long bit = 1L << number;
        long[] words = seen[stream];
        if (words == null || word >= words.length) {
            words = words == null ? new long[FEWEST_WORDS] : words;
            words = Arrays.copyOf(words, Math.max(words.length * 2, word + 1));
            seen[stream] = words;
        }
        if ((words[word] & bit) != 0) {
            return false;
        }
        words[word] |= bit;
        return true;
    }

    /** What was sent in one turn and arrives in one turn took equally long: the histogram is asked once. */
    private void latency(long nanos) {
        if (nanos != runNanos) {
            latencies.record(runNanos, runLength);
            runNanos = nanos;
            runLength = 0;
        }
        runLength++;
    }

    Histogram latencies() {
        latencies.record(runNanos, runLength);
        runLength = 0;
        return latencies;
    }

    /** All that arrived, whether it should or not. */
    long received() {
        return received;
    }

    long unique() {
        return unique;
    }

    /** Those of one publisher that arrived, each copy once. */
    long of(int publisher) {
        return ofPublisher[publisher];
    }

    long duplicated() {
        return duplicated;
    }

    long reordered() {
        return reordered;
    }

    /** When the last one arrived. */
    long lastNanos() {
        return lastNanos;
    }
}
