/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import io.bascule.api.Broker;
import io.bascule.api.BrokerInfo;
import io.bascule.api.Session;
import io.bascule.api.SessionInfo;
import io.bascule.api.SessionListener;
import io.bascule.api.SessionOptions;
import io.bascule.api.SubscriptionInfo;
import io.bascule.broker.client.ClientConnection;
import io.bascule.broker.client.ServerLimits;
import io.bascule.broker.local.LocalSession;
import io.bascule.broker.retained.RetainedMessages;
import io.bascule.broker.routing.Router;
import io.bascule.broker.session.BrokerLoop;
import io.bascule.broker.session.ClientSession;
import io.bascule.broker.session.SessionEnvironment;
import io.bascule.broker.session.SessionLimits;
import io.bascule.broker.session.SessionRegistry;
import io.bascule.broker.session.SessionSubscription;
import io.bascule.broker.store.MemoryMessageStore;
import io.bascule.config.LatestConfiguration;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.MessageStore;
import io.bascule.subscriptions.SubscriptionTree;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.EventLoop;
import io.bascule.transport.MqttServer;
import io.bascule.transport.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.annotations.ReferenceScope;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The broker: puts sessions, routing and the store together, and offers them to listeners and to bundles. */
@Component(
        configurationPid = "io.bascule.broker",
        immediate = true,
        service = {Broker.class, MqttServer.class})
@Designate(ocd = BrokerConfig.Form.class)
public final class BrokerComponent implements Broker, MqttServer, SessionEnvironment {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerComponent.class);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    private final String version;
    private final Instant startedAt = Instant.now();
    private final BrokerConfig config;
    private final SubscriptionTree<ClientSession, SessionSubscription> tree;
    private final MessageStore store;
    private final RetainedMessages retained;
    private final SessionRegistry registry = new SessionRegistry(this);
    private final List<BrokerLoop> loops = new ArrayList<>();
    private final Map<EventLoop, BrokerLoop> byEventLoop = new IdentityHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * Starts the broker; listeners open once it is registered.
     *
     * @param durable the store to use, or none. A list, since the component runtime of older gateways (SCR 2.1) takes an optional
     *     parameter for a mandatory one.
     */
    @Activate
    public BrokerComponent(
            BundleContext context,
            Map<String, Object> properties,
            @Reference Transport transport,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED)
                    SubscriptionTree<ClientSession, SessionSubscription> tree,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) List<MessageStore> durable) {
        this(
                context.getBundle().getVersion().toString(),
                LatestConfiguration.of(context, properties),
                transport,
                tree,
                durable);
    }

    /** A broker of this version, on these properties. */
    public BrokerComponent(
            String version,
            Map<String, Object> properties,
            Transport transport,
            SubscriptionTree<ClientSession, SessionSubscription> tree,
            List<MessageStore> durable) {
        this.version = version;
        this.config = BrokerConfig.read(properties);
        this.tree = tree;
        this.store = durable.isEmpty() ? new MemoryMessageStore() : durable.get(0);
        this.retained = new RetainedMessages(config.retainedMessages(), config.retainedBytes());
        for (EventLoop eventLoop : transport.eventLoops()) {
            Router router = new Router(tree, retained, store);
            BrokerLoop loop = new BrokerLoop(eventLoop, router, new Counters());
            router.belongTo(loop);
            loops.add(loop);
            byEventLoop.put(eventLoop, loop);
        }
        config.errors().forEach(error -> LOG.warn("broker configuration: {}; the default is in force", error));
        LOG.info("broker {} started", version);
    }

    @Deactivate
    void stop() {
        registry.stop(STOP_TIMEOUT);
        LOG.info("broker stopped, {} sessions let go", registry.size());
    }

    // ---------------------------------------------------------------- for listeners

    @Override
    public ConnectionHandler accept(String listener, int maximumPacketSize) {
        ServerLimits limits = new ServerLimits(
                config.connectTimeout(),
                config.session().longestExpiry(),
                config.session().topicLevels(),
                config.topicAliasMaximum(),
                maximumPacketSize);
        return new ClientConnection(listener, limits, registry, this::loopOf);
    }

    private BrokerLoop loopOf(Connection connection) {
        return byEventLoop.get(connection.eventLoop());
    }

    // ---------------------------------------------------------------- for bundles

    @Override
    public CompletionStage<Session> open(SessionOptions options, SessionListener listener) {
        Optional<BrokerLoop> given = options.executor().map(executor -> byEventLoop.get(executor));
        BrokerLoop loop = given.orElseGet(() -> loops.get(Math.floorMod(turn.getAndIncrement(), loops.size())));
        Optional<Executor> foreign = given.isPresent() ? Optional.empty() : options.executor();
        CompletableFuture<Session> opened = new CompletableFuture<>();
        loop.eventLoop()
                .execute(() -> registry.open(
                        options.clientId(),
                        options.cleanStart(),
                        loop,
                        (session, present) ->
                                LocalSession.attach(session, present, options, listener, foreign, opened)));
        return opened;
    }

    @Override
    public CompletionStage<ReasonCode> publish(Message message) {
        CompletableFuture<ReasonCode> published = new CompletableFuture<>();
        BrokerLoop loop = loops.get(0); // always the same one, which keeps the host's messages in order
        loop.eventLoop().execute(() -> {
            try {
                int receivers = loop.publisher().publish(message, null, 0);
                ReasonCode reason = receivers == 0 ? ReasonCode.NO_MATCHING_SUBSCRIBERS : ReasonCode.SUCCESS;
                store.whenDurable(() -> published.complete(reason));
            } catch (RuntimeException e) {
                published.completeExceptionally(e);
            }
        });
        return published;
    }

    @Override
    public CompletionStage<Boolean> endSession(String clientId) {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        registry.find(clientId)
                .ifPresentOrElse(
                        session -> session.onEventLoop(() -> {
                            session.end();
                            ended.complete(true);
                        }),
                        () -> ended.complete(false));
        return ended;
    }

    @Override
    public List<SessionInfo> sessions() {
        return registry.infos();
    }

    @Override
    public List<SubscriptionInfo> subscriptions() {
        return registry.all().stream()
                .flatMap(session -> session.subscriptions().stream()
                        .map(subscription -> new SubscriptionInfo(session.clientId(), subscription)))
                .sorted(Comparator.comparing((SubscriptionInfo info) ->
                                info.subscription().filter().text())
                        .thenComparing(SubscriptionInfo::clientId))
                .toList();
    }

    @Override
    public BrokerInfo info() {
        long received = 0;
        long delivered = 0;
        Map<String, Long> dropped = Counters.noDrops();
        for (BrokerLoop loop : loops) {
            received += loop.counters().receivedCount();
            delivered += loop.counters().deliveredCount();
            loop.counters().addDroppedTo(dropped);
        }
        return new BrokerInfo(
                version,
                startedAt,
                registry.connected(),
                registry.size(),
                tree.size(),
                tree.nodes(),
                retained.size(),
                retained.bytes(),
                received,
                delivered,
                dropped);
    }

    // ---------------------------------------------------------------- for sessions

    @Override
    public SubscriptionTree<ClientSession, SessionSubscription> tree() {
        return tree;
    }

    @Override
    public RetainedMessages retained() {
        return retained;
    }

    @Override
    public MessageStore store() {
        return store;
    }

    @Override
    public SessionLimits limits() {
        return config.session();
    }

    @Override
    public void ended(ClientSession session) {
        registry.remove(session);
    }
}
