/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.broker.BrokerTestBase.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bascule.api.Delivery;
import io.bascule.api.LocalOptions;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.SessionOptions.Overlap;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.store.StoreSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Subscriptions of bundles that are delivered with more than was published with. */
class RaisedQosTest extends StoredBrokerTestBase {
    private final List<Delivery> got = new CopyOnWriteArrayList<>();

    private Session open(SessionOptions options) {
        got.clear();
        return get(broker.broker().open(options, got::add));
    }

    private static Subscription raised(String filter, QoS exactly) {
        return Subscription.of(TopicFilter.of(filter), exactly).with(LocalOptions.NONE.withMinimumQos(exactly));
    }

    private static Message message(String topic, String text, QoS qos) {
        return Message.of(Topic.of(topic), text.getBytes(StandardCharsets.UTF_8), qos, false);
    }

    private void publish(String topic, String text, QoS qos) {
        assertThat(get(broker.broker().publish(message(topic, text, qos))).isFailure())
                .isFalse();
    }

    private List<String> lines() {
        return got.stream()
                .map(each -> each.message().text() + " q" + each.qos().level() + (each.packetId() == 0 ? "" : " id")
                        + (each.dup() ? " dup" : ""))
                .toList();
    }

    private void acknowledge(Session session) {
        for (Delivery each : got) {
            session.puback(each.packetId(), ReasonCode.SUCCESS);
        }
    }

    private long inStore() {
        return broker.store().keptBytes();
    }

    @Test
    void deliversWhatWasPublishedWithLessAsIfItHadBeenPublishedSo() {
        Session session = open(SessionOptions.lasting("s"));
        get(session.subscribe(List.of(raised("one/#", QoS.AT_LEAST_ONCE), raised("two/#", QoS.EXACTLY_ONCE))));
        TestClient client = connect(TestClient.v5("c"));
        client.subscribe("#", 2);

        client.publish("one/a", "1", 0, 0);
        assertThat(client.message().line()).isEqualTo("one/a=1 q0"); // others have it as it was published
        client.publish("two/a", "2", 0, 0);
        assertThat(client.message().line()).isEqualTo("two/a=2 q0");
        publish("two/a", "3", QoS.AT_LEAST_ONCE);
        publish("one/a", "4", QoS.EXACTLY_ONCE);

        eventually("all", () -> got.size() == 4);
        assertThat(lines()).containsExactly("1 q1 id", "2 q2 id", "3 q2 id", "4 q1 id");
        assertThat(session.queue().inFlight()).isEqualTo(4);
    }

    @Test
    void keepsWhatWasPublishedWithQos0WhileNobodyIsThereAndOverARestart() {
        SessionOptions options = SessionOptions.lasting("s");
        Session session = open(options);
        get(session.subscribe(List.of(
                raised("kept", QoS.AT_LEAST_ONCE), Subscription.of(TopicFilter.of("not-kept"), QoS.AT_LEAST_ONCE))));
        session.close();
        eventually("away", () -> isAway("s"));
        TestClient client = connect(TestClient.v5("c"));
        for (int i = 1; i <= 3; i++) {
            client.publish("kept", "a" + i, 0, 0);
            client.publish("not-kept", "lost", 0, 0);
        }
        client.publishAcknowledged("not-kept", "a4");

        assertThat(queued("s")).isEqualTo(4);
        restart();
        session = open(options);
        publish("kept", "a5", QoS.AT_MOST_ONCE); // the subscription is what it was as well
        eventually("all", () -> got.size() == 5);

        assertThat(lines()).containsExactly("a1 q1 id", "a2 q1 id", "a3 q1 id", "a4 q1 id", "a5 q1 id");
        assertThat(got.get(0).message().qos()).as("as it was published").isEqualTo(QoS.AT_MOST_ONCE);
    }

    @Test
    void sendsAgainAfterARestartWhatIsNotAcknowledgedAndForgetsWhatIs() {
        SessionOptions options = SessionOptions.lasting("s");
        Session session = open(options);
        get(session.subscribe(List.of(raised("a", QoS.AT_LEAST_ONCE))));
        long empty = inStore();
        publish("a", "1", QoS.AT_MOST_ONCE);
        eventually("delivered", () -> got.size() == 1);
        assertThat(inStore()).isGreaterThan(empty);
        restart();

        session = open(options);
        eventually("again", () -> got.size() == 1);
        assertThat(lines()).containsExactly("1 q1 id dup");
        acknowledge(session);
        eventually("done", () -> inStore() <= empty);
    }

    @Test
    void givesEachOfSeveralSubscriptionsItsOwn() {
        List<Subscription> both =
                List.of(raised("a/#", QoS.AT_LEAST_ONCE), Subscription.of(TopicFilter.of("a/+"), QoS.EXACTLY_ONCE));
        Session copies = open(SessionOptions.lasting("copies").withOverlap(Overlap.COPY_PER_SUBSCRIPTION));
        get(copies.subscribe(both));
        publish("a/b", "0", QoS.AT_MOST_ONCE);
        publish("a/b", "2", QoS.EXACTLY_ONCE);
        eventually("all", () -> got.size() == 4);
        assertThat(lines()).containsExactlyInAnyOrder("0 q1 id", "0 q0", "2 q1 id", "2 q2 id");
        copies.end();

        Session one = open(SessionOptions.lasting("one"));
        get(one.subscribe(both));
        publish("a/b", "0", QoS.AT_MOST_ONCE);
        publish("a/b", "2", QoS.EXACTLY_ONCE);
        eventually("all", () -> got.size() == 2);
        assertThat(lines()).containsExactly("0 q1 id", "2 q2 id");
    }

    @Test
    void raisesWhatIsRetainedAndWhatIsShared() {
        get(broker.broker().publish(message("kept", "r", QoS.AT_MOST_ONCE).withRetain(true)));
        SessionOptions options = SessionOptions.lasting("s");
        Session session = open(options);
        get(session.subscribe(List.of(raised("kept", QoS.AT_LEAST_ONCE), raised("$share/g/x", QoS.AT_LEAST_ONCE))));
        publish("x", "s", QoS.AT_MOST_ONCE);
        eventually("both", () -> got.size() == 2);
        restart();

        open(options);
        eventually("both", () -> got.size() == 2);
        assertThat(lines()).containsExactly("r q1 id dup", "s q1 id dup");
    }

    @Test
    void raisesNoFurtherThanTheBrokerGoes() {
        restart(() -> new StoredBroker(
                folder,
                Map.of("maximum.qos", 0),
                new StoreSettings(StoredBroker.log(1 << 20), StoreSettings.HEAP_BYTES)));
        Session session = open(SessionOptions.lasting("s"));

        assertThat(get(session.subscribe(List.of(raised("a", QoS.AT_LEAST_ONCE)))))
                .containsExactly(ReasonCode.SUCCESS);
        publish("a", "1", QoS.AT_MOST_ONCE);
        eventually("delivered", () -> got.size() == 1);
        assertThat(lines()).containsExactly("1 q0");
    }

    @Test
    void takesNoMinimumAboveTheMaximum() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Subscription.of(TopicFilter.of("a"), QoS.AT_MOST_ONCE)
                        .with(LocalOptions.NONE.withMinimumQos(QoS.AT_LEAST_ONCE)))
                .withMessage("minimumQos is at most maximumQos, AT_MOST_ONCE, not AT_LEAST_ONCE");
    }

    @Test
    void takesASubscriptionOfAClientForWhatItSaysAlone() {
        Session session = open(SessionOptions.lasting("s"));
        get(session.subscribe(List.of(raised("a", QoS.AT_LEAST_ONCE))));
        session.close();
        eventually("away", () -> isAway("s"));

        TestClient client = resume(lasting("s")); // whoever has the session has what it is subscribed to
        client.subscribe("a", 1); // until he says something else
        client.publish("a", "1", 0, 0);
        assertThat(client.message().line()).isEqualTo("a=1 q0");
        assertThat(broker.broker().subscriptions())
                .allMatch(each -> each.subscription().local().equals(LocalOptions.NONE));
    }

    @Test
    void keepsAQueueThatIsFullFromTakingMore() {
        SessionOptions options = SessionOptions.lasting("s");
        restart(() -> new StoredBroker(
                folder,
                Map.of("queue.messages", 2),
                new StoreSettings(StoredBroker.log(1 << 20), StoreSettings.HEAP_BYTES)));
        Session session = open(options);
        get(session.subscribe(List.of(raised("a", QoS.AT_LEAST_ONCE))));
        session.close();
        eventually("away", () -> isAway("s"));
        for (int i = 1; i <= 5; i++) {
            publish("a", String.valueOf(i), QoS.AT_MOST_ONCE);
        }

        assertThat(queued("s")).isEqualTo(2);
        assertThat(broker.broker().session("s").orElseThrow().queue().dropped()).isEqualTo(3);
        session = open(options);
        eventually("two", () -> got.size() == 2);
        assertThat(new ArrayList<>(lines())).containsExactly("1 q1 id", "2 q1 id");
    }

    @Test
    void readsNoFurtherOfAPublisherWhileTooMuchWaitsForTheDisk() throws InterruptedException {
        Session session = open(SessionOptions.lasting("s"));
        get(session.subscribe(List.of(raised("a", QoS.AT_LEAST_ONCE))));
        session.close();
        eventually("away", () -> isAway("s"));
        TestClient client = connect(TestClient.v5("c"));
        TestClient other = connect(TestClient.v5("other"));
        broker.disk().hold();
        int messages = 40;
        Thread sending = new Thread(
                () -> { // more than the sockets take, perhaps
                    for (int i = 0; i < messages; i++) {
                        client.publish("a", "x".repeat(100_000), 0, 0);
                    }
                });
        sending.start();

        eventually("as much as may wait is there", () -> queued("s") >= 10);
        for (int i = 0; i < 50; i++) {
            other.expectNothing(); // the event loops have had their turns
        }
        assertThat(queued("s")).isLessThan(messages);
        broker.disk().release();

        eventually("all", () -> queued("s") == messages);
        sending.join();
    }
}
