/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.QueueInfo;
import io.bascule.api.QueueLimits;
import io.bascule.api.QueueLimits.Overflow;
import io.bascule.api.Session;
import io.bascule.api.SessionInfo;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A bundle that makes several messages of one that it was sent, each for another topic, publishes them under the identifier of that one. What is
 * withheld of them while a queue blocks is acknowledged all the same, over this hold on the session or the next.
 */
class CopiesUnderOneIdentifierTest extends BrokerTestBase {
    private final List<String> taken = new CopyOnWriteArrayList<>();

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(8, TimeUnit.SECONDS).join();
    }

    /** Leaves a session whose queue is full from the first message on, and which nobody is attached to. */
    private static void blocked(String clientId) {
        Session session = get(broker.broker().open(blocking(clientId), delivery -> {}));
        get(session.subscribe(List.of(Subscription.of(TopicFilter.of(clientId), QoS.AT_LEAST_ONCE))));
        session.close();
        awaitLeft(clientId);
    }

    private static SessionOptions blocking(String clientId) {
        return SessionOptions.lasting(clientId)
                .withQueue(new QueueLimits(0, 1 << 20, QueueLimits.ANY_AGE, Overflow.BLOCK));
    }

    private static void awaitLeft(String clientId) {
        eventually(
                "left", () -> session(clientId).filter(SessionInfo::connected).isEmpty());
    }

    private static Session publisher(String name) {
        return get(broker.broker().open(SessionOptions.lasting(name + "-out"), delivery -> {}));
    }

    private static CompletableFuture<ReasonCode> publish(
            Session publisher, int packetId, String topic, QoS qos, boolean dup) {
        CompletableFuture<ReasonCode> acknowledged = new CompletableFuture<>();
        publisher.publish(packetId, Message.of(topic, "x").withQos(qos), dup, acknowledged::complete);
        return acknowledged;
    }

    private static void awaitWithheld(String name, int count) {
        eventually(
                count + " withheld", () -> session(name + "-out").orElseThrow().withheld() == count);
    }

    private static void leave(Session publisher, String name) {
        publisher.close();
        awaitLeft(name + "-out");
    }

    /** Takes everything that waits there. */
    private void empty(String name) {
        CompletableFuture<Session> opened = new CompletableFuture<>();
        opened.complete(get(broker.broker().open(blocking(name), delivery -> {
            taken.add(delivery.message().text());
            opened.thenAccept(session -> session.puback(delivery.packetId(), ReasonCode.SUCCESS));
        })));
    }

    private static boolean isEmpty(String name) {
        QueueInfo queue = session(name).orElseThrow().queue();
        return queue.queued() == 0 && queue.inFlight() == 0;
    }

    @Test
    void acknowledgesBothWhereOneWasAcknowledgedOverTheHoldBefore() {
        String name = "copies-one";
        blocked(name);
        Session first = publisher(name);
        assertThat(get(publish(first, 5, "elsewhere", QoS.AT_LEAST_ONCE, false)).isFailure())
                .isFalse();
        publish(first, 5, name, QoS.AT_LEAST_ONCE, false);
        awaitWithheld(name, 1);
        leave(first, name);

        Session second = publisher(name);
        CompletableFuture<ReasonCode> elsewhere = publish(second, 5, "elsewhere", QoS.AT_LEAST_ONCE, true);
        CompletableFuture<ReasonCode> main = publish(second, 5, name, QoS.AT_LEAST_ONCE, true);
        awaitWithheld(name, 2);
        empty(name);

        assertThat(get(elsewhere).isFailure()).isFalse();
        assertThat(get(main).isFailure()).isFalse();
        second.end();
    }

    @Test
    void acknowledgesBothWhereBothWereWithheldOverTheHoldBefore() {
        String name = "copies-both";
        blocked(name);
        Session first = publisher(name);
        publish(first, 5, name, QoS.AT_LEAST_ONCE, false);
        publish(first, 5, name, QoS.AT_LEAST_ONCE, false);
        awaitWithheld(name, 2);
        leave(first, name);

        Session second = publisher(name);
        CompletableFuture<ReasonCode> copy = publish(second, 5, name, QoS.AT_LEAST_ONCE, true);
        CompletableFuture<ReasonCode> main = publish(second, 5, name, QoS.AT_LEAST_ONCE, true);
        awaitWithheld(name, 2);
        empty(name);

        assertThat(get(copy).isFailure()).isFalse();
        assertThat(get(main).isFailure()).isFalse();
        eventually("all taken", () -> isEmpty(name));
        assertThat(taken).as("routed once each").hasSize(2);
        second.end();
    }

    /** The remote broker sends what it had sent just before the connection was lost, and what never came. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void acknowledgesBothWhereNeitherHasComeOverTheHoldBefore(int qos) {
        String name = "copies-none-" + qos;
        blocked(name);
        Session first = publisher(name);
        publish(first, 7, name, QoS.AT_LEAST_ONCE, false);
        awaitWithheld(name, 1);
        leave(first, name);

        Session second = publisher(name);
        CompletableFuture<ReasonCode> copy = publish(second, 5, name, QoS.AT_LEAST_ONCE, true);
        CompletableFuture<ReasonCode> main = publish(second, 5, "elsewhere", QoS.ofLevel(qos), true);
        awaitWithheld(name, qos == 1 ? 2 : 1); // PUBREC waits for no PUBACK
        empty(name);

        assertThat(get(copy).isFailure()).isFalse();
        assertThat(get(main).isFailure()).isFalse();
        second.end();
    }

    /** As above, with a first life in which it was received and not released. */
    @Test
    void acknowledgesOnceMoreWhatWasReceivedBesideACopyThatIsWithheld() {
        String name = "copies-received";
        blocked(name);
        Session first = publisher(name);
        get(publish(first, 5, "elsewhere", QoS.EXACTLY_ONCE, false));
        publish(first, 7, name, QoS.AT_LEAST_ONCE, false);
        awaitWithheld(name, 1);
        leave(first, name);

        Session second = publisher(name);
        publish(second, 5, name, QoS.AT_LEAST_ONCE, true);
        CompletableFuture<ReasonCode> main = publish(second, 5, "elsewhere", QoS.EXACTLY_ONCE, true);

        assertThat(get(main).isFailure()).isFalse();
        empty(name);
        second.end();
    }
}
