/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.config.Durations;
import io.bascule.resource.Lease;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Watches one connection over which messages flow: connected is not working. A remote broker that acknowledges nothing is to be left, and
 * asked again over a new connection. What waits because a direction is paused was not sent, and so is not waited for here.
 */
final class Watchdog {
    /** Without an acknowledgement for so long the connection is of no use, whatever its keep alive says. */
    private static final Duration STALLED = Duration.ofSeconds(30);

    private static final Duration CHECK = Duration.ofSeconds(5);

    /** A connection that lasted as long as this was of use, even if no message came. */
    private static final Duration STABLE = Duration.ofSeconds(5);

    private final Lasting link;
    private final Supplier<Duration> silence;
    private final long connectedNanos;
    private final long forwardedBefore;
    private Lease timer;

    /**
     * Of a connection that messages flow over from now on.
     *
     * @param silence for how long no acknowledgement has come although one is to come
     */
    Watchdog(Lasting link, Supplier<Duration> silence) {
        this.link = link;
        this.silence = silence;
        this.connectedNanos = link.nanoTime().getAsLong();
        this.forwardedBefore = link.forwarded();
    }

    /** Watches until it is closed, or tells, once, what is wrong. */
    void start(Consumer<String> stalled) {
        timer = link.eventLoop().schedule(link.scope(), CHECK, () -> check(stalled));
    }

    private void check(Consumer<String> stalled) {
        if (silence.get().compareTo(STALLED) >= 0) {
            stalled.accept("the remote broker has acknowledged nothing for " + Durations.format(STALLED));
        } else {
            start(stalled);
        }
    }

    /** Whether the connection has been of any use so far. */
    boolean wasOfUse() {
        return link.nanoTime().getAsLong() - connectedNanos >= STABLE.toNanos() || link.forwarded() > forwardedBefore;
    }

    void close() {
        timer.close();
    }
}
