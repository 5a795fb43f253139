/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.local;

import io.bascule.api.Delivery;
import io.bascule.api.Identity;
import io.bascule.api.QueueInfo;
import io.bascule.api.Session;
import io.bascule.api.SessionListener;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.broker.DropReason;
import io.bascule.broker.extension.Principal;
import io.bascule.broker.session.Attachment;
import io.bascule.broker.session.ClientSession;
import io.bascule.broker.session.HeldRequests;
import io.bascule.broker.session.Peer;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.Client;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session that a bundle holds. Its calls take effect on the session's event loop, at once when they are made there. */
public final class LocalSession implements Session, Peer {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSession.class);

    private static final int MOST_UNDERWAY = 1024;

    private final ClientSession session;
    private final boolean present;
    private final SessionListener listener;
    private final Executor callbacks;
    private final boolean onEventLoop;
    private final Principal principal;
    /** Messages on their way to a foreign executor; more wait in the session, where they are bounded. */
    private final AtomicInteger underway = new AtomicInteger();

    private volatile boolean open = true;
    private volatile boolean silent; // the listener is not called any more
    private boolean handedOut; // nothing is delivered to a listener whose owner does not have the session yet
    private boolean ready = true;
    private final HeldRequests held;

    private LocalSession(
            ClientSession session,
            boolean present,
            SessionListener listener,
            Executor callbacks,
            boolean onEventLoop,
            Principal principal) {
        this.session = session;
        this.present = present;
        this.listener = listener;
        this.callbacks = callbacks;
        this.onEventLoop = onEventLoop;
        this.principal = principal;
        this.held = new HeldRequests(session, () -> principal, () -> {});
    }

    /**
     * Attaches a bundle to the session, on the session's event loop. Nothing is delivered before the caller has been given the session.
     *
     * @param foreignExecutor where the listener wants to be called, empty for the session's event loop
     */
    public static void attach(
            ClientSession session,
            boolean present,
            SessionOptions options,
            SessionListener listener,
            Optional<Executor> foreignExecutor,
            CompletableFuture<Session> opened) {
        LocalSession local = new LocalSession(
                session,
                present,
                listener,
                foreignExecutor.orElse(session.home().eventLoop()),
                foreignExecutor.isEmpty(),
                principal(options));
        session.attach(new Attachment(
                local,
                options.sessionExpiryInterval(),
                options.receiveMaximum(),
                options.receiveMaximum() == SessionOptions.ANY_RECEIVE_MAXIMUM,
                HIGHEST_PACKET_ID,
                Optional.empty(),
                options.overlap(),
                options.queue()));
        local.execute(() -> {
            local.guarded(() -> listener.opened(local));
            opened.complete(local);
            local.run(local::handedOut);
        });
        if (!local.open) {
            opened.completeExceptionally(new IllegalStateException("its executor takes no tasks"));
        }
    }

    private static Principal principal(SessionOptions options) {
        Client client = new Client(
                options.clientId(),
                options.identity().orElse(Identity.ANONYMOUS),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new Principal(client, options.identity().isEmpty(), options.authorizers());
    }

    private void handedOut() {
        handedOut = true;
        session.drain();
    }

    /** Calls the listener, or a callback of the bundle, unless it has closed the session. */
    private void call(Runnable callback) {
        execute(() -> {
            if (!silent) {
                callback.run();
            }
        });
    }

    private void execute(Runnable callback) {
        if (onEventLoop) {
            guarded(callback);
            return;
        }
        try {
            callbacks.execute(() -> guarded(callback));
        } catch (RuntimeException e) {
            if (!silent) { // otherwise its owner has closed both, and the session's end is on its way
                LOG.error("session {}: its executor takes no tasks, the session is left", session.clientId(), e);
                leave();
            }
        }
    }

    private void leave() {
        open = false;
        silent = true;
        session.detach(this, false);
        held.end();
    }

    private void guarded(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException | LinkageError e) { // a class of a bundle that has just gone may be missing
            LOG.error("session {}: its listener has failed", session.clientId(), e);
        }
    }

    private void run(Runnable task) {
        session.onEventLoop(() -> {
            if (open) {
                task.run();
            }
        });
    }

    /** What is told when the store has it. */
    private <T> CompletionStage<T> supplyKept(Supplier<T> task) {
        return supply((CompletableFuture<T> result) -> {
            T value = task.get();
            session.whenKept(() -> result.complete(value));
        });
    }

    private <T> CompletionStage<T> supply(Consumer<CompletableFuture<T>> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        session.onEventLoop(() -> {
            try {
                if (!open) {
                    throw closed();
                }
                task.accept(result);
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private IllegalStateException closed() {
        return new IllegalStateException("session " + session.clientId() + " is closed");
    }

    // ---------------------------------------------------------------- the bundle's side

    @Override
    public String clientId() {
        return session.clientId();
    }

    @Override
    public boolean present() {
        return present;
    }

    @Override
    public Executor executor() {
        return callbacks;
    }

    @Override
    public CompletionStage<List<ReasonCode>> subscribe(List<Subscription> subscriptions) {
        List<ReasonCode> answers = new ArrayList<>();
        int filters = sizeOf(subscriptions.stream().map(Subscription::filter));
        return answered(subscriptions.size(), filters, result -> {
            List<ClientSession.Subscribed> made = new ArrayList<>();
            for (Subscription each : subscriptions.subList(answers.size(), subscriptions.size())) {
                Optional<ClientSession.Subscribed> subscribed = session.subscribe(principal, each);
                if (subscribed.isEmpty()) {
                    break;
                }
                made.add(subscribed.get());
                answers.add(subscribed.get().answer());
            }
            made.forEach(session::sendRetained); // behind all of them: each may change how what waits is sorted
            if (answers.size() < subscriptions.size()) {
                return false;
            }
            session.whenKept(() -> result.complete(List.copyOf(answers)));
            return true;
        });
    }

    @Override
    public CompletionStage<List<ReasonCode>> unsubscribe(List<TopicFilter> filters) {
        return answered(filters.size(), sizeOf(filters.stream()), result -> {
            List<ReasonCode> answers =
                    filters.stream().map(session::unsubscribe).toList();
            session.whenKept(() -> result.complete(answers));
            return true;
        });
    }

    /** A request that has so many answers, and may have to wait with what is held; {@code size} is what it keeps in memory, in bytes. */
    private CompletionStage<List<ReasonCode>> answered(
            int answers, int size, Predicate<CompletableFuture<List<ReasonCode>>> request) {
        return supply(result -> {
            if (held.isFull()) {
                result.complete(Collections.nCopies(answers, ReasonCode.QUOTA_EXCEEDED));
                return;
            }
            held.serve(
                    () -> {
                        if (!open) {
                            result.completeExceptionally(closed());
                            return true;
                        }
                        return request.test(result);
                    },
                    size);
        });
    }

    private static int sizeOf(Stream<TopicFilter> filters) {
        return filters.mapToInt(filter -> filter.toString().length()).sum();
    }

    @Override
    public void sendRetained(TopicFilter subscribed, Topic topic) {
        run(() -> session.sendRetained(subscribed, topic));
    }

    @Override
    public CompletionStage<List<Subscription>> subscriptions() {
        return supply(result -> result.complete(session.subscriptions()));
    }

    @Override
    public void publish(int packetId, Message message, boolean dup, Consumer<ReasonCode> acknowledged) {
        if (packetId != 0 && message.qos() == QoS.AT_MOST_ONCE) {
            throw new IllegalArgumentException("QoS 0 has no packet id: " + message);
        }
        Consumer<ReasonCode> told = reason -> call(() -> acknowledged.accept(reason));
        run(() -> {
            if (held.isFull(packetId == 0 ? QoS.AT_MOST_ONCE : message.qos())) {
                refuse(message.qos(), told);
            } else {
                held.serve(
                        () -> !open
                                || session.publish(
                                        principal, message, packetId, dup, (id, reason) -> told.accept(reason)),
                        message.sizeInBytes());
            }
        });
    }

    private void refuse(QoS qos, Consumer<ReasonCode> told) {
        if (qos == QoS.AT_MOST_ONCE) {
            session.home().counters().dropped(DropReason.QUEUE_FULL);
        }
        told.accept(ReasonCode.QUOTA_EXCEEDED);
    }

    @Override
    public void pubrel(int packetId, Consumer<ReasonCode> completed) {
        run(() -> {
            if (held.isFull()) {
                release(packetId, completed); // it is about what was taken before, and is never too much
            } else {
                held.serve(
                        () -> {
                            if (open) {
                                release(packetId, completed);
                            }
                            return true;
                        },
                        0);
            }
        });
    }

    private void release(int packetId, Consumer<ReasonCode> completed) {
        ReasonCode reason = session.release(packetId) ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
        session.whenKept(() -> call(() -> completed.accept(reason)));
    }

    @Override
    public void puback(int packetId, ReasonCode reason) {
        run(() -> session.puback(packetId));
    }

    @Override
    public void pubrec(int packetId, ReasonCode reason) {
        run(() -> session.pubrec(packetId, reason));
    }

    @Override
    public void pubcomp(int packetId) {
        run(() -> session.pubcomp(packetId));
    }

    @Override
    public void forgetReceived() {
        run(session::forgetReceived);
    }

    @Override
    public void ready(boolean nowReady) {
        run(() -> {
            ready = nowReady;
            if (nowReady) {
                session.drain();
            }
        });
    }

    @Override
    public List<String> missingAuthorizers() {
        return session.missingAuthorizers(principal);
    }

    @Override
    public QueueInfo queue() {
        return session.queueInfo();
    }

    @Override
    public void close() {
        silent = true;
        run(this::leave);
    }

    @Override
    public void end() {
        silent = true;
        run(() -> {
            open = false;
            session.end();
            held.end();
        });
    }

    // ---------------------------------------------------------------- the session's side

    @Override
    public boolean isWritable() {
        return handedOut && ready && underway.get() < MOST_UNDERWAY;
    }

    @Override
    public boolean publish(
            Message message, QoS qos, boolean retain, boolean dup, int packetId, int[] subscriptionIdentifiers) {
        handOver(new Delivery(packetId, message, qos, retain, dup, subscriptionIdentifiers), listener::message);
        return true;
    }

    @Override
    public void denied(
            Message message, QoS qos, boolean retain, boolean dup, int packetId, int[] subscriptionIdentifiers) {
        handOver(new Delivery(packetId, message, qos, retain, dup, subscriptionIdentifiers), listener::denied);
    }

    private void handOver(Delivery delivery, Consumer<Delivery> taker) {
        if (onEventLoop) {
            call(() -> taker.accept(delivery));
        } else {
            underway.incrementAndGet();
            call(() -> {
                arrived();
                taker.accept(delivery);
            });
        }
    }

    private void arrived() {
        if (underway.getAndDecrement() == MOST_UNDERWAY) {
            run(session::drain);
        }
    }

    @Override
    public void pubrel(int packetId, ReasonCode reason) {
        call(() -> listener.pubrel(packetId));
    }

    @Override
    public void detached(ReasonCode reason) {
        if (open) {
            open = false;
            held.end();
            call(() -> {
                silent = true;
                listener.closed(reason);
            });
        }
    }

    @Override
    public String origin() {
        return "in-process";
    }

    @Override
    public String listener() {
        return null;
    }

    @Override
    public int keepAlive() {
        return 0;
    }

    @Override
    public Principal principal() {
        return principal;
    }
}
