/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sizes in bytes as they stand in configuration files: a whole number and a unit, such as {@code 256MiB}; without a unit, bytes. */
public final class Sizes {
    private static final Map<String, Long> BINARY = binaryUnits();
    private static final Map<String, Long> ALL = allUnits();

    private Sizes() {}

    private static Map<String, Long> binaryUnits() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("B", 1L);
        units.put("KiB", 1L << 10);
        units.put("MiB", 1L << 20);
        units.put("GiB", 1L << 30);
        units.put("TiB", 1L << 40);
        return Collections.unmodifiableMap(units);
    }

    private static Map<String, Long> allUnits() {
        Map<String, Long> units = new LinkedHashMap<>(binaryUnits());
        units.put("kB", 1_000L);
        units.put("KB", 1_000L);
        units.put("MB", 1_000_000L);
        units.put("GB", 1_000_000_000L);
        units.put("TB", 1_000_000_000_000L);
        return Collections.unmodifiableMap(units);
    }

    /**
     * The number of bytes of this text.
     *
     * @throws IllegalArgumentException when it is not a size; the message says why
     */
    public static long parse(String text) {
        return Units.parse(text, ALL, 1);
    }

    /** The shortest text in binary units that {@link #parse} reads back. */
    public static String format(long bytes) {
        return Units.format(bytes, BINARY);
    }
}
