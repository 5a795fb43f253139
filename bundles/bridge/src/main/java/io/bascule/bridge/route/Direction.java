/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import java.util.Locale;

/** Which way a route leads. */
public enum Direction {
    /** From the local broker to the remote one. */
    FORWARD,
    /** From the remote broker to the local one. */
    SUBSCRIBE;

    /** The word that a route's key begins with. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The key of the route of this name. */
    public String key(String route) {
        return this + "." + route;
    }
}
