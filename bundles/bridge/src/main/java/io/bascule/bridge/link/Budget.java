/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.config.BudgetLimits;
import io.bascule.config.Sizes;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** How many bytes a bridge may send in a day and in a month of UTC, and how many it has sent. Safe for use by several threads. */
public final class Budget {
    private static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);
    /** 2025-01-01. A clock that says less has not been set yet, as after the start of a device without a battery. */
    private static final long FIRST_DAY = 20_089;

    private final BudgetLimits limits;
    private final Clock clock;
    private final Consumer<Budget> keeper;
    private long day;
    private long ofDay;
    private long month;
    private long ofMonth;
    /** The first day that the clock has said since it is behind. */
    private long firstBehind = Long.MAX_VALUE;

    /**
     * What was sent.
     *
     * @param day since 1970-01-01
     * @param ofDay bytes on that day
     * @param month since January of year 0
     * @param ofMonth bytes in that month
     */
    public record Figures(long day, long ofDay, long month, long ofMonth) {
        /** Nothing so far. */
        public static final Figures NONE = new Figures(0, 0, 0, 0);
    }

    /**
     * With these limits, of which so much is used.
     *
     * @param keeper called when the figures are to be kept; it is not to block
     */
    public Budget(BudgetLimits limits, Figures before, Clock clock, Consumer<Budget> keeper) {
        this.limits = limits;
        this.day = before.day();
        this.ofDay = before.ofDay();
        this.month = before.month();
        this.ofMonth = before.ofMonth();
        this.clock = clock;
        this.keeper = keeper;
    }

    /** What was sent until now. */
    public synchronized Figures figures() {
        return new Figures(day, ofDay, month, ofMonth);
    }

    /** A message has been sent. */
    public synchronized void sent(int bytes) {
        turnOver();
        ofDay += bytes;
        ofMonth += bytes;
    }

    /**
     * A clock that goes back gives nothing anew: a device without a battery begins with the day on which its system was built, months ago, until it
     * is told the time. One that then goes on from there was ahead before.
     */
    private void turnOver() {
        long now = Math.floorDiv(clock.millis(), DAY_MILLIS);
        if (now < FIRST_DAY || now == day || now == day - 1) {
            return;
        }
        if (now < day) {
            firstBehind = Math.min(firstBehind, now);
            if (now == firstBehind) {
                return;
            }
        }
        firstBehind = Long.MAX_VALUE;
        day = now;
        ofDay = 0;
        long present = LocalDate.ofEpochDay(now).getLong(ChronoField.PROLEPTIC_MONTH);
        if (present != month) {
            month = present;
            ofMonth = 0;
        }
    }

    /** When there will be something to spend again; empty where there is. */
    synchronized Optional<Instant> usedUpUntil() {
        turnOver();
        if (isUsedUp(limits.perMonth(), ofMonth)) {
            return Optional.of(start(LocalDate.ofEpochDay(day).withDayOfMonth(1).plusMonths(1)));
        }
        return isUsedUp(limits.perDay(), ofDay) ? Optional.of(start(LocalDate.ofEpochDay(day + 1))) : Optional.empty();
    }

    private static boolean isUsedUp(OptionalLong limit, long sent) {
        return limit.isPresent() && sent >= limit.getAsLong();
    }

    private static Instant start(LocalDate date) {
        return date.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** One sentence, without its end, on a budget that is used up. */
    synchronized Optional<String> problem() {
        return usedUpUntil().map(until -> {
            boolean isMonths = isUsedUp(limits.perMonth(), ofMonth);
            OptionalLong limit = isMonths ? limits.perMonth() : limits.perDay();
            return "the budget of " + Sizes.format(limit.getAsLong()) + " a " + (isMonths ? "month" : "day")
                    + " is used up, and what is to be forwarded waits until " + until;
        });
    }

    Instant now() {
        return clock.instant();
    }

    /** Sees to it that what was sent outlives the process. */
    void keep() {
        keeper.accept(this);
    }
}
