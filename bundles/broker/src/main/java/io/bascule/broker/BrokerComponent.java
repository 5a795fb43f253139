/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import io.bascule.api.Broker;
import io.bascule.api.BrokerInfo;
import io.bascule.api.Interest;
import io.bascule.api.LimitInfo;
import io.bascule.api.QueueLimits;
import io.bascule.api.QueuedMessage;
import io.bascule.api.Receiver;
import io.bascule.api.Session;
import io.bascule.api.SessionInfo;
import io.bascule.api.SessionListener;
import io.bascule.api.SessionOptions;
import io.bascule.api.SubscriptionInfo;
import io.bascule.audit.Audit;
import io.bascule.broker.client.ClientConnection;
import io.bascule.broker.client.ClientContext;
import io.bascule.broker.client.ServerLimits;
import io.bascule.broker.extension.Extensions;
import io.bascule.broker.extension.Waiting;
import io.bascule.broker.local.LocalSession;
import io.bascule.broker.login.LoginGuard;
import io.bascule.broker.retained.RetainedMessages;
import io.bascule.broker.retained.RetainedSweep;
import io.bascule.broker.routing.Router;
import io.bascule.broker.session.BrokerLoop;
import io.bascule.broker.session.ClientSession;
import io.bascule.broker.session.Promises;
import io.bascule.broker.session.QueueMemory;
import io.bascule.broker.session.Restorer;
import io.bascule.broker.session.SessionEnvironment;
import io.bascule.broker.session.SessionLimits;
import io.bascule.broker.session.SessionRegistry;
import io.bascule.broker.session.SessionSubscription;
import io.bascule.broker.session.StoreRoom;
import io.bascule.broker.session.SubscribedFilters;
import io.bascule.broker.sys.SysTopics;
import io.bascule.config.LatestConfiguration;
import io.bascule.log.SparingLog;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.resource.ResourceScope;
import io.bascule.spi.MessageStore;
import io.bascule.subscriptions.SubscriptionTree;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.EventLoop;
import io.bascule.transport.ListenerTerms;
import io.bascule.transport.MqttServer;
import io.bascule.transport.Transport;
import java.net.SocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
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

    private static final Duration SWEEP_PAUSE = Duration.ofSeconds(1);
    private static final int SWEEP_LEAST = 1000;
    private static final int SWEEPS_A_ROUND = 60;
    private static final int MOST_LISTED = 10_000;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    private final String id = randomId();
    private final BrokerConfig config;
    private final Extensions extensions;
    private final LoginGuard logins;
    private final Waiting waiting;
    private final LimitHits hits = new LimitHits();
    private final SparingLog complaints = new SparingLog(LoggerFactory.getLogger(ClientConnection.class), "broker");
    private final SubscriptionTree<ClientSession, SessionSubscription> tree;
    private final MessageStore store;
    private final StoreRoom room;
    private final QueueMemory queueMemory;
    private final LongSupplier nanoTime;
    private final RetainedMessages retained;
    private final SessionRegistry registry;
    private final Inspection inspection;
    private final ResourceScope scope = new ResourceScope("broker");
    private final List<BrokerLoop> loops = new ArrayList<>();
    private final Map<EventLoop, BrokerLoop> byEventLoop = new IdentityHashMap<>();
    private final HostPublisher host;
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * Starts the broker; listeners open once it is registered.
     *
     * @param store what it keeps over a restart; {@link io.bascule.broker.store.MemoryMessageStore} where there is nothing better
     */
    @Activate
    public BrokerComponent(
            BundleContext context,
            Map<String, Object> properties,
            @Reference Transport transport,
            @Reference Extensions extensions,
            @Reference LoginGuard logins,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED)
                    SubscriptionTree<ClientSession, SessionSubscription> tree,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED, policyOption = ReferencePolicyOption.GREEDY)
                    MessageStore store) {
        this(
                context.getBundle().getVersion().toString(),
                LatestConfiguration.of(context, properties),
                transport,
                extensions,
                logins,
                tree,
                store,
                System::nanoTime);
    }

    /** A broker of this version, on these properties, for which time goes by this clock. */
    BrokerComponent(
            String version,
            Map<String, Object> properties,
            Transport transport,
            Extensions extensions,
            LoginGuard logins,
            SubscriptionTree<ClientSession, SessionSubscription> tree,
            MessageStore store,
            LongSupplier nanoTime) {
        this.config = BrokerConfig.read(properties);
        this.extensions = extensions;
        this.logins = logins;
        this.waiting = new Waiting(extensions);
        this.tree = tree;
        this.store = store;
        this.room = new StoreRoom(store);
        this.queueMemory = new QueueMemory(config.queuesMemory());
        this.nanoTime = nanoTime;
        this.retained = new RetainedMessages(config.retainedMessages(), config.retainedBytes(), hits, store::unretain);
        this.registry = new SessionRegistry(this, config.sessions());
        this.inspection = new Inspection(version, registry, tree, retained, store, loops);
        for (EventLoop eventLoop : transport.eventLoops()) {
            Router router = new Router(tree, retained, store, room);
            BrokerLoop loop = new BrokerLoop(eventLoop, router, new Counters(), new Promises(eventLoop, store));
            router.belongTo(loop);
            loops.add(loop);
            byEventLoop.put(eventLoop, loop);
        }
        this.host = new HostPublisher(loops.get(0), store);
        logins.obey(config.login());
        restore();
        keepHouse(transport);
        config.errors().forEach(error -> LOG.warn("broker configuration: {}; the default is in force", error));
        LOG.info("broker {} started", version);
    }

    private static String randomId() {
        byte[] random = new byte[12];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().encodeToString(random);
    }

    private void restore() {
        Restorer restorer = new Restorer(registry, retained, loops);
        store.restore(restorer);
        restorer.resume();
        if (restorer.sessions() + restorer.retainedMessages() + restorer.notRetained() > 0) {
            LOG.info(
                    "broker: {} sessions and {} retained messages are back{}",
                    restorer.sessions(),
                    restorer.retainedMessages(),
                    restorer.notRetained() == 0
                            ? ""
                            : ", for " + restorer.notRetained() + " more retained messages there is no room");
        }
    }

    private void keepHouse(Transport transport) {
        Housekeeping housekeeping = new Housekeeping(loops.get(0).eventLoop(), scope);
        RetainedSweep sweep = new RetainedSweep(retained);
        if (!config.sysInterval().isZero()) {
            SysTopics topics = new SysTopics(
                    () -> inspection.sysFigures(transport.info()),
                    message -> loops.get(0).publisher().publish(message, null, 0, false));
            housekeeping.every(config.sysInterval(), topics::publish);
        }
        housekeeping.every(
                SWEEP_PAUSE,
                () -> sweep.sweep(Math.max(SWEEP_LEAST, retained.nodes() / SWEEPS_A_ROUND), nanoTime()),
                room::check,
                queueMemory::check,
                logins::sweep,
                Audit::tellSuppressed);
    }

    @Deactivate
    void stop() {
        waiting.close();
        scope.close();
        long untilNanos = System.nanoTime() + STOP_TIMEOUT.toNanos();
        CompletableFuture<Void> sessions = registry.stop();
        // Before anybody waits: a loop that stands still is not to keep the others from it.
        CompletableFuture<Void> retained = CompletableFuture.allOf(loops.stream()
                .map(loop -> loop.publisher().stop(untilNanos).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
        await(sessions, untilNanos, "not every session could be let go");
        await(retained, untilNanos, "what was retained last could not all be kept");
        Audit.flush();
        LOG.info("broker stopped, {} sessions let go", registry.size());
    }

    private static void await(CompletableFuture<Void> task, long untilNanos, String otherwise) {
        try {
            task.get(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{}: {}", otherwise, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("{}, since somebody has interrupted the stop", otherwise);
        }
    }

    // ---------------------------------------------------------------- for listeners

    @Override
    public ConnectionHandler accept(ListenerTerms listener) {
        ServerLimits limits = config.server().withMaximumPacketSize(listener.maximumPacketSize());
        return new ClientConnection(
                new ClientContext(id, listener, limits, hits, registry, extensions, logins, complaints, this::loopOf));
    }

    @Override
    public boolean mayConnect(SocketAddress from) {
        boolean banned = logins.bansAddress(from);
        if (banned) {
            hits.hit(Limit.LOGIN_FAILURES_ADDRESS);
        }
        return !banned;
    }

    private BrokerLoop loopOf(Connection connection) {
        return byEventLoop.get(connection.eventLoop());
    }

    // ---------------------------------------------------------------- for bundles

    @Override
    public String id() {
        return id;
    }

    @Override
    public CompletionStage<Session> open(SessionOptions options, SessionListener listener) {
        Optional<BrokerLoop> given = options.executor().map(executor -> byEventLoop.get(executor));
        BrokerLoop loop = given.orElseGet(() -> loops.get(Math.floorMod(turn.getAndIncrement(), loops.size())));
        Optional<Executor> foreign = given.isPresent() ? Optional.empty() : options.executor();
        CompletableFuture<Session> opened = new CompletableFuture<>();
        loop.eventLoop()
                .execute(() ->
                        registry.open(options.clientId(), options.cleanStart(), loop, new SessionRegistry.Opened() {
                            @Override
                            public void opened(ClientSession session, boolean present) {
                                LocalSession.attach(session, present, options, listener, foreign, opened);
                            }

                            @Override
                            public void noRoom() {
                                hits.hit(Limit.SESSIONS_MAXIMUM);
                                opened.completeExceptionally(
                                        new IllegalStateException("there are too many sessions already"));
                            }
                        }));
        return opened;
    }

    @Override
    public CompletionStage<ReasonCode> publish(Message message) {
        return host.publish(message);
    }

    @Override
    public CompletionStage<List<QueuedMessage>> queued(String clientId, long from, int atMost) {
        if (atMost < 1 || atMost > MOST_LISTED) {
            throw new IllegalArgumentException("atMost is 1 to " + MOST_LISTED + ", not " + atMost);
        }
        return onSession(clientId, List.of(), (session, answer) -> session.queued(from, atMost, answer::complete));
    }

    @Override
    public CompletionStage<Integer> purge(String clientId) {
        return onSession(clientId, 0, (session, answer) -> session.purge(answer::complete));
    }

    @Override
    public CompletionStage<Boolean> disconnect(String clientId, ReasonCode reason) {
        return onSession(clientId, false, (session, done) -> done.complete(session.disconnect(reason)));
    }

    @Override
    public CompletionStage<Boolean> endSession(String clientId) {
        return onSession(clientId, false, (session, done) -> {
            session.end();
            done.complete(true);
        });
    }

    /** Runs the task, which completes the answer, on the session's event loop. */
    private <T> CompletionStage<T> onSession(
            String clientId, T otherwise, BiConsumer<ClientSession, CompletableFuture<T>> task) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        registry.find(clientId)
                .ifPresentOrElse(
                        session -> session.onEventLoop(() -> task.accept(session, answer)),
                        () -> answer.complete(otherwise));
        return answer;
    }

    @Override
    public CompletionStage<Integer> deleteRetained(TopicFilter filter) {
        CompletableFuture<Integer> deleted = new CompletableFuture<>();
        loops.get(0).eventLoop().execute(() -> {
            List<Topic> topics = new ArrayList<>();
            retained.match(filter, nanoTime(), message -> topics.add(message.topic()));
            long position = 0;
            for (Topic topic : topics) {
                position = Math.max(position, deleteRetained(topic));
            }
            loops.get(0).promises().when(position, () -> deleted.complete(topics.size()));
        });
        return deleted;
    }

    private long deleteRetained(Topic topic) {
        ReentrantLock turn = retained.turn(topic);
        turn.lock();
        try {
            retained.remove(topic);
            return store.unretain(topic);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public List<SessionInfo> sessions() {
        return inspection.sessions();
    }

    @Override
    public Optional<SessionInfo> session(String clientId) {
        return inspection.session(clientId);
    }

    @Override
    public List<SubscriptionInfo> subscriptions() {
        return inspection.subscriptions();
    }

    @Override
    public Interest interest(TopicFilter range, String exceptClientId, Executor executor, Runnable changed) {
        // Another executor may run the task at once, and that within a change of the tree.
        EventLoop hop = loops.get(0).eventLoop();
        Executor later =
                byEventLoop.containsKey(executor) ? executor : task -> hop.execute(() -> executor.execute(task));
        SubscribedFilters interest = new SubscribedFilters(tree, exceptClientId, later, changed);
        interest.observe(range, scope);
        return interest;
    }

    @Override
    public List<Receiver> receivers(Topic topic) {
        return inspection.receivers(topic);
    }

    @Override
    public List<Message> retained(TopicFilter filter, int atMost) {
        return inspection.retained(filter, atMost, nanoTime());
    }

    @Override
    public QueueLimits queueLimits() {
        return config.session().queue();
    }

    @Override
    public Optional<Message> retained(Topic topic) {
        return retained.get(topic, nanoTime());
    }

    @Override
    public List<LimitInfo> limits() {
        return inspection.limits(config, hits, store.limitBytes());
    }

    @Override
    public BrokerInfo info() {
        return inspection.info();
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
    public QueueMemory queueMemory() {
        return queueMemory;
    }

    @Override
    public StoreRoom room() {
        return room;
    }

    @Override
    public SessionLimits sessionLimits() {
        return config.session();
    }

    @Override
    public Extensions extensions() {
        return extensions;
    }

    @Override
    public Waiting waiting() {
        return waiting;
    }

    @Override
    public LimitHits hits() {
        return hits;
    }

    @Override
    public long nanoTime() {
        return nanoTime.getAsLong();
    }

    @Override
    public void ended(ClientSession session) {
        registry.remove(session);
    }
}
