/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.peers.Ports;
import io.bascule.itests.peers.SelfSigned;
import java.util.Map;

/** The same over three connections in WebSockets over TLS, with certificates on both sides. */
public class SecureResidueIT extends ResidueIT {
    private int port;
    private SelfSigned server;
    private SelfSigned own;

    @Override
    MosquittoProcess startRemote() throws Exception {
        port = Ports.free();
        server = SelfSigned.make("server");
        own = SelfSigned.make("own");
        return MosquittoProcess.start(
                "listener " + port + " 127.0.0.1",
                "protocol websockets",
                "cafile " + own.certificate(),
                "certfile " + server.certificate(),
                "keyfile " + server.key(),
                "require_certificate true");
    }

    @Override
    Map<String, String> bridgeTo(MosquittoProcess mosquitto) {
        Map<String, String> properties = super.bridgeTo(mosquitto);
        properties.put("server", "wss://127.0.0.1:" + port);
        properties.put("connections", "3");
        properties.put("tls.ca", server.certificate().toString());
        properties.put("tls.certificate", own.certificate().toString());
        properties.put("tls.key", own.key().toString());
        return properties;
    }
}
