/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Broker;
import io.bascule.api.Identity;
import io.bascule.api.QueueInfo;
import io.bascule.api.QueueLimits;
import io.bascule.api.Session;
import io.bascule.api.SessionInfo;
import io.bascule.api.SessionListener;
import io.bascule.api.SessionOptions;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The bridge's hold on its session in the local broker: opens it and lets go of it, again and again. */
final class LocalSide {
    private final BridgeDefinition definition;
    private final Broker broker;
    private final ResourceScope scope;
    private final EventLoop eventLoop;
    private final Runnable begun;
    private final Runnable settled;
    private int opening;
    private Opened wanted;
    private Lease lease;
    private final List<Lease> subscriptions = new ArrayList<>();
    private volatile Session session;

    /** Who asked for the session. */
    interface Opened {
        /** It is there and delivers nothing yet; or it is not, and {@code failure} says why. */
        void opened(Session session, Throwable failure);
    }

    /**
     * {@code begun} is called when the broker did not have the session before, {@code settled} when one that nobody waits for any more has
     * come and gone.
     */
    LocalSide(
            BridgeDefinition definition,
            Broker broker,
            ResourceScope scope,
            EventLoop eventLoop,
            Runnable begun,
            Runnable settled) {
        this.definition = definition;
        this.broker = broker;
        this.scope = scope;
        this.eventLoop = eventLoop;
        this.begun = begun;
        this.settled = settled;
    }

    /** Opens the session; the answer comes on the event loop, and does not come after {@link #detach}. */
    void open(int receiveMaximum, SessionListener listener, Opened then) {
        wanted = then;
        opening++;
        broker.open(
                        options(definition.cleanStart() ? 0 : SessionOptions.NEVER, receiveMaximum, definition.queue()),
                        listener)
                .whenComplete((opened, failure) -> onLoop(() -> opened(then, opened, failure)));
    }

    private SessionOptions options(long sessionExpiryInterval, int receiveMaximum, Optional<QueueLimits> queue) {
        return new SessionOptions(
                definition.localClientId(),
                definition.cleanStart(),
                sessionExpiryInterval,
                receiveMaximum,
                SessionOptions.Overlap.COPY_PER_SUBSCRIPTION,
                Optional.of(eventLoop),
                Optional.of(Identity.ANONYMOUS),
                definition.authorizers(),
                queue);
    }

    private void opened(Opened then, Session opened, Throwable failure) {
        opening--;
        if (opened != null && !opened.present()) {
            begun.run();
        }
        if (wanted != then) { // let go meanwhile
            if (opened != null) {
                opened.close();
            }
            settled.run();
            return;
        }
        if (failure == null) {
            lease = scope.hold(ResourceKind.SESSION, opened);
            session = opened;
            opened.ready(false);
        }
        then.opened(opened, failure);
    }

    /**
     * Opens the session for a moment to subscribe it, before there is any connection, so that what the routes take waits from now on. Answers
     * on the event loop with what went wrong, if anything, and not at all after {@link #detach}.
     */
    void subscribe(LocalSubscriptions subscriptions, Consumer<Optional<String>> then) {
        open(1, delivery -> {}, (opened, failure) -> {
            if (failure != null) {
                then.accept(Optional.of("the local session cannot be opened: " + failure));
                return;
            }
            subscriptions
                    .apply(opened)
                    .whenComplete((done, trouble) -> onLoop(() -> {
                        if (session == opened) {
                            detach();
                            then.accept(Optional.ofNullable(trouble)
                                    .map(why -> "the local session cannot be subscribed: " + why));
                        }
                    }));
        });
    }

    /**
     * Counts a temporary session's subscriptions, and with them the nodes of the subscription tree that are theirs, among what this bridge
     * holds. They end with the session; those of a lasting one are the session's own.
     */
    void subscribed() {
        Session attached = session;
        if (definition.cleanStart()) {
            attached.subscriptions()
                    .thenAccept(made -> onLoop(() -> {
                        if (session == attached) {
                            made.forEach(
                                    each -> subscriptions.add(scope.hold(ResourceKind.SUBSCRIPTION, attached::end)));
                        }
                    }));
        }
    }

    /** Lets go of the session, which stays and collects, unless it is a temporary one. */
    void detach() {
        wanted = null;
        if (lease != null) {
            subscriptions.forEach(Lease::close);
            subscriptions.clear();
            lease.close();
            lease = null;
            session = null;
        }
    }

    /** Whether a session is still to come, to be let go of at once perhaps. */
    boolean isOpening() {
        return opening > 0;
    }

    /** Says whether the session may deliver; nothing while it is not there. */
    void ready(boolean ready) {
        Session attached = session;
        if (attached != null) {
            attached.ready(ready);
        }
    }

    /** Those who are to say what the bridge may do and are not there, while it has the session; from any thread. */
    List<String> missingAuthorizers() {
        Session attached = session;
        return attached == null ? List.of() : attached.missingAuthorizers();
    }

    /** What is retained there at a topic; from any thread. */
    Optional<Message> retained(Topic topic) {
        return broker.retained(topic);
    }

    /** What is retained there at the topics that match; from any thread. */
    List<Message> retained(TopicFilter filter) {
        return broker.retained(filter, Integer.MAX_VALUE);
    }

    /** The id of the local broker. */
    String brokerId() {
        return broker.id();
    }

    /** Ends the session, whoever holds it. */
    CompletionStage<Boolean> end() {
        return broker.endSession(definition.localClientId());
    }

    /**
     * Has the broker end the session so many seconds from now, unless it is opened before; it collects until then. Nobody waits for it any
     * more: nothing is there that would empty it.
     */
    void endAfter(long seconds) {
        opening++;
        broker.open(options(seconds, 1, definition.queue().map(LocalSide::withoutBlocking)), delivery -> {})
                .whenComplete((opened, failure) -> onLoop(() -> {
                    opening--;
                    if (opened != null) {
                        opened.close();
                    }
                    settled.run();
                }));
    }

    private static QueueLimits withoutBlocking(QueueLimits limits) {
        return limits.overflow() == QueueLimits.Overflow.BLOCK
                ? new QueueLimits(limits.messages(), limits.bytes(), limits.age(), QueueLimits.Overflow.DROP_NEWEST)
                : limits;
    }

    /** How full it is, held or not; from any thread. */
    QueueInfo queue() {
        Session attached = session;
        if (attached != null) {
            return attached.queue();
        }
        return broker.session(definition.localClientId())
                .map(SessionInfo::queue)
                .orElse(QueueInfo.NONE);
    }

    /** Whether what may wait in it is for the broker to say, and not for the bridge's file. */
    boolean isBoundByBroker() {
        return definition.queue().isEmpty();
    }

    /** What may wait in it. */
    QueueLimits limits() {
        return definition.queue().orElseGet(broker::queueLimits);
    }

    /** Whether the broker has it, held or not; from any thread. */
    boolean exists() {
        return session != null || broker.session(definition.localClientId()).isPresent();
    }

    /** Whether nothing waits in it and nothing is on its way. */
    boolean isEmpty() {
        QueueInfo queue = queue();
        return queue.queued() == 0 && queue.inFlight() == 0;
    }

    /** Runs the task on the event loop: at once, when that is where it is called. */
    void onLoop(Runnable task) {
        if (eventLoop.inEventLoop()) {
            task.run();
        } else {
            eventLoop.execute(task);
        }
    }
}
