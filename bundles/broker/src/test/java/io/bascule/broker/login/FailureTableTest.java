/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailureTableTest {
    private static final int CAPACITY = 100;
    private static final long LATER = Duration.ofHours(1).toNanos();

    private final FailureTable table = new FailureTable(CAPACITY);

    private int failed(String key, int times) {
        int count = 0;
        for (int i = 0; i < times; i++) {
            count = table.failed(key, 0);
        }
        return count;
    }

    @Test
    void aFloodOfNamesPushesOutNobodyWhoHasFailedMoreOften() {
        failed("guesser", 5);
        for (int i = 0; i < 10 * CAPACITY; i++) {
            failed("random-" + i, 1);
        }
        assertThat(table.size()).isEqualTo(CAPACITY);
        assertThat(failed("guesser", 1)).isEqualTo(6);
        assertThat(failed("random-0", 1)).isEqualTo(1);
        assertThat(failed("random-" + (10 * CAPACITY - 1), 1)).isEqualTo(2);
    }

    @Test
    void aTableFullOfTheWorseStillHasRoomForWhoBegins() {
        for (int i = 0; i < 10 * CAPACITY; i++) {
            failed("random-" + i, 2);
        }
        for (int i = 1; i <= 9; i++) {
            assertThat(failed("guesser", 1)).isEqualTo(i);
            failed("more-" + i, 2);
        }
        assertThat(table.size()).isEqualTo(CAPACITY);
    }

    @Test
    void forgetsWhoHasNotFailedOfLate() {
        failed("a", 1);
        failed("b", 9);
        table.sweep(LATER, 10);
        assertThat(table.size()).isZero();
        table.failed("a", LATER);
        table.sweep(LATER, 10);
        assertThat(table.size()).isEqualTo(1);
        table.forget("a");
        assertThat(table.size()).isZero();
    }
}
