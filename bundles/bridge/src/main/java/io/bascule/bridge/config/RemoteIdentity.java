/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

/** By what a session is known: where it is, and whose. */
public record RemoteIdentity(Server server, String clientId) {

    /** Whether the other is the same session, as far as that can be told. */
    public boolean isSame(RemoteIdentity other) {
        return server.isSameBroker(other.server) && clientId.equals(other.clientId);
    }

    @Override
    public String toString() {
        return clientId + " at " + server;
    }
}
