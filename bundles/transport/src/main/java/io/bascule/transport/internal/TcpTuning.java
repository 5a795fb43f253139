/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.transport.TcpOptions;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;

/** What can be asked of TCP here, each empty where it cannot. */
record TcpTuning(
        Optional<ChannelOption<Integer>> keepIdleSeconds,
        Optional<ChannelOption<Integer>> keepIntervalSeconds,
        Optional<ChannelOption<Integer>> keepCount,
        Optional<ChannelOption<Integer>> userTimeoutMillis) {
    private static final int QUESTIONS = 3;
    private static final int INTERVALS = 6;

    /** Of the JDK's sockets on this platform. The options are the module jdk.net's, which a framework need not show: they are found by name. */
    static TcpTuning nio() {
        return new TcpTuning(nio("TCP_KEEPIDLE"), nio("TCP_KEEPINTERVAL"), nio("TCP_KEEPCOUNT"), Optional.empty());
    }

    @SuppressWarnings("unchecked")
    private static Optional<ChannelOption<Integer>> nio(String name) {
        try (SocketChannel any = SocketChannel.open()) {
            return any.supportedOptions().stream()
                    .filter(option -> option.name().equals(name))
                    .findFirst()
                    .map(option -> NioChannelOption.of((SocketOption<Integer>) option));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Has the sockets that come of it be like this, as far as that can be asked. */
    void apply(TcpOptions options, Bootstrap bootstrap) {
        options.keepAlive().ifPresent(idle -> {
            bootstrap.option(ChannelOption.SO_KEEPALIVE, true);
            set(bootstrap, keepIdleSeconds, (int) idle.toSeconds());
            set(bootstrap, keepIntervalSeconds, (int) Math.max(1, idle.toSeconds() / INTERVALS));
            set(bootstrap, keepCount, QUESTIONS);
        });
        options.userTimeout()
                .map(Duration::toMillis)
                .ifPresent(millis -> set(bootstrap, userTimeoutMillis, millis.intValue()));
    }

    private static void set(Bootstrap bootstrap, Optional<ChannelOption<Integer>> option, int value) {
        option.ifPresent(known -> bootstrap.option(known, value));
    }
}
