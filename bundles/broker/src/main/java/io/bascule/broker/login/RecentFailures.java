/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.login;

import java.time.Duration;

/**
 * How often somebody has failed of late: at least all of the last ten minutes, and nothing that is twelve minutes old. It is counted in slices of
 * two minutes, which stand in one number: there may be a hundred thousand of these.
 */
final class RecentFailures {
    /** What counts for certain. */
    static final Duration WINDOW = Duration.ofMinutes(10);

    private static final long SLICE_NANOS = Duration.ofMinutes(2).toNanos();
    private static final int SLICES = 6;
    private static final int BITS = 10;
    private static final long ONE_SLICE = (1L << BITS) - 1;
    private static final long ALL_SLICES = (1L << SLICES * BITS) - 1;

    private long counts; // the present slice in the lowest bits
    private long slice;

    /** One more; how many that makes. */
    int add(long nowNanos) {
        advance(nowNanos);
        if ((counts & ONE_SLICE) < ONE_SLICE) {
            counts++;
        }
        return sum();
    }

    int count(long nowNanos) {
        advance(nowNanos);
        return sum();
    }

    private void advance(long nowNanos) {
        long now = Math.floorDiv(nowNanos, SLICE_NANOS);
        long passed = now - slice;
        if (passed > 0) {
            counts = passed >= SLICES ? 0 : counts << passed * BITS & ALL_SLICES;
        }
        slice = now;
    }

    private int sum() {
        long sum = 0;
        for (long left = counts; left != 0; left >>>= BITS) {
            sum += left & ONE_SLICE;
        }
        return (int) sum;
    }
}
