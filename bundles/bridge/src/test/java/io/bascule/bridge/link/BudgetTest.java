/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.bridge.config.BudgetLimits;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private final FakeClock clock = new FakeClock("2026-11-29T20:00:00Z");

    private Budget budget(long perDay, long perMonth) {
        return new Budget(
                new BudgetLimits(
                        perDay == 0 ? OptionalLong.empty() : OptionalLong.of(perDay),
                        perMonth == 0 ? OptionalLong.empty() : OptionalLong.of(perMonth)),
                Budget.Figures.NONE,
                clock,
                any -> {});
    }

    @Test
    void isUsedUpUntilTheNextDayOfUtc() {
        Budget budget = budget(1024, 0);
        budget.sent(1023);
        assertThat(budget.usedUpUntil()).isEmpty();
        budget.sent(1);

        assertThat(budget.usedUpUntil()).contains(Instant.parse("2026-11-30T00:00:00Z"));
        assertThat(budget.problem())
                .contains(
                        "the budget of 1KiB a day is used up, and what is to be forwarded waits until 2026-11-30T00:00:00Z");
        clock.set("2026-11-29T23:59:59.999Z");
        assertThat(budget.usedUpUntil()).isPresent();
        clock.set("2026-11-30T00:00:00Z");
        assertThat(budget.usedUpUntil()).isEmpty();
        assertThat(budget.problem()).isEmpty();
        assertThat(budget.figures().ofDay()).isZero();
        assertThat(budget.figures().ofMonth()).isEqualTo(1024);
    }

    @Test
    void isUsedUpUntilTheNextMonthOfUtc() {
        Budget budget = budget(1024, 2048);
        budget.sent(2000);
        assertThat(budget.usedUpUntil()).contains(Instant.parse("2026-11-30T00:00:00Z"));
        clock.set("2026-11-30T12:00:00Z");
        budget.sent(48);

        assertThat(budget.usedUpUntil()).contains(Instant.parse("2026-12-01T00:00:00Z"));
        assertThat(budget.problem().orElseThrow()).contains("2KiB a month");
        clock.set("2026-12-01T00:00:00Z");
        assertThat(budget.usedUpUntil()).isEmpty();
        assertThat(budget.figures().ofMonth()).isZero();
    }

    @Test
    void tellsTheSameMonthOfTwoYearsApart() {
        Budget budget = budget(0, 1024);
        budget.sent(1024);
        clock.set("2027-11-29T20:00:00Z");
        assertThat(budget.usedUpUntil()).isEmpty();
    }

    @Test
    void givesNoDayAnewToAClockThatIsSetBackOverMidnight() {
        Budget budget = budget(1024, 0);
        clock.set("2026-12-01T00:00:01Z");
        budget.sent(1024);
        clock.set("2026-11-30T23:59:59Z");
        assertThat(budget.usedUpUntil()).contains(Instant.parse("2026-12-02T00:00:00Z"));
        assertThat(budget.figures().ofMonth()).isEqualTo(1024);
        clock.set("2026-12-01T00:00:02Z");
        assertThat(budget.usedUpUntil()).contains(Instant.parse("2026-12-02T00:00:00Z"));
    }

    @Test
    void goesByAClockThatWasWrong() {
        Budget budget = budget(1024, 0);
        clock.set("2038-01-01T00:00:00Z");
        budget.sent(1024);
        clock.set("2026-11-29T20:00:00Z");
        assertThat(budget.usedUpUntil()).as("perhaps it is wrong now").isPresent();
        clock.set("2026-11-30T00:00:00Z");
        assertThat(budget.usedUpUntil()).as("it goes on").isEmpty();
    }

    /** A device without a battery begins with the day on which its system was built. */
    @Test
    void givesNothingAnewToAClockThatBeginsLongAgo() {
        Budget budget = budget(0, 1024);
        budget.sent(1024);
        Instant now = clock.instant();
        clock.set("2025-08-01T00:00:00Z");
        assertThat(budget.usedUpUntil()).isPresent();
        clock.set(now.toString());
        assertThat(budget.usedUpUntil()).isPresent();
    }

    /** A device without a battery begins in 1970. */
    @Test
    void keepsItsDayWhileTheClockIsNotSet() {
        Budget budget = budget(1024, 0);
        budget.sent(1000);
        Budget restarted = new Budget(
                new BudgetLimits(OptionalLong.of(1024), OptionalLong.empty()), budget.figures(), clock, any -> {});
        clock.set("1970-01-01T00:00:10Z");
        restarted.sent(24);
        assertThat(restarted.usedUpUntil()).contains(Instant.parse("2026-11-30T00:00:00Z"));
        clock.set("2026-11-29T20:01:00Z");
        assertThat(restarted.usedUpUntil()).contains(Instant.parse("2026-11-30T00:00:00Z"));
    }
}
