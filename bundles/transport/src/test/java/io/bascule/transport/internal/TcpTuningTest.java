/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.bascule.transport.TcpOptions;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is asked of a socket, as the socket tells it. */
class TcpTuningTest {
    private static final TcpOptions ALL =
            new TcpOptions(Optional.empty(), Optional.of(Duration.ofSeconds(30)), Optional.of(Duration.ofSeconds(20)));

    private interface Look {
        void at(Channel channel);
    }

    private static void connected(NativeTransport sockets, TcpOptions options, Look look) throws Exception {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, sockets.ioHandler());
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Bootstrap bootstrap =
                    new Bootstrap().group(group).channel(sockets.client()).handler(new ChannelInboundHandlerAdapter());
            sockets.tuning().apply(options, bootstrap);
            Channel channel =
                    bootstrap.connect(server.getLocalSocketAddress()).sync().channel();
            try {
                look.at(channel);
            } finally {
                channel.close().sync();
            }
        } finally {
            group.shutdownGracefully().sync();
        }
    }

    @Test
    void asksEpollForAllOfIt() throws Exception {
        Optional<NativeTransport> epoll = NativeTransport.epoll();
        assumeThat(epoll).isPresent();
        connected(epoll.orElseThrow(), ALL, channel -> {
            EpollSocketChannelConfig config = (EpollSocketChannelConfig) channel.config();
            assertThat(config.isKeepAlive()).isTrue();
            assertThat(config.getTcpKeepIdle()).isEqualTo(30);
            assertThat(config.getTcpKeepIntvl()).isEqualTo(5);
            assertThat(config.getTcpKeepCnt()).isEqualTo(3);
            assertThat(config.getTcpUserTimeout()).isEqualTo(20_000);
        });
        connected(epoll.orElseThrow(), TcpOptions.NONE, channel -> {
            EpollSocketChannelConfig config = (EpollSocketChannelConfig) channel.config();
            assertThat(config.isKeepAlive()).isFalse();
            assertThat(config.getTcpUserTimeout()).isZero();
        });
    }

    @Test
    void asksJavasSocketsForWhatTheyKnow() throws Exception {
        NativeTransport nio = NativeTransport.nio();
        connected(nio, ALL, channel -> {
            assertThat(channel.config().getOption(nio.tuning().keepIdleSeconds().orElseThrow()))
                    .isEqualTo(30);
            assertThat(channel.config()
                            .getOption(nio.tuning().keepIntervalSeconds().orElseThrow()))
                    .isEqualTo(5);
            assertThat(channel.config().getOption(nio.tuning().keepCount().orElseThrow()))
                    .isEqualTo(3);
        });
    }
}
