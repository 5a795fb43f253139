/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.client;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How a client connects.
 *
 * @param lasting whether the session outlives the connection, and an earlier one is taken up
 * @param keepAlive in seconds, 0 for none
 * @param user who it says it is
 */
public record ConnectOptions(
        Version version, int port, String clientId, boolean lasting, int keepAlive, Optional<User> user) {
    private static final int KEEP_ALIVE = 60;

    /** A User Name and a Password. */
    public record User(String name, byte[] password) {}

    /** Somebody without a name. */
    public ConnectOptions(Version version, int port, String clientId, boolean lasting, int keepAlive) {
        this(version, port, clientId, lasting, keepAlive, Optional.empty());
    }

    /** A session that ends with the connection. */
    public static ConnectOptions of(Version version, int port, String clientId) {
        return new ConnectOptions(version, port, clientId, false, KEEP_ALIVE);
    }

    /** A session that stays when the connection goes. */
    public ConnectOptions lastingSession() {
        return new ConnectOptions(version, port, clientId, true, keepAlive, user);
    }

    /** The same for a user. */
    public ConnectOptions as(String name, String password) {
        User other = new User(name, password.getBytes(StandardCharsets.UTF_8));
        return new ConnectOptions(version, port, clientId, lasting, keepAlive, Optional.of(other));
    }
}
