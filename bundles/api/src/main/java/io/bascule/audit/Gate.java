/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.audit;

import java.util.concurrent.TimeUnit;

/**
 * A token bucket: {@value #BURST} at once, and then one a second. A line has some 300 bytes, so that somebody who never lets go has 26 MB of them
 * a day. How many were kept out it tells every {@value #PAUSE_SECONDS} s at most. Safe for use by several threads.
 */
final class Gate {
    static final int BURST = 500;
    static final int PAUSE_SECONDS = 10;
    private static final long TOKEN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FULL_NANOS = BURST * TOKEN_NANOS;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(PAUSE_SECONDS);

    private long emptyAtNanos; // so long ago that as many tokens as that have come since
    private long toldAtNanos;
    private long suppressed;

    /** One that is full, and has kept nobody out. */
    Gate(long nowNanos) {
        emptyAtNanos = nowNanos - FULL_NANOS;
        toldAtNanos = nowNanos - PAUSE_NANOS;
    }

    /** Whether there is a token, which is taken; this one is kept out otherwise. */
    synchronized boolean passes(long nowNanos) {
        long saved = Math.min(nowNanos - emptyAtNanos, FULL_NANOS);
        if (saved < TOKEN_NANOS) {
            suppressed++;
            return false;
        }
        emptyAtNanos = nowNanos - saved + TOKEN_NANOS;
        return true;
    }

    /** One is kept out, token or not. */
    synchronized void suppress() {
        suppressed++;
    }

    /** How many were kept out since that was last told; 0 while it is too early to tell again. */
    synchronized long due(long nowNanos) {
        return nowNanos - toldAtNanos < PAUSE_NANOS ? 0 : all(nowNanos);
    }

    /** How many were kept out since that was last told. */
    synchronized long all(long nowNanos) {
        long told = suppressed;
        if (told > 0) {
            suppressed = 0;
            toldAtNanos = nowNanos;
        }
        return told;
    }
}
