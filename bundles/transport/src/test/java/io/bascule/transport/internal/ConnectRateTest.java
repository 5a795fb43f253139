/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ConnectRateTest {
    private static final long SECOND = 1_000_000_000L;

    private final LimitHits hits = new LimitHits();
    private long now = -5 * SECOND;

    private long arrived(ConnectRate rate) {
        return rate.arrived(now).orElse(-1);
    }

    @Test
    void letsAsManyBeginAtOnceAsInASecondAndGivesTheOthersTheirTime() {
        ConnectRate rate = new ConnectRate(4, hits);
        for (int i = 0; i < 4; i++) {
            assertThat(arrived(rate)).isZero();
        }
        assertThat(hits.of(Limit.CONNECT_RATE)).isZero();
        assertThat(arrived(rate)).isEqualTo(SECOND / 4);
        assertThat(arrived(rate)).isEqualTo(SECOND / 2);
        now += SECOND / 2;
        assertThat(arrived(rate)).isEqualTo(SECOND / 4);
        assertThat(hits.of(Limit.CONNECT_RATE)).isEqualTo(3);
    }

    @Test
    void savesUpNoMoreThanASecond() {
        ConnectRate rate = new ConnectRate(2, hits);
        arrived(rate);
        now += 60 * SECOND;
        assertThat(arrived(rate)).isZero();
        assertThat(arrived(rate)).isZero();
        assertThat(arrived(rate)).isEqualTo(SECOND / 2);
        now += SECOND;
        assertThat(arrived(rate)).isZero();
        assertThat(arrived(rate)).isEqualTo(SECOND / 2);
    }

    @Test
    void turnsAwayWhoeverWouldWaitForMoreThanTenSeconds() {
        ConnectRate rate = new ConnectRate(3, hits);
        for (int i = 0; i < 3 + 30; i++) {
            assertThat(arrived(rate)).isBetween(0L, 10 * SECOND);
        }
        assertThat(rate.arrived(now)).isEqualTo(OptionalLong.empty());
        assertThat(hits.of(Limit.CONNECT_RATE)).isEqualTo(31);
        now += SECOND; // who was turned away has used up nothing
        assertThat(arrived(rate)).isBetween(9 * SECOND, 10 * SECOND);
    }

    @Test
    void mayBeUnlimited() {
        ConnectRate rate = new ConnectRate(ConnectRate.UNLIMITED, hits);
        for (int i = 0; i < 100_000; i++) {
            assertThat(arrived(rate)).isZero();
        }
    }
}
