/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import java.util.concurrent.TimeUnit;

/** Time, which goes by when the test says so. */
final class Time {
    private static final long NOON_MILLIS = 1_800_000_000_000L;

    private long seconds;
    private long startSeconds;
    private long startNanos;

    long seconds() {
        return seconds;
    }

    void pass(long more) {
        seconds += more;
    }

    /** As for a process that begins now. */
    void start() {
        startSeconds = seconds;
        startNanos = System.nanoTime(); // on which messages expire that the store has read
    }

    long nanos() {
        return startNanos + TimeUnit.SECONDS.toNanos(seconds - startSeconds);
    }

    long wallMillis() {
        return NOON_MILLIS + TimeUnit.SECONDS.toMillis(seconds);
    }
}
