/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How many connections of one listener begin in a second. As many as come in one second may come at once; from there on each has its time, and is
 * neither read nor answered before. Those that would wait for too long have none. Safe for use by several threads.
 */
final class ConnectRate {
    /** For any number. */
    static final int UNLIMITED = 0;

    /** As long as whoever connects has by default for his CONNECT; few clients wait for longer than that for an answer. */
    private static final long LONGEST_WAIT_NANOS = Duration.ofSeconds(10).toNanos();

    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private final long intervalNanos;
    private final LimitHits hits;
    private long begunNanos; // up to then what may begin has begun
    private boolean begun;

    ConnectRate(int perSecond, LimitHits hits) {
        this.intervalNanos = perSecond == UNLIMITED ? 0 : SECOND_NANOS / perSecond;
        this.hits = hits;
    }

    /** How long a connection has to wait that comes now; empty when it is to be closed. */
    OptionalLong arrived(long nowNanos) {
        if (intervalNanos == 0) {
            return OptionalLong.of(0);
        }
        long wait = take(nowNanos);
        if (wait != 0) {
            hits.hit(Limit.CONNECT_RATE);
        }
        return wait < 0 ? OptionalLong.empty() : OptionalLong.of(wait);
    }

    private synchronized long take(long nowNanos) {
        long unused = nowNanos - SECOND_NANOS;
        if (!begun || begunNanos - unused < 0) {
            begun = true;
            begunNanos = unused;
        }
        long wait = Math.max(0, begunNanos + intervalNanos - nowNanos);
        if (wait > LONGEST_WAIT_NANOS) {
            return -1;
        }
        begunNanos += intervalNanos;
        return wait;
    }
}
