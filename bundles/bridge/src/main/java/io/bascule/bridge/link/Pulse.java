/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** How the remote broker answers over one connection: written on the link's event loop, read from anywhere. */
final class Pulse {
    private static final long NONE = Long.MIN_VALUE;

    private final LongSupplier nanoTime;
    private volatile long waitingSince = NONE;
    private volatile long askedAt = NONE;
    private volatile Optional<Duration> roundTrip = Optional.empty();
    private long asks;
    private long answers;

    Pulse(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A message, or its release, has gone out and is to be acknowledged. */
    void sent() {
        if (waitingSince == NONE) {
            waitingSince = nanoTime.getAsLong();
        }
    }

    /** An acknowledgement has come; {@code others} are still to come. */
    void acknowledged(boolean others) {
        waitingSince = others ? nanoTime.getAsLong() : NONE;
    }

    /** How long no acknowledgement has come although one is to come; zero when none is. */
    Duration silence() {
        long since = waitingSince;
        return since == NONE ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - since);
    }

    /** CONNECT or PINGREQ has gone out, which the remote broker answers by itself. */
    void asked() {
        askedAt = nanoTime.getAsLong();
        asks++;
    }

    /** How often it was asked. */
    long asks() {
        return asks;
    }

    /** How many of those were answered: whatever was sent before the last of them has been read. */
    long answers() {
        return answers;
    }

    /** Its answer has come. */
    void answered() {
        long at = askedAt;
        answers = Math.min(answers + 1, asks);
        if (at != NONE) {
            roundTrip = Optional.of(Duration.ofNanos(nanoTime.getAsLong() - at));
            askedAt = NONE;
        }
    }

    /** How long the last answer to CONNECT or PINGREQ took; empty before the first. */
    Optional<Duration> roundTrip() {
        return roundTrip;
    }
}
