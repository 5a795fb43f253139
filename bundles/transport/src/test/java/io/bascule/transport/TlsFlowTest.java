/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.transport.Recorder.Closed;
import io.bascule.transport.Recorder.Failed;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes out over TLS: gathered, held back where the other end does not read, and ended with a close_notify. */
@Timeout(30)
class TlsFlowTest {
    private static final int APPLICATION_DATA = 23;

    @TempDir
    private static Path folder;

    private static TestServer server;
    private static SslContext trusting;
    private static MultiThreadIoEventLoopGroup group;

    @BeforeAll
    static void start() throws Exception {
        Pki pki = new Pki(folder);
        server = new TestServer(pki.mqtts(pki.issue("localhost")));
        trusting = SslContextBuilder.forClient()
                .trustManager(pki.authority.toTrustManagerFactory())
                .endpointIdentificationAlgorithm(null)
                .build();
        group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void stop() {
        group.shutdownGracefully();
        server.close();
    }

    /** A client that has sent CONNECT, and looks at the records of TLS as well as at what they hold. */
    private static final class Peer implements AutoCloseable {
        final AtomicInteger records = new AtomicInteger();
        final AtomicLong bytes = new AtomicLong();
        final AtomicBoolean notified = new AtomicBoolean();
        final Recorder recorder;
        final Channel channel;

        Peer() throws InterruptedException {
            channel = new Bootstrap()
                    .group(group)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel made) {
                            made.pipeline().addLast(new Records(), trusting.newHandler(made.alloc()), new Content());
                        }
                    })
                    .connect(InetAddress.getLoopbackAddress(), server.port())
                    .sync()
                    .channel();
            channel.pipeline().get(SslHandler.class).handshakeFuture().sync();
            send(TlsClient.CONNECT);
            TestServer.eventually("CONNACK", () -> bytes.get() == 4);
            recorder = server.recorder();
            recorder.next(ControlPacket.Connect.class);
        }

        void send(byte[] packet) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(packet));
        }

        @Override
        public void close() {
            channel.close().awaitUninterruptibly();
        }

        private final class Records extends ChannelInboundHandlerAdapter {
            private ByteBuf rest = Unpooled.buffer();

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object received) {
                ByteBuf in = (ByteBuf) received;
                rest.writeBytes(in, in.readerIndex(), in.readableBytes());
                while (rest.readableBytes() >= 5
                        && rest.readableBytes() >= 5 + rest.getUnsignedShort(rest.readerIndex() + 3)) {
                    if (rest.getUnsignedByte(rest.readerIndex()) == APPLICATION_DATA) {
                        records.incrementAndGet();
                    }
                    rest.skipBytes(5 + rest.getUnsignedShort(rest.readerIndex() + 3));
                }
                rest.discardReadBytes();
                ctx.fireChannelRead(in);
            }
        }

        private final class Content extends ChannelInboundHandlerAdapter {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object received) {
                ByteBuf in = (ByteBuf) received;
                bytes.addAndGet(in.readableBytes());
                in.release();
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event == SslCloseCompletionEvent.SUCCESS) {
                    notified.set(true);
                }
            }
        }
    }

    private static void publish(Connection connection, int payload) {
        connection.publish(
                Message.of(Topic.of("t"), new byte[payload], QoS.AT_MOST_ONCE, false),
                QoS.AT_MOST_ONCE,
                false,
                false,
                0,
                new int[0]);
    }

    @Test
    void sendsWhatATurnHasWrittenInOneRecord() throws InterruptedException {
        try (Peer peer = new Peer()) {
            int before = peer.records.get();
            Connection connection = peer.recorder.connection;

            connection.eventLoop().execute(() -> {
                for (int i = 0; i < 100; i++) {
                    publish(connection, 95);
                }
            });

            TestServer.eventually("all of it", () -> peer.bytes.get() == 4 + 100 * 100);
            assertThat(peer.records.get() - before).isEqualTo(1);
        }
    }

    @Test
    void holdsBackWhereTheOtherEndDoesNotRead() throws InterruptedException {
        try (Peer peer = new Peer()) {
            Connection connection = peer.recorder.connection;
            peer.channel.config().setAutoRead(false);
            AtomicLong sent = new AtomicLong();
            AtomicBoolean writable = new AtomicBoolean(true);
            while (writable.get()) {
                AtomicBoolean done = new AtomicBoolean();
                connection.eventLoop().execute(() -> {
                    for (int i = 0; i < 100 && connection.isWritable(); i++) {
                        publish(connection, 10_000);
                        sent.addAndGet(10_000);
                    }
                    writable.set(connection.isWritable());
                    done.set(true);
                });
                TestServer.eventually("sent", done::get);
            }
            assertThat(sent.get()).isLessThan(32 * 1024 * 1024); // what sockets take, and the high-water mark

            peer.channel.config().setAutoRead(true);

            TestServer.eventually("all of it", () -> peer.bytes.get() >= sent.get());
            TestServer.eventually("writable", () -> {
                connection.eventLoop().execute(() -> writable.set(connection.isWritable()));
                return writable.get();
            });
        }
    }

    @Test
    void saysThatNothingFollows() throws InterruptedException {
        try (Peer peer = new Peer()) {
            peer.recorder.connection.close();
            TestServer.eventually("closed", () -> !peer.channel.isActive());
            assertThat(peer.notified).isTrue();
        }
    }

    @Test
    void saysThatNothingFollowsWhatWasWrong() throws InterruptedException {
        try (Peer peer = new Peer()) {
            peer.send(TestServer.bytes(0xF0, 0));
            peer.recorder.next(Failed.class);
            TestServer.eventually("notified", peer.notified::get);
            peer.channel.close().sync();
            peer.recorder.next(Closed.class);
        }
    }

    @Test
    void closesWhoDoesNotReadAllTheSame() throws InterruptedException {
        try (Peer peer = new Peer()) {
            Connection connection = peer.recorder.connection;
            peer.channel.config().setAutoRead(false);
            connection.eventLoop().execute(() -> {
                while (connection.isWritable()) {
                    publish(connection, 100_000);
                }
            });
            long start = System.nanoTime();

            connection.close();

            peer.recorder.next(Closed.class);
            assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
        }
    }

    @Test
    void closesWhoseRecordsAreNotGenuine() throws InterruptedException {
        try (Peer peer = new Peer()) {
            peer.channel
                    .pipeline()
                    .firstContext()
                    .writeAndFlush(Unpooled.wrappedBuffer(TestServer.bytes(
                            23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20)));
            String why = peer.recorder.next(Closed.class).why();
            // BoringSSL sends its alert first, and the other end may be faster to close than we are to say why.
            assertThat(why)
                    .matches("connection lost: .+" + (Pki.PROVIDER.equals("jdk") ? "" : "|closed by the other end"));
        }
    }

    @Test
    void endsWhoGoesWithoutAWord() throws InterruptedException {
        Peer peer = new Peer();
        peer.channel.pipeline().firstContext().close();
        assertThat(peer.recorder.next(Closed.class).why()).isEqualTo("closed by the other end");
        peer.close();
    }
}
