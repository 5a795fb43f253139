/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Duration MIN = Duration.ofSeconds(1);
    private static final Duration MAX = Duration.ofSeconds(60);

    @Test
    void staysWithinItsBoundsAndGrowsUpToTheLongest() {
        long seed = System.nanoTime();
        Backoff backoff = new Backoff(MIN, MAX, new SplittableRandom(seed));
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 1_000; i++) {
            Duration delay = backoff.next(false);
            assertThat(delay).as("seed " + seed).isBetween(MIN, i == 0 ? MIN.multipliedBy(2) : MAX);
            longest = longest.compareTo(delay) > 0 ? longest : delay;
        }
        assertThat(longest).as("seed " + seed).isGreaterThan(Duration.ofSeconds(40));
    }

    @Test
    void beginsAnewAfterAConnectionThatWasOfUse() {
        Backoff backoff = new Backoff(MIN, MAX, new SplittableRandom(1));
        for (int i = 0; i < 100; i++) {
            backoff.next(false);
        }

        assertThat(backoff.next(true)).isLessThanOrEqualTo(MIN.multipliedBy(2));
    }

    @Test
    void allowsBoundsThatAreAlike() {
        assertThat(new Backoff(MAX, MAX, new SplittableRandom(1)).next(false)).isEqualTo(MAX);
    }
}
