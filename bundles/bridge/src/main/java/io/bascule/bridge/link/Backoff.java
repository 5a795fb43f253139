/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: anything between the shortest delay and a ceiling that doubles with every failure, so that a
 * hundred bridges whose broker comes back do not all knock at once. A connection that was of use begins anew: on a link that flaps, waiting
 * ever longer would be the larger loss.
 */
final class Backoff {
    private final Duration shortest;
    private final Duration longest;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration shortest, Duration longest, RandomGenerator random) {
        this.shortest = shortest;
        this.longest = longest;
        this.random = random;
    }

    /** Begins anew. */
    void reset() {
        failures = 0;
    }

    /** The delay after an attempt, or after a connection. */
    Duration next(boolean ofUse) {
        failures = ofUse ? 1 : Math.min(failures + 1, 30);
        long lowest = shortest.toMillis();
        long ceiling = Math.min(longest.toMillis(), lowest << failures);
        return Duration.ofMillis(random.nextLong(lowest, ceiling + 1));
    }
}
