/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.login;

import java.time.Duration;

/**
 * What becomes of those who fail to log in.
 *
 * @param failures of one user or client at one address, within {@link RecentFailures#WINDOW}, after which it is banned there
 * @param failuresOfAddress of one address, likewise, after which all of it is
 * @param ban how long a ban lasts; zero for no bans
 * @param longestHold how long an answer is held back at most
 */
public record LoginPolicy(int failures, int failuresOfAddress, Duration ban, Duration longestHold) {
    /** More than that is not counted to the end. */
    public static final int MOST_FAILURES = 1000;

    private static final Duration DEFAULT_HOLD = Duration.ofSeconds(8);

    /** What is in force where nothing is said. */
    public static final LoginPolicy DEFAULT = new LoginPolicy(10, 100, Duration.ofMinutes(5), DEFAULT_HOLD);

    private static final int FREE = 2;
    private static final int LONGEST_SHIFT = 20;

    /** How long the answer is held back that tells somebody of his so manieth failure: not at all, not at all, 1 s, 2 s, 4 s, … */
    Duration hold(int count) {
        if (count <= FREE) {
            return Duration.ZERO;
        }
        Duration hold = Duration.ofSeconds(1L << Math.min(count - FREE - 1, LONGEST_SHIFT));
        return hold.compareTo(longestHold) < 0 ? hold : longestHold;
    }

    boolean bans(int count) {
        return !ban.isZero() && count >= failures;
    }

    boolean bansAddress(int count) {
        return !ban.isZero() && count >= failuresOfAddress;
    }
}
