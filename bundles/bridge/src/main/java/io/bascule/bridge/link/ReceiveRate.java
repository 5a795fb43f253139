/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.resource.Lease;
import java.time.Duration;

/**
 * Holds the remote broker to {@code receive.rate} over one connection. Receive Maximum bounds QoS 1 and 2, nothing in MQTT bounds QoS 0: a
 * remote broker that floods would take the whole event loop from everybody else on it. What is not read TCP holds back.
 */
final class ReceiveRate {
    /** What may come at once: about as much as is read from a socket at a time, so that nobody waits longer for his turn. */
    private static final long BURST_NANOS = 2_000_000;

    private static final int BYTES_COUNTED_ONCE = 1024;

    private final Lasting link;
    private final Runnable changed;
    private final long nanosEach;
    private long spentUntil;
    private boolean heldBack;
    private Lease timer;

    /** {@code changed} hears when {@link #isHeldBack} has changed. */
    ReceiveRate(Lasting link, Runnable changed) {
        this.link = link;
        this.changed = changed;
        this.nanosEach = Duration.ofSeconds(1).toNanos() / link.definition().receiveRate();
        this.spentUntil = link.nanoTime().getAsLong();
    }

    /** A QoS 0 message has come. */
    void count(int bytes) {
        long now = link.nanoTime().getAsLong();
        long weight = 1 + (bytes - 1) / BYTES_COUNTED_ONCE;
        spentUntil = now + Math.max(0, spentUntil - now) + weight * nanosEach;
        if (!heldBack && spentUntil - now > BURST_NANOS) {
            heldBack = true;
            rest(now);
            changed.run();
        }
    }

    private void rest(long now) {
        timer = link.eventLoop().schedule(link.scope(), Duration.ofNanos(spentUntil - now), this::rested);
    }

    private void rested() {
        long now = link.nanoTime().getAsLong();
        if (spentUntil - now > 0) {
            rest(now); // what had been read from the socket already came meanwhile
        } else {
            heldBack = false;
            changed.run();
        }
    }

    /** Whether nothing more is to be read for now. */
    boolean isHeldBack() {
        return heldBack;
    }

    void close() {
        if (timer != null) {
            timer.close();
        }
    }
}
