/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.resource.Lease;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.Remote;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

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
            timeout = eventLoop.schedule(remote.connectTimeout(), this::timedOut);
            transport
                    .resolver()
                    .resolve(
                            remote.host(),
                            address -> eventLoop.execute(() -> connect(address)),
                            why -> eventLoop.execute(() -> fail("cannot resolve " + remote.host() + ": " + why)));
        });
    }

    private void connect(InetAddress address) {
        if (over) {
            return;
        }
        Role role = new Role(
                false,
                remote.maximumPacketSize(),
                remote.maximumPacketSize(),
                PropertyLimits.DEFAULT,
                ClientRates.ANY,
                new LimitHits());
        InetSocketAddress to = new InetSocketAddress(address, remote.port());
        MqttChannel mqtt = new MqttChannel(eventLoop, handler, role, this, new Carrier(to, Framing.NONE));
        transport.open(to, eventLoop, mqtt, made -> channel = made).addListener(connected -> {
            if (!connected.isSuccess()) {
                fail(describe(connected.cause()));
            }
        });
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
