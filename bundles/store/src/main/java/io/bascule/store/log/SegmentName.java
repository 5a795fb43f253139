/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the files of a log are called: their number in 20 digits, and in what state they are. */
final class SegmentName {
    private static final String GOOD = ".log";
    private static final String QUARANTINED = ".quarantined";
    private static final String DAMAGED = ".damaged";
    private static final Pattern IN_USE = Pattern.compile("(00\\d{18})(" + GOOD + "|" + QUARANTINED + ")");

    private SegmentName() {}

    static String of(long number) {
        return name(number, GOOD);
    }

    /** Damaged; what comes before the damage is in use. */
    static String quarantined(long number) {
        return name(number, QUARANTINED);
    }

    /** Damaged, and nothing of it is in use: left for people to look at. */
    static String damaged(long number) {
        return name(number, DAMAGED);
    }

    private static String name(long number, String suffix) {
        return String.format("%020d", number) + suffix;
    }

    /** The number, where this is a file that is in use. */
    static OptionalLong parse(String name) {
        Matcher matcher = IN_USE.matcher(name);
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    static boolean isQuarantined(String name) {
        return name.endsWith(QUARANTINED);
    }
}
