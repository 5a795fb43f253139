/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.event;

import io.bascule.api.Broker;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.api.Subscription.RetainHandling;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The MQTT side of an adapter: a session of the broker that ends with it, subscribed to what comes in, and publishing what goes out. Safe for
 * use by several threads.
 *
 * <p>Nothing goes round: an event that came from MQTT is not published, whichever adapter it came through, and what the session publishes it
 * does not receive itself (No Local [MQTT-3.8.3-3]). Retained messages that are there already do not come in: they would be events of the
 * past, again at every restart, and among them the adapter's own.
 */
public final class EventSession implements AutoCloseable {
    private static final long TO_ANSWER_SECONDS = 5;

    private final EventRoutes config;
    private final EventSink sink;
    private final Session session;
    private final Inbox inbox;
    private final Outbox outbox;
    private final Drops drops;

    private EventSession(EventRoutes config, EventSink sink, Session session, Inbox inbox, Drops drops) {
        this.config = config;
        this.sink = sink;
        this.session = session;
        this.inbox = inbox;
        this.outbox = new Outbox(session, config.queueBytes(), drops);
        this.drops = drops;
    }

    /**
     * Opens the session; nothing comes in before {@link #subscribe()}. Waits for the broker, at most 5 s; not to be called on an event loop.
     *
     * @param kind what the session's client id begins with, such as {@code eventadmin}; no other session has the same id
     * @param config one without errors
     * @throws IllegalStateException when the broker gives no session; nothing is left then
     */
    public static EventSession open(Broker broker, String kind, EventRoutes config, EventSink sink) {
        String clientId = String.format(
                "%s:%s:%08x", kind, config.name(), ThreadLocalRandom.current().nextInt());
        Drops drops = new Drops(sink::warn);
        Inbox inbox = new Inbox(config, clientId, sink, drops);
        CompletionStage<Session> opening = broker.open(SessionOptions.temporary(clientId), inbox);
        try {
            Session session = await(opening);
            inbox.attach(session);
            return new EventSession(config, sink, session, inbox, drops);
        } catch (RuntimeException e) {
            opening.thenAccept(Session::end); // also when it opens only now
            throw e;
        }
    }

    /**
     * Subscribes to what the routes take. Waits for the broker, at most 5 s; not to be called on an event loop.
     *
     * @throws IllegalStateException when the broker does not answer
     */
    public void subscribe() {
        List<TopicFilter> filters =
                config.in().stream().map(InRoute::filter).distinct().toList();
        if (filters.isEmpty()) {
            return;
        }
        List<ReasonCode> reasons = await(session.subscribe(
                filters.stream().map(EventSession::subscription).toList()));
        for (int i = 0; i < filters.size(); i++) {
            if (reasons.get(i).isFailure()) {
                sink.warn("the broker refuses the subscription to " + filters.get(i) + ": " + reasons.get(i));
            }
        }
    }

    /** QoS 0: an event service keeps nothing, and a session that ends with the adapter has nothing to make up for. */
    private static Subscription subscription(TopicFilter filter) {
        return new Subscription(filter, QoS.AT_MOST_ONCE, true, true, RetainHandling.DO_NOT_SEND, 0);
    }

    private static <T> T await(CompletionStage<T> answer) {
        try {
            return answer.toCompletableFuture().get(TO_ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the broker has not answered within " + TO_ANSWER_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker gives no session", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker was asked", e);
        }
    }

    /** The client id of the session, which stands in every event of it under {@link MqttEvent#ADAPTER}. */
    public String clientId() {
        return session.clientId();
    }

    /**
     * Publishes the message that stands for this event, unless it came from MQTT. Never blocks; messages of one thread stay in order. What
     * cannot be published is dropped and counted.
     *
     * @param route whose filter the topic matches
     * @param event its properties, which may be used further afterwards
     */
    public void publish(OutRoute route, String topic, Map<String, ?> event) {
        if (MqttEvent.isFromMqtt(event)) {
            return;
        }
        if (inbox.hasEnded()) {
            drops.add("session-ended", "out." + route.name() + " has no session any more");
            return;
        }
        try {
            Optional<Message> message = route.message(topic, event);
            message.ifPresentOrElse(
                    outbox::offer,
                    () -> drops.add("unmapped", "out." + route.name() + " maps no event of topic " + topic));
        } catch (IllegalArgumentException e) {
            drops.add(
                    "invalid",
                    "out." + route.name() + " makes no message of an event of topic " + topic + ": " + e.getMessage());
        }
    }

    /** What was given up so far, by reason. */
    public Map<String, Long> dropped() {
        return drops.counts();
    }

    /** Ends the session: nothing is delivered any more, and what was published before is still published. */
    @Override
    public void close() {
        inbox.close();
        session.end();
    }
}
