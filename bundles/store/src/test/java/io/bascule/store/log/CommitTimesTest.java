/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CommitTimesTest {
    private final CommitTimes times = new CommitTimes();

    @Test
    void hasNothingAtFirst() {
        assertThat(times.info()).isEqualTo(new CommitInfo(0, Duration.ZERO, Duration.ZERO, Duration.ZERO));
    }

    @Test
    void tellsWhatFewDoNotExceed() {
        for (int i = 200; i > 0; i--) {
            times.add(i);
        }
        assertThat(times.info())
                .isEqualTo(new CommitInfo(200, Duration.ofNanos(100), Duration.ofNanos(198), Duration.ofNanos(200)));
    }

    @Test
    void forgetsTheOldest() {
        times.add(1_000_000);
        for (int i = 0; i < 1_024; i++) {
            times.add(5);
        }
        assertThat(times.info())
                .isEqualTo(new CommitInfo(1_025, Duration.ofNanos(5), Duration.ofNanos(5), Duration.ofNanos(5)));
    }
}
