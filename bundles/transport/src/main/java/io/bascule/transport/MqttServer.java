/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import java.net.SocketAddress;
import org.osgi.annotation.versioning.ConsumerType;

/** Serves the connections of every listener, as an OSGi service: listeners are open while there is one. */
@ConsumerType
public interface MqttServer {

    /**
     * A client has connected and has not said anything yet. Called on the event loop that the connection will belong to.
     *
     * @param listener the one it came through
     */
    ConnectionHandler accept(ListenerTerms listener);

    /**
     * Whether somebody who connects is to be served at all. If not, the connection is closed before anything is read from it, a TLS handshake
     * included. Called on the event loop of the connection, for every one, and must not block.
     *
     * @param from an IP address and a port, that of the client where a proxy tells it, or the Unix domain socket that it has connected to
     */
    default boolean mayConnect(SocketAddress from) {
        return true;
    }
}
