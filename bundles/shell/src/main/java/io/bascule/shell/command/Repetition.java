/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How often a message is sent, and how fast.
 *
 * @param count 1 or more
 * @param perSecond 1 or more; as fast as it goes when empty
 */
record Repetition(int count, Optional<Integer> perSecond) {
    static final Repetition ONCE = new Repetition(1, Optional.empty());

    private static final int HIGHEST_COUNT = 1_000_000_000;
    private static final int HIGHEST_RATE = 1_000_000;

    /** As typed, each null when it was left out. */
    static Repetition of(String count, String rate) {
        if (count == null && rate != null) {
            throw new CommandFailure("--rate needs --count: how many in all.");
        }
        String perSecond = rate != null && rate.endsWith("/s") ? rate.substring(0, rate.length() - 2) : rate;
        return new Repetition(
                Input.number("--count", count, HIGHEST_COUNT).orElse(1),
                Input.number("--rate", perSecond, HIGHEST_RATE));
    }

    /** When the message of this index is due after the first, in nanoseconds; fits for every count and rate. */
    long dueNanos(int index) {
        return perSecond
                .map(rate -> TimeUnit.SECONDS.toNanos(index / rate) + TimeUnit.SECONDS.toNanos(index % rate) / rate)
                .orElse(0L);
    }
}
