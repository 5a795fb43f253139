/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: anything between the shortest delay and a ceiling that doubles with every failure, so that a
 * hundred bridges whose broker comes back do not all knock at once. A connection that lasted begins anew.
 */
final class Backoff {
    /** A connection that lasted as long as this was a good one. */
    static final Duration STABLE = Duration.ofSeconds(5);

    private final Duration shortest;
    private final Duration longest;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration shortest, Duration longest, RandomGenerator random) {
        this.shortest = shortest;
        this.longest = longest;
        this.random = random;
    }

    /** The delay after a connection that was of use for this long; zero when it never was. */
    Duration next(Duration connected) {
        failures = connected.compareTo(STABLE) >= 0 ? 1 : Math.min(failures + 1, 30);
        long lowest = shortest.toMillis();
        long ceiling = Math.min(longest.toMillis(), lowest << failures);
        return Duration.ofMillis(random.nextLong(lowest, ceiling + 1));
    }
}
