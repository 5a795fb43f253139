/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.MqttServer;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** What becomes of the connections that come through one listener: the broker serves them, or they are too many. */
final class Acceptor {
    private final String listener;
    private final Role role;
    private final MqttServer server;
    private final Admission admission;
    private final Entrance entrance;
    private final Optional<WebSocketEndpoint> webSocket;
    private final OpenConnections open = new OpenConnections();

    Acceptor(
            String listener,
            Role role,
            MqttServer server,
            Admission admission,
            Entrance entrance,
            Optional<WebSocketEndpoint> webSocket) {
        this.listener = listener;
        this.role = role;
        this.server = server;
        this.admission = admission;
        this.entrance = entrance;
        this.webSocket = webSocket;
    }

    /** A connection has come. Called on its event loop, before anything is read from it. */
    void accept(Channel channel, NettyEventLoop eventLoop) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
            channel.close(); // gone before it could be asked
            return;
        }
        InetAddress from = remote.getAddress();
        Admission.Verdict verdict = admission.arrived(from);
        if (verdict == Admission.Verdict.TURNED_AWAY) {
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> admission.left(from, verdict));
        open.arrived(channel);
        entrance.enter(channel, () -> serve(channel, eventLoop, verdict));
    }

    private void serve(Channel channel, NettyEventLoop eventLoop, Admission.Verdict verdict) {
        ConnectionHandler handler = verdict == Admission.Verdict.ADMITTED
                ? server.accept(listener, role.packetSize())
                : new RefusingHandler();
        Framing framing = webSocket
                .map(endpoint -> endpoint.addTo(channel.pipeline(), listener))
                .orElse(Framing.NONE);
        channel.pipeline().addLast(new MqttChannel(eventLoop, handler, role, open, framing));
    }

    /** How many clients the broker serves. */
    int connections() {
        return admission.admitted();
    }

    /** Tells every client why, closes, and waits until all are gone or the time is up. */
    void closeAll(ReasonCode reason, String what, long timeoutMillis) {
        open.closeAll(reason, what, timeoutMillis);
    }
}
