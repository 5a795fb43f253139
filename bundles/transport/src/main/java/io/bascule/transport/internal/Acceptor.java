/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.log.SparingLog;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ListenerTerms;
import io.bascule.transport.MqttServer;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** What becomes of the connections that come through one listener: the broker serves them, or they are too many. */
final class Acceptor {
    private final ListenerTerms terms;
    private final Role role;
    private final MqttServer server;
    private final ConnectRate rate;
    private final Admission admission;
    private final Entrance entrance;
    private final Optional<ProxyEntrance> proxies;
    private final Optional<WebSocketEndpoint> webSocket;
    private final Optional<? extends SocketAddress> socket;
    private final SparingLog webSocketLog;
    private final OpenConnections open = new OpenConnections();

    Acceptor(ListenerTerms terms, ListenerConfig config, LimitHits hits, MqttServer server, Entrance entrance) {
        this.terms = terms;
        this.role = new Role(
                true, config.maxConnectSize(), config.maxPacketSize(), config.properties(), config.rates(), hits);
        this.server = server;
        this.rate = new ConnectRate(config.connectRate(), hits);
        this.admission = new Admission(config.connections(), config.connectionsPerAddress(), hits);
        this.entrance = entrance;
        this.proxies = config.proxies().map(addresses -> new ProxyEntrance(terms.name(), addresses));
        this.webSocket = config.webSocket();
        this.webSocketLog =
                new SparingLog(LoggerFactory.getLogger(WebSocketHandshake.class), "listener " + terms.name());
        this.socket = config.socket().map(UnixSocket::address);
    }

    /** A connection has come. Called on its event loop, before anything is read from it. */
    void accept(Channel channel, NettyEventLoop eventLoop) {
        if (socket.isPresent()) {
            arrived(channel, eventLoop, socket.get());
        } else if (channel.remoteAddress() instanceof InetSocketAddress remote) {
            arrived(channel, eventLoop, remote);
        } else {
            channel.close(); // gone before it could be asked
        }
    }

    private void arrived(Channel channel, NettyEventLoop eventLoop, SocketAddress from) {
        open.arrived(channel);
        if (proxies.isEmpty() && !server.mayConnect(from)) { // asked here as well: it is not to use up the rate
            channel.close();
            return;
        }
        OptionalLong wait = rate.arrived(System.nanoTime());
        if (wait.isEmpty()) {
            channel.close();
        } else if (wait.getAsLong() == 0) {
            begin(channel, eventLoop, from);
        } else {
            channel.config().setAutoRead(false);
            var turn = channel.eventLoop()
                    .schedule(() -> beginLate(channel, eventLoop, from), wait.getAsLong(), TimeUnit.NANOSECONDS);
            channel.closeFuture().addListener(closed -> turn.cancel(false));
        }
    }

    private void beginLate(Channel channel, NettyEventLoop eventLoop, SocketAddress from) {
        begin(channel, eventLoop, from);
        if (channel.isActive()) {
            channel.config().setAutoRead(true);
            channel.pipeline().fireChannelActive(); // those who have just come have not heard of it
        }
    }

    private void begin(Channel channel, NettyEventLoop eventLoop, SocketAddress from) {
        proxies.ifPresentOrElse(
                entrance -> entrance.enter(channel, from, client -> admit(channel, eventLoop, client)),
                () -> admit(channel, eventLoop, from));
    }

    private void admit(Channel channel, NettyEventLoop eventLoop, SocketAddress from) {
        if (!server.mayConnect(from)) {
            channel.close();
            return;
        }
        Admission.Verdict verdict = admission.arrived(from);
        if (verdict == Admission.Verdict.TURNED_AWAY) {
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> admission.left(from, verdict));
        entrance.enter(channel, () -> serve(channel, eventLoop, from, verdict));
    }

    private void serve(Channel channel, NettyEventLoop eventLoop, SocketAddress from, Admission.Verdict verdict) {
        ConnectionHandler handler =
                verdict == Admission.Verdict.ADMITTED ? server.accept(terms) : new RefusingHandler();
        Framing framing = webSocket
                .map(endpoint -> endpoint.addTo(channel.pipeline(), webSocketLog, from))
                .orElse(Framing.NONE);
        channel.pipeline().addLast(new MqttChannel(eventLoop, handler, role, open, new Carrier(from, framing)));
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
