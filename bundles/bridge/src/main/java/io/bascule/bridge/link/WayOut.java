/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.Server;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.EventLoop;
import io.bascule.transport.Remote;
import io.bascule.transport.RemoteTls;
import io.bascule.transport.Transport;
import java.util.Optional;

/** The way to the remote brokers: what of it outlives a connection. */
final class WayOut {
    private final BridgeDefinition definition;
    private final Optional<RemoteTls> tls;

    /**
     * Begins to look at the files that it needs, until the scope is closed.
     *
     * @param changed called on the event loop when connections are made with other files from now on
     */
    WayOut(
            BridgeDefinition definition,
            Transport transport,
            EventLoop eventLoop,
            ResourceScope scope,
            Runnable changed) {
        this.definition = definition;
        this.tls = definition
                .tls()
                .map(options -> transport.tls(options, "bridge " + definition.name(), eventLoop, scope, changed));
    }

    Remote remote(Server server) {
        return new Remote(
                server.host(),
                server.port(),
                definition.connectTimeout(),
                definition.maximumPacketSize(),
                tls,
                server.scheme().isWebSocket() ? Optional.of(server.path()) : Optional.empty(),
                definition.proxy(),
                definition.tcp());
    }

    /** Why its files are not in use as they are; from any thread. */
    Optional<String> problem() {
        return tls.flatMap(RemoteTls::problem);
    }
}
