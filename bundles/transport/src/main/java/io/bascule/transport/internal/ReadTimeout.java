/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Notices that nothing has been received for too long. A packet costs it one look at the clock for each batch, and no timer. */
final class ReadTimeout {
    private final NettyEventLoop eventLoop;
    private final BooleanSupplier excused;
    private final Consumer<Duration> expired;
    private Duration timeout = Duration.ZERO;
    private long lastHeardNanos;
    private AutoCloseable timer;

    /**
     * A time limit that is off.
     *
     * @param excused whether silence is no fault of the other end: whom we do not listen to is not silent
     * @param expired called with the time in which nothing was received
     */
    ReadTimeout(NettyEventLoop eventLoop, BooleanSupplier excused, Consumer<Duration> expired) {
        this.eventLoop = eventLoop;
        this.excused = excused;
        this.expired = expired;
    }

    /** Begins anew with this time limit, zero for none. */
    void start(Duration limit) {
        stop();
        timeout = limit;
        heard();
        if (!limit.isZero()) {
            timer = eventLoop.schedule(limit, this::check);
        }
    }

    void heard() {
        lastHeardNanos = System.nanoTime();
    }

    private void check() {
        timer = null;
        if (excused.getAsBoolean()) {
            heard();
        }
        long left = timeout.toNanos() - (System.nanoTime() - lastHeardNanos);
        if (left > 0) {
            timer = eventLoop.schedule(Duration.ofNanos(left), this::check);
        } else {
            expired.accept(timeout);
        }
    }

    void stop() {
        if (timer != null) {
            try {
                timer.close();
            } catch (Exception e) {
                throw new IllegalStateException("a timer cannot be cancelled", e);
            }
            timer = null;
        }
    }
}
