/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.QueueLimits;
import io.bascule.api.QueueLimits.Overflow;
import io.bascule.api.QueuedMessage;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A look at what waits in a session, and what it is to drop it. */
class QueueTest extends BrokerTestBase {

    private static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(8, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Session open(SessionOptions options, String filter) {
        Session session = get(broker.broker().open(options, delivery -> {}));
        session.ready(false);
        get(session.subscribe(List.of(Subscription.of(TopicFilter.of(filter), QoS.AT_LEAST_ONCE))));
        return session;
    }

    private static CompletionStage<ReasonCode> publish(Message message) {
        return broker.broker().publish(message);
    }

    private static Message message(String topic, String text) {
        return Message.of(Topic.of(topic), text.getBytes(StandardCharsets.UTF_8), QoS.EXACTLY_ONCE, true);
    }

    private static void fill(String topic, int count) {
        IntStream.range(0, count)
                .mapToObj(i -> publish(message(topic, String.valueOf(i))))
                .toList()
                .forEach(QueueTest::get);
        eventually("all wait", () -> queued(topic) == count);
    }

    private static int queued(String clientId) {
        return session(clientId).orElseThrow().queue().queued();
    }

    private static List<QueuedMessage> list(String clientId, long from, int atMost) {
        return get(broker.broker().queued(clientId, from, atMost));
    }

    private static List<String> texts(List<QueuedMessage> messages) {
        return messages.stream().map(each -> each.message().text()).toList();
    }

    @Test
    void showsWhatWaitsInOrder() {
        Session session = open(
                SessionOptions.lasting("queue-show")
                        .withQueue(new QueueLimits(10, 1 << 20, Duration.ofMinutes(1), Overflow.DROP_NEWEST)),
                "queue-show");
        fill("queue-show", 3);
        get(publish(message("queue-show", "soon").expiringIn(Duration.ofSeconds(5))));
        eventually("all wait", () -> queued("queue-show") == 4);

        List<QueuedMessage> all = list("queue-show", 0, 10);
        assertThat(texts(all)).containsExactly("0", "1", "2", "soon");
        assertThat(all).extracting(QueuedMessage::number).containsExactly(0L, 1L, 2L, 3L);
        QueuedMessage first = all.get(0);
        assertThat(first.message().topic().name()).isEqualTo("queue-show");
        assertThat(first.qos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(first.retain()).isFalse();
        assertThat(all.stream().mapToLong(QueuedMessage::sizeInBytes).sum())
                .isEqualTo(session.queue().queuedBytes());
        assertThat(first.age()).isBetween(Duration.ZERO, Duration.ofSeconds(30));
        assertThat(first.expiresIn().orElseThrow())
                .isEqualTo(Duration.ofMinutes(1).minus(first.age()));
        assertThat(all.get(3).expiresIn().orElseThrow()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
        assertThat(texts(list("queue-show", 0, 2))).containsExactly("0", "1");
        assertThat(texts(list("queue-show", 2, 2))).containsExactly("2", "soon");
        assertThat(list("queue-show", 4, 2)).isEmpty();
        session.end();
    }

    @Test
    void goesOnWhereItWasWhateverIsSentMeanwhile() {
        Session session = open(SessionOptions.lasting("queue-on").withReceiveMaximum(2), "queue-on");
        fill("queue-on", 6);
        List<QueuedMessage> slice = list("queue-on", 0, 3);
        session.ready(true);
        eventually("two are in flight", () -> queued("queue-on") == 4);

        long next = slice.get(2).number() + 1;
        assertThat(texts(list("queue-on", 0, 10))).containsExactly("2", "3", "4", "5"); // not what is in flight
        assertThat(texts(list("queue-on", next, 10))).containsExactly("3", "4", "5");
        session.end();
    }

    @Test
    void dropsWhatWaitsAndNothingElse() {
        Session session = open(SessionOptions.lasting("queue-purge").withReceiveMaximum(2), "queue-purge");
        fill("queue-purge", 30_000);
        session.ready(true);
        eventually("two are in flight", () -> queued("queue-purge") == 29_998);
        long before = broker.broker().info().dropped().get("purged");

        assertThat(get(broker.broker().purge("queue-purge"))).isEqualTo(29_998);

        assertThat(session.queue().queued()).isZero();
        assertThat(session.queue().queuedBytes()).isZero();
        assertThat(session.queue().inFlight()).isEqualTo(2);
        assertThat(session.queue().dropped()).isEqualTo(29_998);
        assertThat(broker.broker().info().dropped().get("purged") - before).isEqualTo(29_998);
        assertThat(get(broker.broker().purge("queue-purge"))).isZero();
        get(publish(message("queue-purge", "after")));
        eventually("it goes on", () -> queued("queue-purge") == 1);
        assertThat(list("queue-purge", 0, 1).get(0).number()).isEqualTo(30_000);
        session.end();
    }

    @Test
    void letsPublishersGoThatWait() {
        Session session = open(
                SessionOptions.lasting("queue-wait")
                        .withQueue(new QueueLimits(1, 1 << 20, QueueLimits.ANY_AGE, Overflow.BLOCK)),
                "queue-wait");
        List<CompletionStage<ReasonCode>> published = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            published.add(publish(message("queue-wait", String.valueOf(i))));
        }
        eventually("four wait", () -> session.queue().withheld() == 4);
        eventually("all have come", () -> session.queue().queued() == 5);
        assertThat(get(broker.broker().purge("queue-wait"))).isEqualTo(5);
        published.forEach(each -> assertThat(get(each)).isEqualTo(ReasonCode.SUCCESS));
        session.end();
    }

    @Test
    void knowsNoSessionThatIsNotThere() {
        assertThat(list("queue-nobody", 0, 1)).isEmpty();
        assertThat(get(broker.broker().purge("queue-nobody"))).isZero();
        assertThatThrownBy(() -> broker.broker().queued("queue-nobody", 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("atMost is 1 to 10000, not 0");
        assertThatThrownBy(() -> broker.broker().queued("queue-nobody", 0, 10_001))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
