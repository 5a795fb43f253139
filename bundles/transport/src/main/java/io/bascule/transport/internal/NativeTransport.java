/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.util.BouncyCastleUtil;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How sockets are waited for: epoll where its bundle and its native library load, NIO elsewhere and where the framework property
 * {@value #PROPERTY} says so.
 *
 * @param name {@code epoll} or {@code nio}
 * @param server for TCP over the one family that it is given: an IPv6 socket on 0.0.0.0 would take what comes over IPv6 as well
 * @param unixServer for Unix domain sockets, whose addresses {@code unixAddress} makes
 */
record NativeTransport(
        String name,
        IoHandlerFactory ioHandler,
        Function<SocketProtocolFamily, ServerChannel> server,
        Class<? extends Channel> client,
        Supplier<ServerChannel> unixServer,
        Function<Path, SocketAddress> unixAddress,
        TcpTuning tuning) {

    /** The framework property that names one. */
    static final String PROPERTY = "bascule.transport";

    private static final Logger LOG = LoggerFactory.getLogger(NativeTransport.class);
    private static final String EPOLL = "epoll";
    private static final String NIO = "nio";

    /**
     * The one that is asked for. Where there is none of that name, or it does not load, a warning says what serves in its place.
     *
     * @param name {@code epoll} or {@code nio}; null or empty for the best that loads
     */
    static NativeTransport named(String name) {
        ask(PooledByteBufAllocator::defaultPreferDirect);
        if (NIO.equals(name)) {
            return nio();
        }
        NativeTransport best = epoll().orElseGet(NativeTransport::nio);
        if (name != null && !name.isEmpty() && !name.equals(best.name())) {
            String why = EPOLL.equals(name) ? "does not load here" : "is neither " + EPOLL + " nor " + NIO;
            LOG.warn("{}: \"{}\" {}, {} is used", PROPERTY, name, why, best.name());
        }
        return best;
    }

    /** Empty where it does not load. */
    static Optional<NativeTransport> epoll() {
        try {
            return ask(Epoll::isAvailable) ? Optional.of(OnEpoll.create()) : Optional.empty();
        } catch (LinkageError e) {
            return Optional.empty(); // the bundle is not there: its import is optional
        }
    }

    /**
     * Asks on a thread with no class of a bundle on its stack: the first questions initialise Netty, which keeps an exception of that moment for
     * what it has to do without, Unsafe on JDK 25 for one. An exception keeps the classes on its stack, and with them their bundles: ours, and
     * that of whoever activates us.
     *
     * @param question a reference to a method of Netty: a lambda would be on the stack itself
     */
    static boolean ask(Supplier<Boolean> question) {
        return CompletableFuture.supplyAsync(question, task -> new Thread(task, "bascule-netty").start())
                .exceptionally(missing -> false)
                .join();
    }

    /** To be called before the first context for TLS is made: making one asks for BouncyCastle, and Netty keeps why it is not there. */
    static void prepareTls() {
        ask(BouncyCastleUtil::isBcPkixAvailable);
    }

    static NativeTransport nio() {
        return new NativeTransport(
                NIO,
                NioIoHandler.newFactory(),
                family -> new NioServerSocketChannel(SelectorProvider.provider(), family),
                NioSocketChannel.class,
                NioServerDomainSocketChannel::new,
                UnixDomainSocketAddress::of,
                TcpTuning.nio());
    }

    /** Apart, so that nothing of epoll is linked before it is known to be there. */
    private static final class OnEpoll {
        static NativeTransport create() {
            return new NativeTransport(
                    EPOLL,
                    EstablishedFirst.over(EpollIoHandler.newFactory()),
                    EpollServerSocketChannel::new,
                    EpollSocketChannel.class,
                    EpollServerDomainSocketChannel::new,
                    path -> new DomainSocketAddress(path.toFile()),
                    new TcpTuning(
                            Optional.of(EpollChannelOption.TCP_KEEPIDLE),
                            Optional.of(EpollChannelOption.TCP_KEEPINTVL),
                            Optional.of(EpollChannelOption.TCP_KEEPCNT),
                            Optional.of(EpollChannelOption.TCP_USER_TIMEOUT)));
        }
    }
}
