/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.log.Addresses;
import io.bascule.log.SparingLog;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Waits for the PROXY header of one connection, which Netty decodes, and is gone when it has come. Without one the connection is closed. */
final class ProxyHeader extends ChannelInboundHandlerAdapter {
    /** As long as the specification would have a receiver wait at least, and a little. */
    private static final long PATIENCE_SECONDS = 5;

    private final SparingLog log;
    private final SocketAddress proxy;
    private final Consumer<SocketAddress> passed;
    private final Runnable over;
    private Future<?> timeout;

    /**
     * For one connection.
     *
     * @param log of its listener
     * @param proxy where it comes from
     * @param passed is told who is at the other end
     * @param over is called once, when the header has come or the connection has gone
     */
    ProxyHeader(SparingLog log, SocketAddress proxy, Consumer<SocketAddress> passed, Runnable over) {
        this.log = log;
        this.proxy = proxy;
        this.passed = passed;
        this.over = over;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        timeout = ctx.executor()
                .schedule(() -> refuse(ctx, "within " + PATIENCE_SECONDS + " s"), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object received) {
        HAProxyMessage header = (HAProxyMessage) received;
        SocketAddress client = clientOf(header);
        header.release();
        passed.accept(client);
        ctx.fireChannelActive(); // those who have just come have not heard of it
        ctx.pipeline().remove(this);
    }

    /** Who is at the proxy's other end; the proxy itself where it speaks for itself, or says nothing that we understand. */
    private SocketAddress clientOf(HAProxyMessage header) {
        HAProxyProxiedProtocol protocol = header.proxiedProtocol();
        boolean internet = protocol == HAProxyProxiedProtocol.TCP4 || protocol == HAProxyProxiedProtocol.TCP6;
        if (header.command() == HAProxyCommand.LOCAL || !internet) {
            return proxy;
        }
        try {
            byte[] address = NetUtil.createByteArrayFromIpAddressString(header.sourceAddress());
            return new InetSocketAddress(InetAddress.getByAddress(address), header.sourcePort());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address that the decoder has let through", e);
        }
    }

    private void refuse(ChannelHandlerContext ctx, String why) {
        log.info(Addresses.text(proxy) + " is closed: no PROXY header " + why);
        ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        refuse(ctx, "that can be read"); // what the decoder says has the header in it, line breaks and all
    }

    /** However it has ended: a channel that closes removes its handlers. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        timeout.cancel(false);
        over.run();
    }
}
