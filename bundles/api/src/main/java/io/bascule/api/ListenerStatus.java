/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.util.Optional;

/**
 * A listener at one moment.
 *
 * @param name from its configuration's file name
 * @param state whether it accepts connections
 * @param host as configured; the path of its Unix domain socket where it has one
 * @param port the bound port while it is open, as configured otherwise; 0 with a Unix domain socket
 * @param connections how many clients are connected through it
 * @param reason why it is not open, or what of its configuration is not in force although it is
 */
public record ListenerStatus(
        String name, State state, String host, int port, int connections, Optional<String> reason) {

    /** One word for how a listener stands. */
    public enum State {
        /** Bound and accepting. */
        OPEN,
        /** Could not bind, or the files of its certificates will not do; tries again by itself. */
        RETRYING,
        /** Kept shut by its configuration until that is edited. */
        CONFIG_INVALID
    }
}
