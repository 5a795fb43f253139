/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How much may be sent, on average; each empty where nothing bounds it.
 *
 * @param messages a second
 * @param bytes a second, of topics and payloads
 */
public record Rates(OptionalInt messages, OptionalLong bytes) {
    /** Whether nothing is bounded. */
    public boolean isUnbounded() {
        return messages.isEmpty() && bytes.isEmpty();
    }
}
