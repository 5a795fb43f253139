/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.config;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Durations as they stand in configuration files: a whole number and a unit, such as {@code 500ms}, {@code 60s} or {@code 5m}. */
public final class Durations {
    private static final Map<String, Long> MILLIS = units();

    private Durations() {}

    private static Map<String, Long> units() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("ms", 1L);
        units.put("s", 1_000L);
        units.put("m", 60_000L);
        units.put("h", 3_600_000L);
        units.put("d", 86_400_000L);
        return Collections.unmodifiableMap(units);
    }

    /**
     * The duration of this text, to the millisecond. Only {@code 0} needs no unit.
     *
     * @throws IllegalArgumentException when it is not a duration; the message says why
     */
    public static Duration parse(String text) {
        return Duration.ofMillis(Units.parse(text, MILLIS, 0));
    }

    /** The shortest text that {@link #parse} reads back, to the millisecond. */
    public static String format(Duration duration) {
        return Units.format(duration.toMillis(), MILLIS);
    }
}
