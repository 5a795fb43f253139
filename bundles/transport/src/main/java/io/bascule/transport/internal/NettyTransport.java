/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.resource.Lease;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.EventLoop;
import io.bascule.transport.Remote;
import io.bascule.transport.RemoteTls;
import io.bascule.transport.TlsOptions;
import io.bascule.transport.Traffic;
import io.bascule.transport.Transport;
import io.bascule.transport.TransportInfo;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event loops, as many as processors; everything on the network runs on them. */
@Component(
        immediate = true,
        service = {Transport.class, NettyTransport.class})
public final class NettyTransport implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);
    // Above the high mark a receiver counts as slow and its messages wait in its session, where they are bounded.
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 * 1024, 1024 * 1024);
    // As much as Linux allows by default. Who finds no place tries again after 1 s, then 3, 7, 15, …: with 1,024 places
    // ten thousand clients that return at once took half a minute.
    private static final int BACKLOG = 4096;
    // Each connection has one step at a time: this many may be in the middle of a handshake; others are closed, and
    // come again.
    private static final int HANDSHAKES_WAITING = 16_384;
    private static final long IDLE_SECONDS = 5;

    private final ResourceScope scope = new ResourceScope("transport");
    private final NativeTransport sockets;
    private final PooledByteBufAllocator allocator;
    private final MultiThreadIoEventLoopGroup group;
    private final Map<EventExecutor, NettyEventLoop> byNetty = new IdentityHashMap<>();
    private final List<NettyEventLoop> eventLoops = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final Resolver resolver;
    private final Announcer announcer;
    private final BackgroundThreads handshakes;
    private final BackgroundThreads files;

    /** Starts the event loops, on the sockets that the framework property {@code bascule.transport} names. */
    @Activate
    public NettyTransport(BundleContext context) {
        this(NativeTransport.named(context.getProperty(NativeTransport.PROPERTY)));
    }

    /** Outside of a framework, where the property is the system's. */
    public NettyTransport() {
        this(NativeTransport.named(System.getProperty(NativeTransport.PROPERTY)));
    }

    NettyTransport(NativeTransport sockets) {
        this(sockets, InetAddress::getAllByName);
    }

    NettyTransport(NativeTransport sockets, Resolver.LookUp lookUp) {
        this.sockets = sockets;
        // Touched here first, so that its thread can never pin the class loader of a bundle that comes and goes.
        GlobalEventExecutor.INSTANCE.inEventLoop();
        int loops = Runtime.getRuntime().availableProcessors();
        // One allocator of our own, so that what is in use can be counted; Netty's default one does not count.
        allocator = new PooledByteBufAllocator(
                true,
                0,
                loops,
                PooledByteBufAllocator.defaultPageSize(),
                PooledByteBufAllocator.defaultMaxOrder(),
                PooledByteBufAllocator.defaultSmallCacheSize(),
                PooledByteBufAllocator.defaultNormalCacheSize(),
                false);
        group = new MultiThreadIoEventLoopGroup(
                loops, new DefaultThreadFactory("bascule-io", true), sockets.ioHandler());
        scope.hold(
                ResourceKind.EVENT_LOOP,
                () -> group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS));
        resolver = scope.acquire(ResourceKind.EVENT_LOOP, new Resolver(lookUp));
        announcer = scope.acquire(ResourceKind.EVENT_LOOP, new Announcer());
        handshakes = scope.acquire(
                ResourceKind.THREAD_POOL,
                new BackgroundThreads("bascule-handshake", loops, HANDSHAKES_WAITING, IDLE_SECONDS));
        files = scope.acquire(
                ResourceKind.THREAD_POOL, new BackgroundThreads("bascule-files", 1, Integer.MAX_VALUE, IDLE_SECONDS));
        for (EventExecutor executor : group) {
            NettyEventLoop eventLoop = new NettyEventLoop((SingleThreadEventLoop) executor, allocator);
            byNetty.put(executor, eventLoop);
            eventLoops.add(eventLoop);
        }
        LOG.info("transport started: {}, {} event loops", sockets.name(), loops);
    }

    /** Closes everything it holds. */
    @Deactivate
    public void stop() {
        scope.close();
        LOG.info("transport stopped: {}", scope.ledger());
    }

    @Override
    public List<EventLoop> eventLoops() {
        return List.copyOf(eventLoops);
    }

    @Override
    public NettyEventLoop nextEventLoop() {
        return eventLoops.get(Math.floorMod(turn.getAndIncrement(), eventLoops.size()));
    }

    @Override
    public TransportInfo info() {
        giveBackUnused();
        long active = 0;
        for (PoolArenaMetric arena : allocator.metric().directArenas()) {
            active += arena.numActiveAllocations();
        }
        for (PoolArenaMetric arena : allocator.metric().heapArenas()) {
            active += arena.numActiveAllocations();
        }
        Traffic traffic =
                eventLoops.stream().map(eventLoop -> eventLoop.traffic().read()).reduce(Traffic.NONE, Traffic::plus);
        return new TransportInfo(sockets.name(), connections.get(), active, traffic);
    }

    // What a thread keeps for its next allocation counts as active. Each call frees what was not used since the last
    // one.
    private void giveBackUnused() {
        if (!group.isShuttingDown()) {
            group.forEach(executor -> executor.execute(allocator::trimCurrentThreadCache));
        }
    }

    /** Binds a server socket. Called on the event loop that is to accept what comes. */
    ChannelFuture bind(InetSocketAddress address, NettyEventLoop accepting, Acceptor acceptor) {
        SocketProtocolFamily family =
                address.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        return server(() -> sockets.server().apply(family), accepting, acceptor)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .bind(address);
    }

    /** Binds a Unix domain socket, whose file goes with the channel. Called on the event loop that is to accept what comes. */
    ChannelFuture bind(Path path, NettyEventLoop accepting, Acceptor acceptor) {
        return server(sockets.unixServer()::get, accepting, acceptor)
                .bind(sockets.unixAddress().apply(path));
    }

    private ServerBootstrap server(
            ChannelFactory<ServerChannel> channels, NettyEventLoop accepting, Acceptor acceptor) {
        return new ServerBootstrap()
                .group(accepting.netty(), group)
                .channelFactory(channels)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(256, 2048, 65536))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        count(channel);
                        NettyEventLoop eventLoop = byNetty.get(channel.eventLoop());
                        eventLoop.traffic().accepted();
                        acceptor.accept(channel, eventLoop);
                    }
                });
    }

    /**
     * Opens a TCP connection.
     *
     * @param timeoutMillis for TCP alone, 0 for none
     * @param prepare puts handlers on the channel before anything happens on it
     */
    ChannelFuture open(
            InetSocketAddress address,
            Remote remote,
            int timeoutMillis,
            NettyEventLoop eventLoop,
            Consumer<Channel> prepare) {
        Bootstrap bootstrap = new Bootstrap()
                .group(eventLoop.netty())
                .channel(sockets.client())
                .disableResolver() // behind a proxy the other end has no address here
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(256, 2048, 65536))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        count(channel);
                        prepare.accept(channel);
                    }
                });
        sockets.tuning().apply(remote.tcp(), bootstrap);
        InetSocketAddress to =
                remote.proxy().isPresent() ? InetSocketAddress.createUnresolved(remote.host(), remote.port()) : address;
        return remote.tcp()
                .bindAddress()
                .map(from -> bootstrap.connect(to, new InetSocketAddress(from, 0)))
                .orElseGet(() -> bootstrap.connect(to));
    }

    @Override
    public RemoteTls tls(TlsOptions options, String owner, EventLoop eventLoop, ResourceScope scope, Runnable changed) {
        return new RemoteTlsFiles(options, owner, (NettyEventLoop) eventLoop, scope, files, changed);
    }

    @Override
    public Lease connect(Remote remote, EventLoop eventLoop, ResourceScope owner, ConnectionHandler handler) {
        Outgoing attempt = new Outgoing(this, remote, (NettyEventLoop) eventLoop, handler);
        Lease lease = owner.hold(ResourceKind.CONNECTION, attempt);
        attempt.start(lease);
        return lease;
    }

    Resolver resolver() {
        return resolver;
    }

    Announcer announcer() {
        return announcer;
    }

    /** Where the long steps of handshakes are done, so that no event loop is held up by them. */
    Executor handshakes() {
        return handshakes;
    }

    @Override
    public Executor files() {
        return files;
    }

    private void count(Channel channel) {
        connections.incrementAndGet();
        channel.closeFuture().addListener(closed -> connections.decrementAndGet());
    }
}
