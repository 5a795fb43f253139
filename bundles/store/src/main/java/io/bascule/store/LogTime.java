/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Milliseconds of log time, by which the store counts expiry and absence: it goes on with {@link StoreClock#nanos()} while the
 * process runs, so that a wall clock that jumps does nothing, and by the wall clock while it does not. Ticks in the log say how the
 * two stood.
 *
 * <p>Where the wall clock was or is before 2026, it was not set, as on a gateway whose clock has no battery: then the time without a
 * process counts as none. So does one that is negative, or of more than a year: nobody would have waited so long, but clocks jump that far.
 * Whoever sets a clock forward by less while no process runs makes the absence as long.
 *
 * <p>Before {@link #start} it is given what the log has, on one thread; after that any thread asks.
 */
final class LogTime {
    private static final long SET = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private static final long LONGEST = TimeUnit.DAYS.toMillis(366);

    /** At which a new log begins: what is imported into it may be older. */
    private static final long BEGINNING = TimeUnit.DAYS.toMillis(3_650);

    private final StoreClock clock;
    private long startNanos;
    private long startMillis;
    private long stoppedAt;
    private long tickWallMillis;
    private long tickMillis;

    LogTime(StoreClock clock) {
        this.clock = clock;
    }

    /** A record was written at this log time. */
    void seen(long millis) {
        stoppedAt = Math.max(stoppedAt, millis);
    }

    /** How the clocks stood. */
    void ticked(long wallMillis, long millis) {
        seen(millis);
        tickWallMillis = wallMillis;
        tickMillis = millis;
    }

    /** Begins to count, from where an earlier process ended and with the time since then. */
    void start() {
        long wallMillis = wallMillis();
        long down = 0;
        if (tickWallMillis >= SET && wallMillis >= SET) {
            long stoppedAtWallMillis = tickWallMillis + (stoppedAt - tickMillis);
            long since = wallMillis - stoppedAtWallMillis;
            down = since < 0 || since > LONGEST ? 0 : since;
        }
        startNanos = clock.nanos();
        startMillis = stoppedAt == 0 ? BEGINNING : stoppedAt + down;
    }

    long nanos() {
        return clock.nanos();
    }

    long wallMillis() {
        return Math.max(0, clock.wallMillis());
    }

    long now() {
        return at(clock.nanos());
    }

    /** The log time of this moment of {@link StoreClock#nanos()}. */
    long at(long nanos) {
        return startMillis + TimeUnit.NANOSECONDS.toMillis(nanos - startNanos);
    }
}
