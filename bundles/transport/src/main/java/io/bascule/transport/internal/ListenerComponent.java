/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.api.LimitInfo;
import io.bascule.api.Listener;
import io.bascule.api.ListenerStatus;
import io.bascule.api.OpenListener;
import io.bascule.audit.Audit;
import io.bascule.audit.AuditEvent;
import io.bascule.config.LatestConfiguration;
import io.bascule.mqtt.ReasonCode;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.MqttServer;
import io.bascule.transport.internal.tls.TlsConfig;
import io.bascule.transport.internal.tls.TlsContexts;
import io.bascule.transport.internal.tls.TlsWatch;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener: a factory configuration {@code io.bascule.listener~NAME}. It binds in the background and tries again while the port is
 * taken, and while the files of its certificates will not do; a configuration that does not validate keeps it shut, with the reason in its status.
 */
@Component(
        configurationPid = "io.bascule.listener",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = Listener.class)
@Designate(ocd = ListenerConfig.Form.class, factory = true)
public final class ListenerComponent implements Listener {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerComponent.class);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final long CLOSE_TIMEOUT_MILLIS = 1500;

    private final String name;
    private final ListenerConfig config;
    private final NettyTransport transport;
    private final Announcement announcement;
    private final ResourceScope scope;
    private final NettyEventLoop eventLoop;
    private final LimitHits hits = new LimitHits();
    private final Optional<TlsWatch<TlsContexts>> tls;
    private final Acceptor acceptor;
    private final NamedServices services;
    private volatile Channel bound;
    private volatile String reason;

    // Touched on the event loop alone.
    private boolean binding;
    private Lease socket;

    private Lease announced; // touched by announcements alone, which come one by one

    /** A listener on what its configuration says now. */
    @Activate
    public ListenerComponent(
            BundleContext context,
            Map<String, Object> properties,
            @Reference NettyTransport transport,
            @Reference MqttServer server) {
        this(
                LatestConfiguration.of(context, properties),
                transport,
                server,
                (name, address) -> {
                    ServiceRegistration<OpenListener> registration = context.registerService(
                            OpenListener.class,
                            new AnnouncedListener(address),
                            new Hashtable<>(Map.of(OpenListener.NAME, name)));
                    return registration::unregister;
                },
                config -> new TrackedServices(context, config.authenticators(), config.authorizers()));
    }

    /** One that is open whoever of those that it depends on is there. */
    public ListenerComponent(
            Map<String, Object> properties, NettyTransport transport, MqttServer server, Announcement announcement) {
        this(properties, transport, server, announcement, config -> new Anybody());
    }

    private ListenerComponent(
            Map<String, Object> properties,
            NettyTransport transport,
            MqttServer server,
            Announcement announcement,
            Function<ListenerConfig, NamedServices> services) {
        this.name = name(String.valueOf(properties.get("service.pid")));
        this.config = ListenerConfig.read(properties);
        this.transport = transport;
        this.announcement = announcement;
        this.services = services.apply(config);
        this.scope = new ResourceScope("listener " + name);
        this.eventLoop = transport.nextEventLoop();
        this.tls = config.tls().filter(read -> config.errors().isEmpty()).map(this::watch);
        this.acceptor = new Acceptor(
                config.terms(name),
                config,
                hits,
                server,
                tls.<Entrance>map(watch -> new TlsEntrance(
                                name, watch, config.tls().orElseThrow().handshakeTimeout(), transport.handshakes()))
                        .orElse(Entrance.NONE));
        if (config.errors().isEmpty()) {
            scope.hold(
                    ResourceKind.CONNECTION,
                    () -> acceptor.closeAll(
                            ReasonCode.SERVER_SHUTTING_DOWN, "listener " + name + " closes", CLOSE_TIMEOUT_MILLIS));
            scope.acquire(ResourceKind.SERVICE, this.services).open(this::proceed);
            tls.ifPresent(TlsWatch::look);
            proceed();
        } else {
            reason = String.join("; ", config.errors());
            config.errors().forEach(error -> LOG.warn("listener {} stays shut: {}", name, error));
            recordShut("CONFIG_INVALID"); // the errors have values in them
        }
    }

    /** Tells others that a listener is open. */
    public interface Announcement {
        /** Tells it until the result is closed. */
        AutoCloseable announce(String name, SocketAddress address);
    }

    private static String name(String pid) {
        int tilde = pid.indexOf('~');
        return tilde < 0 ? pid : pid.substring(tilde + 1);
    }

    private TlsWatch<TlsContexts> watch(TlsConfig config) {
        NativeTransport.prepareTls();
        return TlsWatch.ofListener(name, config, this::readInBackground, this::lookLater, this::proceed);
    }

    private void readInBackground(Runnable read) {
        try {
            transport.files().execute(() -> {
                if (!scope.isClosed()) {
                    read.run();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("listener {} looks at its files no more, the transport has stopped", name);
        }
    }

    private void lookLater() {
        try {
            eventLoop.schedule(scope, LOOK, () -> tls.ifPresent(TlsWatch::look));
        } catch (IllegalStateException e) {
            LOG.debug("listener {} looks at its files no more, it has closed", name);
        }
    }

    /** Opens it if it may be open, and is not; shuts it if it may not. */
    private void proceed() {
        onEventLoop(() -> {
            Optional<String> missing = services.missing();
            if (missing.isPresent()) {
                shut(missing.get());
            } else if (!binding && socket == null && tls.map(TlsWatch::isUsable).orElse(true)) {
                binding = true;
                bind();
            }
        });
    }

    private void bind() {
        config.socket()
                .ifPresentOrElse(
                        this::bind,
                        () -> transport
                                .resolver()
                                .resolve(config.host(), host -> onEventLoop(() -> bind(host)), this::retry));
    }

    /** Not on the thread that is here by chance: Netty keeps things, and so its classes, for each that makes a channel, as long as it lives. */
    private void onEventLoop(Runnable task) {
        if (!scope.isClosed()) { // else there may be no event loop any more
            eventLoop.execute(() -> {
                if (!scope.isClosed()) {
                    task.run();
                }
            });
        }
    }

    private void bind(InetAddress host) {
        InetSocketAddress address = new InetSocketAddress(host, config.port());
        transport.bind(address, eventLoop, acceptor).addListener(future -> {
            Channel channel = ((ChannelFuture) future).channel();
            if (future.isSuccess()) {
                opened(channel, channel.localAddress());
            } else {
                retry(future.cause().getMessage());
            }
        });
    }

    private void bind(UnixSocket path) {
        try {
            path.makeWay();
        } catch (IOException | UnsupportedOperationException e) {
            retry(describe(e));
            return;
        }
        transport.bind(path.path(), eventLoop, acceptor).addListener(future -> {
            Channel channel = ((ChannelFuture) future).channel();
            if (!future.isSuccess()) {
                retry(describe(future.cause()));
                return;
            }
            try {
                path.open();
            } catch (IOException | UnsupportedOperationException e) {
                channel.close();
                retry(describe(e));
                return;
            }
            opened(channel, path.address());
        });
    }

    private static String describe(Throwable failure) {
        if (failure instanceof UnsupportedOperationException) {
            return "this platform has no Unix domain sockets with permissions";
        }
        return failure instanceof FileSystemException ? failure.toString() : failure.getMessage();
    }

    private void opened(Channel channel, SocketAddress where) {
        binding = false;
        try {
            socket = scope.hold(ResourceKind.SOCKET, () -> close(channel));
        } catch (IllegalStateException e) {
            return; // deactivated meanwhile; the scope has closed the channel
        }
        reason = null;
        bound = channel;
        channel.pipeline().addFirst(new AcceptFailures(name));
        LOG.info("listener {} open on {}", name, where);
        Audit.record(AuditEvent.LISTENER_OPENED, entry -> entry.listener(name).address(where));
        transport.announcer().call(() -> announce(where));
        proceed(); // somebody may have gone meanwhile
    }

    private void announce(SocketAddress address) {
        try {
            announced = scope.hold(ResourceKind.SERVICE, announcement.announce(name, address));
        } catch (IllegalStateException e) {
            LOG.debug("listener {} closed before it could be announced", name);
        }
    }

    /** Those who are connected stay: they have been let in. */
    private void shut(String why) {
        if (!why.equals(reason)) {
            LOG.warn("listener {} is shut: {}", name, why);
            recordShut(why);
        }
        reason = why;
        if (socket != null) {
            socket.close();
            socket = null;
            transport.announcer().call(this::withdraw);
        }
    }

    private void recordShut(String why) {
        Audit.record(AuditEvent.LISTENER_SHUT, entry -> entry.listener(name).why(why));
    }

    private void withdraw() {
        if (announced != null) {
            announced.close();
            announced = null;
        }
    }

    private static void close(Channel channel) {
        ChannelFuture closed = channel.close();
        if (!channel.eventLoop().inEventLoop()) {
            closed.awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void retry(String cause) {
        String where = config.socket()
                .map(path -> path.path().toString())
                .orElseGet(() -> config.host() + ":" + config.port());
        String why = "cannot listen on " + where + ": " + cause;
        onEventLoop(() -> {
            binding = false;
            if (!why.equals(reason)) {
                LOG.warn("listener {} {}; tries again every {} s", name, why, RETRY.toSeconds());
                recordShut(why);
            }
            reason = why;
            try {
                eventLoop.schedule(scope, RETRY, this::proceed);
            } catch (IllegalStateException e) {
                LOG.debug("listener {} closed while it waited for its port", name);
            }
        });
    }

    /** All are there, since there is nothing by which it could be seen that they are not. */
    private static final class Anybody implements NamedServices {
        @Override
        public void open(Runnable changed) {}

        @Override
        public Optional<String> missing() {
            return Optional.empty();
        }

        @Override
        public Optional<String> explained() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }

    /** Closes everything it holds. */
    @Deactivate
    public void close() {
        Channel channel = bound;
        boolean open = channel != null && channel.isOpen();
        scope.close();
        LOG.info("listener {} closed: {}", name, scope.ledger());
        if (open) {
            Audit.record(AuditEvent.LISTENER_CLOSED, entry -> entry.listener(name));
        }
    }

    @Override
    public ListenerStatus status() {
        Channel channel = bound;
        boolean open = channel != null && channel.isOpen();
        ListenerStatus.State state = open
                ? ListenerStatus.State.OPEN
                : config.errors().isEmpty() ? ListenerStatus.State.RETRYING : ListenerStatus.State.CONFIG_INVALID;
        return new ListenerStatus(
                name, state, host(), open ? port(channel) : configuredPort(), acceptor.connections(), reason(open));
    }

    private Optional<String> reason(boolean open) {
        boolean mayLackSomebody = !open && config.errors().isEmpty();
        return (mayLackSomebody ? services.explained() : Optional.<String>empty()) // why may have changed since
                .or(() -> Optional.ofNullable(reason))
                .or(() -> tls.flatMap(TlsWatch::problem));
    }

    private String host() {
        return config.socket().map(socket -> socket.path().toString()).orElseGet(config::host);
    }

    private int configuredPort() {
        return config.socket().isPresent() ? 0 : config.port();
    }

    private static int port(Channel open) {
        return open.localAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
    }

    @Override
    public List<LimitInfo> limits() {
        return Stream.of(Limit.values())
                .map(limit -> new LimitInfo(limit.key(), "listener " + name, config.value(limit), hits.of(limit)))
                .toList();
    }
}
