/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.api.BridgeStatus;
import io.bascule.api.Identity;
import io.bascule.mqtt.MqttVersion;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * A client as far as its rights are concerned: what stays the same from CONNECT to the end of the connection, unless it authenticates
 * again.
 *
 * @param clientId as sent, or as assigned by the broker
 * @param identity who it has proved to be
 * @param version the protocol it speaks, empty for a session in this process
 * @param listener the name of the listener it came through, empty for a session in this process
 * @param address where it connects from, an IP address and a port, or the Unix domain socket that it has connected to; empty for a session in this process
 */
public record Client(
        String clientId,
        Identity identity,
        Optional<MqttVersion> version,
        Optional<String> listener,
        Optional<SocketAddress> address) {

    /** The name of the bridge that it is: a session in this process whose client id is a bridge's, which no client that connects can be. */
    public Optional<String> bridge() {
        boolean inProcess = version.isEmpty() && listener.isEmpty() && address.isEmpty();
        return inProcess && clientId.startsWith(BridgeStatus.LOCAL_PREFIX)
                ? Optional.of(clientId.substring(BridgeStatus.LOCAL_PREFIX.length()))
                : Optional.empty();
    }

    /** A bridge as its rights are asked for: it has no user name. */
    public static Client ofBridge(String name) {
        return new Client(
                BridgeStatus.LOCAL_PREFIX + name,
                Identity.ANONYMOUS,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
