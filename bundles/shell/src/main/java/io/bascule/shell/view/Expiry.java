/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import java.time.Duration;

/**
 * A Session Expiry Interval: in JSON the number of seconds, in text what the two ends of its range mean.
 *
 * @param seconds 0 to 4,294,967,295
 */
public record Expiry(long seconds) {
    private static final long NEVER = 0xFFFF_FFFFL;

    @Override
    public String toString() {
        if (seconds == 0) {
            return "with the connection";
        }
        return seconds == NEVER ? "never" : Text.of(Duration.ofSeconds(seconds));
    }
}
