/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RecentFailuresTest {
    private static final long WINDOW = RecentFailures.WINDOW.toNanos();
    private static final long LONGEST = Duration.ofMinutes(12).toNanos();

    @Property(tries = 500)
    void countsAllOfTheWindowAndNothingMuchOlder(
            @ForAll @LongRange(min = -10_000, max = 10_000) long startSeconds,
            @ForAll @Size(max = 40) List<@IntRange(max = 300) Integer> pauses) {
        RecentFailures failures = new RecentFailures();
        List<Long> times = new ArrayList<>();
        long now = Duration.ofSeconds(startSeconds).toNanos();
        for (int pause : pauses) {
            now += Duration.ofSeconds(pause).toNanos();
            times.add(now);
            long latest = now;
            assertThat((long) failures.add(now))
                    .isBetween(
                            times.stream()
                                    .filter(time -> latest - time <= WINDOW)
                                    .count(),
                            times.stream()
                                    .filter(time -> latest - time < LONGEST)
                                    .count());
        }
    }

    @Test
    void endsToCountBeforeItOverflows() {
        RecentFailures failures = new RecentFailures();
        for (int i = 0; i < 5000; i++) {
            failures.add(0);
        }
        assertThat(failures.count(0)).isBetween(LoginPolicy.MOST_FAILURES, 5000);
        assertThat(failures.count(WINDOW)).isEqualTo(failures.count(0));
        assertThat(failures.count(LONGEST)).isZero();
    }
}
