/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.util.Locale;
import org.osgi.annotation.versioning.ProviderType;

/** One bridge, as an OSGi service: there while its configuration is, whether it is connected or not. */
@ProviderType
public interface Bridge {

    /** Which way a route leads. */
    enum Direction {
        /** From the local broker to the remote one. */
        FORWARD,
        /** From the remote broker to the local one. */
        SUBSCRIBE;

        /** The word that a route's key begins with. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How it stands now. */
    BridgeStatus status();
}
