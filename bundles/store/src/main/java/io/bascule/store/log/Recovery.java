/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.util.List;

/**
 * What opening a log found.
 *
 * @param records how many were replayed
 * @param truncatedBytes how much was cut off the end of the last segment: what was being written when the process ended
 * @param quarantined the segments that are damaged, in their order; empty but for a bad disk or a foreign hand
 */
public record Recovery(long records, long truncatedBytes, List<Quarantined> quarantined) {
    public Recovery {
        quarantined = List.copyOf(quarantined);
    }

    /**
     * A damaged segment. What comes before the damage is in use; the file stays as it is until somebody removes it.
     *
     * @param file its name in the folder
     * @param records how many of it were replayed
     * @param unreadableBytes how much is behind them
     */
    public record Quarantined(String file, long records, long unreadableBytes) {}
}
