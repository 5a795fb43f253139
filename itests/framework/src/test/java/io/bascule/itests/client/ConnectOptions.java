/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.client;

/**
 * How a client connects.
 *
 * @param lasting whether the session outlives the connection, and an earlier one is taken up
 * @param keepAlive in seconds, 0 for none
 */
public record ConnectOptions(Version version, int port, String clientId, boolean lasting, int keepAlive) {
    private static final int KEEP_ALIVE = 60;

    /** A session that ends with the connection. */
    public static ConnectOptions of(Version version, int port, String clientId) {
        return new ConnectOptions(version, port, clientId, false, KEEP_ALIVE);
    }

    /** A session that stays when the connection goes. */
    public ConnectOptions lastingSession() {
        return new ConnectOptions(version, port, clientId, true, keepAlive);
    }
}
