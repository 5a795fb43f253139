/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.time.Duration;
import java.util.Arrays;

/** How long the last commits took. The committer adds, any thread asks. */
final class CommitTimes {
    private static final int LAST = 1_024;

    private final long[] nanos = new long[LAST];
    private long count;

    synchronized void add(long tookNanos) {
        nanos[(int) (count++ % LAST)] = tookNanos;
    }

    CommitInfo info() {
        long all;
        long[] last;
        synchronized (this) {
            all = count;
            last = Arrays.copyOf(nanos, (int) Math.min(count, LAST));
        }
        Arrays.sort(last);
        return new CommitInfo(all, percentile(last, 50), percentile(last, 99), percentile(last, 100));
    }

    /** The least that so many percent do not exceed. */
    private static Duration percentile(long[] sorted, int percent) {
        return sorted.length == 0 ? Duration.ZERO : Duration.ofNanos(sorted[(sorted.length * percent + 99) / 100 - 1]);
    }
}
