/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import java.util.Locale;

/** A number of bytes: in JSON just the number, in text with a unit. */
public record ByteCount(long bytes) {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    @Override
    public String toString() {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}
