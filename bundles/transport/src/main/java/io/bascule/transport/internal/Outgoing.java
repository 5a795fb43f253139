/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.resource.Lease;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.Proxy;
import io.bascule.transport.Remote;
import io.bascule.transport.internal.tls.RemoteContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyConnectionEvent;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One outgoing connection from the first look-up to its end. The handler hears of its end exactly once, from here while there is no
 * connection, from the channel after that.
 *
 * <p>Its state is touched on its event loop alone; closing it ends it at whatever stage it is.
 */
final class Outgoing implements AutoCloseable, Lifecycle {
    private final NettyTransport transport;
    private final Remote remote;
    private final NettyEventLoop eventLoop;
    private final ConnectionHandler handler;

    private Lease lease;
    private AutoCloseable timeout = () -> {};
    private long begunNanos;
    private Optional<RemoteContext> tls = Optional.empty();
    private Channel channel;
    private MqttConnection open;
    private boolean over;

    Outgoing(NettyTransport transport, Remote remote, NettyEventLoop eventLoop, ConnectionHandler handler) {
        this.transport = transport;
        this.remote = remote;
        this.eventLoop = eventLoop;
        this.handler = handler;
    }

    void start(Lease held) {
        eventLoop.execute(() -> {
            lease = held;
            if (over) {
                lease.ended();
                return;
            }
            begunNanos = System.nanoTime();
            timeout = eventLoop.schedule(remote.connectTimeout(), this::timedOut);
            remote.tls()
                    .map(RemoteTlsFiles.class::cast)
                    .ifPresentOrElse(
                            files -> files.whenRead(
                                    read -> eventLoop.execute(() -> resolve(Optional.of(read))),
                                    why -> eventLoop.execute(() -> fail(why))),
                            () -> resolve(Optional.empty()));
        });
    }

    /** A proxy resolves the name of the other broker itself: where there is one, nobody else may know it. */
    private void resolve(Optional<RemoteContext> context) {
        if (over) {
            return;
        }
        tls = context;
        String host = remote.proxy().map(Proxy::host).orElse(remote.host());
        transport
                .resolver()
                .resolveAll(
                        host,
                        addresses -> eventLoop.execute(() -> connect(addresses)),
                        why -> eventLoop.execute(() -> fail("cannot resolve " + host + ": " + why)));
    }

    /** Tries one after the other, each for its share of the time that is left. */
    private void connect(List<InetAddress> addresses) {
        if (over) {
            return;
        }
        int port = remote.proxy().map(Proxy::port).orElse(remote.port());
        InetSocketAddress to = new InetSocketAddress(addresses.get(0), port);
        List<InetAddress> others = addresses.subList(1, addresses.size());
        long leftMillis =
                remote.connectTimeout().toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos);
        int shareMillis = others.isEmpty() ? 0 : (int) Math.max(1, leftMillis / addresses.size());
        transport
                .open(to, remote, shareMillis, eventLoop, made -> prepare(made, to))
                .addListener(connected -> {
                    if (connected.isSuccess()) {
                        return;
                    } else if (others.isEmpty()) {
                        fail(describe(connected.cause()));
                    } else {
                        eventLoop.execute(() -> connect(others));
                    }
                });
    }

    /** What the channel has on its way, the nearest to the network first. */
    private void prepare(Channel made, InetSocketAddress to) {
        channel = made;
        Role role = new Role(
                false,
                remote.maximumPacketSize(),
                remote.maximumPacketSize(),
                PropertyLimits.DEFAULT,
                ClientRates.ANY,
                new LimitHits());
        MqttChannel mqtt = new MqttChannel(eventLoop, handler, role, this, new Carrier(to, Framing.NONE));
        ChannelPipeline pipeline = made.pipeline();
        Predicate<Object> done = null;
        if (remote.proxy().isPresent()) {
            pipeline.addLast(proxyHandler(remote.proxy().get(), to));
            done = event -> event instanceof ProxyConnectionEvent;
        }
        if (tls.isPresent()) {
            HandshakeSteps steps = new HandshakeSteps(made, transport.handshakes());
            SslHandler handshake = tls.get().handler(made.alloc(), remote.host(), remote.port(), steps);
            handshake.setHandshakeTimeoutMillis(0); // there is one time limit for all stages
            handshake.handshakeFuture().addListener(ended -> steps.over());
            pipeline.addLast(new UnreadAnswers(), handshake);
            done = event -> event == SslHandshakeCompletionEvent.SUCCESS;
        }
        if (remote.webSocket().isPresent()) {
            WebSocketStream.addTo(pipeline, remote, remote.webSocket().get());
            done = WebSocketStream::isOpened;
        }
        if (done == null) {
            pipeline.addLast(mqtt);
        } else {
            pipeline.addLast(new OutgoingGate(
                    done,
                    () -> pipeline.addLast(mqtt),
                    cause -> fail("no connection to " + remote + ": " + describe(cause))));
        }
    }

    private static ProxyHandler proxyHandler(Proxy proxy, InetSocketAddress to) {
        String user = proxy.user().map(Proxy.User::name).orElse(null);
        String password = proxy.user().map(Proxy.User::password).orElse(null);
        ProxyHandler handler = proxy.kind() == Proxy.Kind.SOCKS5
                ? new Socks5ProxyHandler(to, user, password)
                : user == null ? new HttpProxyHandler(to) : new HttpProxyHandler(to, user, password);
        handler.setConnectTimeoutMillis(0); // there is one time limit for all stages
        return handler;
    }

    private static String describe(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private void timedOut() {
        fail("no connection to " + remote + " within " + remote.connectTimeout().toMillis() + " ms");
    }

    /** Ends an attempt that has come to nothing. */
    private void fail(String why) {
        if (over || open != null) {
            return;
        }
        finish();
        if (channel != null) {
            channel.close();
        }
        handler.closed(why);
    }

    private void finish() {
        over = true;
        cancelTimeout();
        if (lease != null) {
            lease.ended();
        }
    }

    private void cancelTimeout() {
        try {
            timeout.close();
        } catch (Exception e) {
            throw new IllegalStateException("a timer cannot be cancelled", e);
        }
    }

    @Override
    public void opened(MqttConnection connection) {
        open = connection;
        cancelTimeout();
    }

    @Override
    public void closed(MqttConnection connection) {
        finish();
    }

    @Override
    public void close() {
        eventLoop.execute(() -> {
            if (open != null) {
                open.close();
            } else {
                fail("cancelled");
            }
        });
    }
}
