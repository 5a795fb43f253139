/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimelineTest {
    private final Timeline timeline = new Timeline();

    @Test
    void knowsNothingAtFirst() {
        timeline.forgetBefore(7);

        assertThat(timeline.first()).isEmpty();
    }

    @Test
    void tellsTheLastTimeBeforeARecord() {
        timeline.add(1, 1_000);
        timeline.add(5, 5_000);
        timeline.add(9, 9_000);

        assertThat(timeline.first()).hasValue(1_000);
        timeline.forgetBefore(4);
        assertThat(timeline.first()).hasValue(1_000);
        timeline.forgetBefore(8);
        assertThat(timeline.first()).hasValue(5_000);
        timeline.forgetBefore(9);
        assertThat(timeline.first()).hasValue(9_000);
        timeline.forgetBefore(100);
        assertThat(timeline.first()).hasValue(9_000);
    }

    @Test
    void isToAboutAHundredthOfALongTime() {
        for (int i = 0; i < 100_000; i++) {
            timeline.add(i, 60_000L * i);
        }
        for (long sequence : new long[] {1, 20_000, 50_000, 99_000, 99_999}) {
            timeline.forgetBefore(sequence);
            long exact = 60_000 * sequence;
            assertThat(timeline.first().orElseThrow()).isBetween(exact - 60_000L * 100_000 / 100, exact);
        }
    }
}
