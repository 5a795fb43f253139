/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Broker;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.route.Route;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.UserProperty;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes in the local broker what a route cannot take across for its size, or for the length of its topic, where the file names a topic for it. It outlives a connection: a
 * message that the local session was not told of before the connection was lost is delivered again, and is not published here again for that.
 * On the link's event loop alone.
 */
final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    /** Says why, and that a message is one: it is not made into another. The other properties begin with it. */
    static final String PROPERTY = "bascule-dead-letter";

    /** Why, where it is for the topic that the message would have on the other side; it is counted as too large. */
    static final String TOPIC_TOO_LONG = "topic-too-long";

    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final int MOST_TIMES = 60;

    private final String bridge;
    private final Optional<Topic> topic;
    private final Broker broker;
    private final Executor onLoop;
    private final EventLoop eventLoop;
    private final ResourceScope scope;
    /** Those of forwarded messages that the local session waits for the acknowledgement of, by its Packet Identifier. */
    private final Map<Integer, CompletableFuture<Void>> awaited = new HashMap<>();

    private boolean failing;

    DeadLetters(BridgeDefinition definition, Broker broker, Executor onLoop, EventLoop eventLoop, ResourceScope scope) {
        this.bridge = definition.name();
        this.topic = definition.deadLetterTopic();
        this.broker = broker;
        this.onLoop = onLoop;
        this.eventLoop = eventLoop;
        this.scope = scope;
    }

    /** Whether there is to be one of this message: not of one that is one itself, which a route might take again and again. */
    boolean areMadeOf(Message message) {
        return topic.isPresent()
                && message.properties().userProperties().stream()
                        .noneMatch(property -> property.name().equals(PROPERTY));
    }

    /**
     * What there is to be a dead letter of.
     *
     * @param why the value of {@link #PROPERTY}
     * @param size of the payload that did not cross, in bytes
     * @param acknowledged whether it came with a Packet Identifier, so that its sender has no more than a window of them underway
     */
    record Uncrossed(Message message, Route route, String why, int size, boolean acknowledged) {}

    /**
     * Publishes a message that is too large for a route. Completes on the event loop when the local broker has it or has refused it, and then
     * it is lost. A broker whose disk does not keep up refuses as well: of QoS 1 and 2, where somebody waits to be acknowledged, it is asked
     * again, for a minute.
     *
     * @param wanted whether somebody still waits for it: nobody does when the message will come once more
     */
    CompletableFuture<Void> publish(Uncrossed what, BooleanSupplier wanted) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        publish(what, wanted, 1, done);
        return done;
    }

    private void publish(Uncrossed what, BooleanSupplier wanted, int time, CompletableFuture<Void> done) {
        published(what)
                .whenComplete((reason, failure) -> onLoop.execute(() -> {
                    boolean mayBeTaken = failure == null
                            && reason == ReasonCode.QUOTA_EXCEEDED
                            && what.message().qos() != QoS.AT_MOST_ONCE
                            && what.acknowledged()
                            && time < MOST_TIMES;
                    if (mayBeTaken && scope.isClosed()) {
                        return; // it is delivered again to whoever comes next
                    }
                    if (mayBeTaken) {
                        eventLoop.schedule(scope, AGAIN, () -> {
                            if (wanted.getAsBoolean()) {
                                publish(what, wanted, time + 1, done);
                            }
                        });
                        return;
                    }
                    told(
                            what.route(),
                            failure == null && !reason.isFailure()
                                    ? Optional.empty()
                                    : Optional.of(why(reason, failure)));
                    done.complete(null);
                }));
    }

    private CompletionStage<ReasonCode> published(Uncrossed what) {
        try {
            return broker.publish(letter(what));
        } catch (RuntimeException e) { // a name that is too long for a property, or a broker that stops
            return CompletableFuture.failedFuture(e);
        }
    }

    private Message letter(Uncrossed what) {
        Message message = what.message();
        MessageProperties before = message.properties();
        List<UserProperty> all = new ArrayList<>(before.userProperties());
        all.add(new UserProperty(PROPERTY, what.why()));
        all.add(new UserProperty(PROPERTY + "-bridge", bridge));
        all.add(new UserProperty(PROPERTY + "-route", what.route().key()));
        all.add(new UserProperty(PROPERTY + "-topic", message.topic().name()));
        all.add(new UserProperty(PROPERTY + "-size", String.valueOf(what.size())));
        return message.withTopic(topic.orElseThrow())
                .withRetain(false)
                .withProperties(new MessageProperties(
                        before.payloadFormatIndicator(),
                        before.contentType(),
                        before.responseTopic(),
                        before.correlationData(),
                        all));
    }

    private static String why(ReasonCode reason, Throwable failure) {
        return failure == null ? reason.toString() : failure.toString();
    }

    /** Warns once, until one gets through. */
    private void told(Route route, Optional<String> failure) {
        if (failure.isPresent() && !failing) {
            LOG.warn(
                    "bridge {}: a message that is too large for {} is lost, since {} does not take it: {}; further ones are only counted",
                    bridge,
                    route.key(),
                    topic.orElseThrow(),
                    failure.get());
        }
        failing = failure.isPresent();
    }

    // ---------------------------------------------------------------- of forwarded messages

    /** The local session waits with this Packet Identifier for one to be published. */
    void await(int packetId, CompletableFuture<Void> letter) {
        awaited.put(packetId, letter);
    }

    /** The one that is published, or was, of the message that was delivered under this identifier; null when there is none. */
    CompletableFuture<Void> awaited(int packetId) {
        return awaited.get(packetId);
    }

    /** The local session is told now; whether it still waited for this one. */
    boolean acknowledge(int packetId, CompletableFuture<Void> letter) {
        return awaited.remove(packetId, letter);
    }

    /** The local session means something else by this identifier, or nothing; whether it waited. */
    boolean forget(int packetId) {
        return !awaited.isEmpty() && awaited.remove(packetId) != null;
    }

    /** The local session that these identifiers belong to is gone. */
    void forgetAll() {
        awaited.clear();
    }
}
