/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import java.time.Instant;
import java.util.Optional;

/**
 * What a bridge says to its remote broker.
 *
 * @param userName for CONNECT
 * @param password for CONNECT; not shown by {@link #toString}
 * @param expires when they are no longer good for a connection, by this machine's clock; empty for never
 */
public record Credentials(Optional<String> userName, Optional<byte[]> password, Optional<Instant> expires) {
    @Override
    public String toString() {
        return "credentials of " + userName.orElse("nobody")
                + expires.map(when -> " until " + when).orElse("");
    }
}
