/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.support;

/** Latencies, counted in buckets that are less than two percent wide, in constant memory. Safe for use by several threads. */
public final class Histogram {
    private static final int SUB_BUCKETS = 128;
    private static final int SUB_BITS = 7;

    private final long[] counts = new long[SUB_BUCKETS * (Long.SIZE - SUB_BITS)];
    private long count;
    private long max;

    public void record(long nanos) {
        record(nanos, 1);
    }

    /** Records as many of the same, none when that is 0. */
    public synchronized void record(long nanos, long times) {
        if (times > 0) {
            long value = Math.max(0, nanos);
            counts[bucket(value)] += times;
            count += times;
            max = Math.max(max, value);
        }
    }

    public synchronized long count() {
        return count;
    }

    public synchronized double maxMillis() {
        return max / 1e6;
    }

    /** The latency that this share of all did not exceed, NaN when there are none. */
    public synchronized double millisAt(double share) {
        if (count == 0) {
            return Double.NaN;
        }
        long wanted = (long) Math.ceil(count * share);
        long seen = 0;
        int bucket = -1;
        while (seen < wanted) {
            seen += counts[++bucket];
        }
        return Math.min(max, highest(bucket)) / 1e6;
    }

    /** Median, 99th percentile and maximum in milliseconds, as three cells of a Markdown table. */
    public String cells() {
        return String.format("%.2f | %.2f | %.1f", millisAt(0.5), millisAt(0.99), maxMillis());
    }

    private static int bucket(long value) {
        int shift = Math.max(0, Long.SIZE - SUB_BITS - Long.numberOfLeadingZeros(value | 1));
        return shift * SUB_BUCKETS + (int) (value >>> shift);
    }

    private static long highest(int bucket) {
        int shift = bucket / SUB_BUCKETS;
        long value = bucket - (long) shift * SUB_BUCKETS;
        return (value + 1 << shift) - 1;
    }
}
