/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.client;

import io.bascule.transport.EventLoop;
import java.time.Duration;
import java.time.Instant;

/** When what a client has shown of itself is no longer valid. Used on its event loop. */
final class Expiry {
    /** The clock may be set meanwhile, hence it is looked at now and then. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final Instant when;
    private final EventLoop eventLoop;
    private final Runnable then;
    private AutoCloseable timer = () -> {};
    private boolean over;

    /** @param then called once, perhaps by {@link #begin()}, unless it is ended before */
    Expiry(Instant when, EventLoop eventLoop, Runnable then) {
        this.when = when;
        this.eventLoop = eventLoop;
        this.then = then;
    }

    /** Waits from now on. */
    void begin() {
        if (over) {
            return;
        }
        Duration left = Duration.between(Instant.now(), when);
        if (left.isNegative() || left.isZero()) {
            over = true;
            then.run();
        } else {
            timer = eventLoop.schedule(left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT, this::begin);
        }
    }

    /** Waits no longer. */
    void end() {
        over = true;
        try {
            timer.close();
        } catch (Exception e) {
            throw new IllegalStateException("a timer cannot be cancelled", e);
        }
    }
}
