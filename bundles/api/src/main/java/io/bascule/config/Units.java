/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.config;

import java.util.Map;

/** A whole number with a unit behind it, such as {@code 60s} or {@code 256 MiB}. */
final class Units {
    private Units() {}

    /** The number times its unit; {@code bare} is the unit of a number without one, 0 where only zero may stand alone. */
    static long parse(String text, Map<String, Long> units, long bare) {
        String trimmed = text.trim();
        int digits = 0;
        while (digits < trimmed.length() && isDigit(trimmed.charAt(digits))) {
            digits++;
        }
        String unit = trimmed.substring(digits).trim();
        if (digits == 0) {
            throw new IllegalArgumentException("\"" + text + "\" is not a whole number with a unit");
        }
        try {
            long number = Long.parseLong(trimmed.substring(0, digits));
            return Math.multiplyExact(number, factor(text, number, unit, units, bare));
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("\"" + text + "\" is too large a number", e);
        }
    }

    private static long factor(String text, long number, String unit, Map<String, Long> units, long bare) {
        if (unit.isEmpty()) {
            if (bare == 0 && number != 0) {
                throw new IllegalArgumentException("\"" + text + "\" has no unit");
            }
            return bare;
        }
        Long factor = units.get(unit);
        if (factor == null) {
            throw new IllegalArgumentException("\"" + unit + "\" is not a unit");
        }
        return factor;
    }

    /** The number in the largest of these units that leaves no remainder; the units are in rising order. */
    static String format(long value, Map<String, Long> units) {
        String best = "";
        for (Map.Entry<String, Long> unit : units.entrySet()) {
            if (best.isEmpty() || value != 0 && value % unit.getValue() == 0) {
                best = value / unit.getValue() + unit.getKey();
            }
        }
        return best;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
