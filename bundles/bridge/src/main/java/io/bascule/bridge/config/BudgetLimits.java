/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import java.util.OptionalLong;

/**
 * How many bytes of topics and payloads may be sent; each empty where nothing bounds it.
 *
 * @param perDay in a day of UTC
 * @param perMonth in a month of UTC
 */
public record BudgetLimits(OptionalLong perDay, OptionalLong perMonth) {
    /** Whether nothing is bounded. */
    public boolean isUnbounded() {
        return perDay.isEmpty() && perMonth.isEmpty();
    }
}
