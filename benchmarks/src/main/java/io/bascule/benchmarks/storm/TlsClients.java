/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.storm;

import io.bascule.benchmarks.support.Packets;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients over TLS with a lasting session and one subscription each, that drop and return all at once, with a full handshake each. */
final class TlsClients implements AutoCloseable {
    private static final long RETURN_SECONDS = 300;

    private final InetSocketAddress broker;
    private final SslContext tls;
    private final EventLoopGroup group;
    private final int count;
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private final AtomicInteger back = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private volatile int drops;

    /** So many clients, none of them connected yet, on one thread of this factory. */
    TlsClients(InetSocketAddress broker, SslContext tls, int count, ThreadFactory threads) {
        this.broker = broker;
        this.tls = tls;
        this.count = count;
        this.group = new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory());
    }

    /** Connects all at once; the seconds until all are back, or until five minutes have passed. */
    double arrive() throws InterruptedException {
        back.set(0);
        failed.set(0);
        long begin = System.nanoTime();
        long deadline = begin + TimeUnit.SECONDS.toNanos(RETURN_SECONDS);
        for (int i = 0; i < count; i++) {
            connect(i);
        }
        while (back.get() < count && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Resets all connections at once. */
    void drop() throws InterruptedException {
        drops++;
        List<Channel> open = new ArrayList<>(channels);
        for (Channel channel : open) {
            channel.close();
        }
        for (Channel channel : open) {
            channel.closeFuture().await();
        }
    }

    /** Clients with a SUBACK. */
    int connected() {
        return back.get();
    }

    /** Connections that broke and were tried again. */
    int failed() {
        return failed.get();
    }

    private void connect(int number) {
        int before = drops;
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.SO_LINGER, 0) // close() sends RST
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) TimeUnit.SECONDS.toMillis(RETURN_SECONDS))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                        var handler = tls.newHandler(channel.alloc(), "localhost", broker.getPort());
                        handler.setHandshakeTimeoutMillis(TimeUnit.SECONDS.toMillis(RETURN_SECONDS));
                        // Packets of less than 128 bytes: all that come here.
                        channel.pipeline()
                                .addLast(handler, new LengthFieldBasedFrameDecoder(256, 1, 1), new Client(number));
                    }
                });
        bootstrap.connect(broker).channel().closeFuture().addListener(closed -> {
            channels.remove(((ChannelFuture) closed).channel());
            if (drops == before) { // or it is meant to go
                failed.incrementAndGet();
                connect(number);
            }
        });
    }

    private final class Client extends SimpleChannelInboundHandler<ByteBuf> {
        private final int number;

        Client(int number) {
            super(ByteBuf.class);
            this.number = number;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == SslHandshakeCompletionEvent.SUCCESS) {
                ctx.writeAndFlush(Unpooled.wrappedBuffer(Packets.resume("storm-" + number, 100)));
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf packet) {
            int type = packet.getByte(0) >> 4 & 15;
            if (type == Packets.CONNACK && packet.getByte(3) == 0) {
                ctx.writeAndFlush(Unpooled.wrappedBuffer(Packets.subscribe("storm/" + number + "/#", 1)));
            } else if (type == Packets.SUBACK) {
                back.incrementAndGet();
            } else {
                ctx.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close(); // and is counted
        }
    }

    @Override
    public void close() {
        drops++;
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
