/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREL;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Delivery;
import io.bascule.api.QueueInfo;
import io.bascule.api.QueueLimits;
import io.bascule.api.QueueLimits.Overflow;
import io.bascule.api.Session;
import io.bascule.api.SessionInfo;
import io.bascule.api.SessionListener;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.EventLoop;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A queue whose policy is that publishers wait. */
class BlockTest extends BrokerTestBase {
    private static final int ROOM = 3;

    /** Acknowledges what it is sent, and keeps the texts. */
    private static final class Drain implements SessionListener {
        final List<String> texts = new CopyOnWriteArrayList<>();
        private volatile Session session;

        @Override
        public void opened(Session opened) {
            session = opened;
        }

        @Override
        public void message(Delivery delivery) {
            texts.add(delivery.message().text());
            if (delivery.qos() == QoS.AT_LEAST_ONCE) {
                session.puback(delivery.packetId(), ReasonCode.SUCCESS);
            } else if (delivery.qos() == QoS.EXACTLY_ONCE) {
                session.pubrec(delivery.packetId(), ReasonCode.SUCCESS);
            }
        }

        @Override
        public void pubrel(int packetId) {
            session.pubcomp(packetId);
        }
    }

    private static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(8, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static QueueLimits limits(int messages, Overflow overflow) {
        return new QueueLimits(messages, 1 << 20, QueueLimits.ANY_AGE, overflow);
    }

    private static SessionOptions blocking(String clientId, int messages) {
        return SessionOptions.lasting(clientId).withQueue(limits(messages, Overflow.BLOCK));
    }

    private static Session open(SessionOptions options, SessionListener listener) {
        return get(broker.broker().open(options, listener));
    }

    /** Leaves a session that blocks when {@link #ROOM} messages at its topic wait; nobody is attached to it. */
    private static void blocked(String clientId) {
        Session session = open(blocking(clientId, ROOM), delivery -> {});
        get(session.subscribe(List.of(Subscription.of(TopicFilter.of(clientId), QoS.EXACTLY_ONCE))));
        session.close();
        eventually(
                "left", () -> session(clientId).filter(SessionInfo::connected).isEmpty());
    }

    private static void fill(String clientId) {
        for (int i = 1; i <= ROOM; i++) {
            assertThat(get(publish(clientId, "fill " + i, QoS.AT_LEAST_ONCE))).isEqualTo(ReasonCode.SUCCESS);
        }
    }

    private static List<String> filled(String... more) {
        List<String> texts = new ArrayList<>();
        IntStream.rangeClosed(1, ROOM).forEach(i -> texts.add("fill " + i));
        texts.addAll(List.of(more));
        return texts;
    }

    private static CompletionStage<ReasonCode> publish(String topic, String text, QoS qos) {
        return broker.broker().publish(message(topic, text, qos));
    }

    private static Message message(String topic, String text, QoS qos) {
        return Message.of(Topic.of(topic), text.getBytes(StandardCharsets.UTF_8), qos, false);
    }

    private static QueueInfo queue(String clientId) {
        return session(clientId).orElseThrow().queue();
    }

    private static void awaitWithheld(String clientId, int count) {
        eventually(count + " withheld", () -> queue(clientId).withheld() == count);
    }

    /** A message may still be on its way from its publisher's event loop when that knows already that it has to wait. */
    private static void awaitQueued(String clientId, int count) {
        eventually(count + " queued", () -> queue(clientId).queued() == count);
    }

    /** Opens the session again and takes what waits in it. */
    private static Drain drain(String clientId) {
        Drain drain = new Drain();
        open(blocking(clientId, ROOM), drain);
        return drain;
    }

    private static void sendAgain(TestClient client, String topic, String text, int qos, int id) {
        client.publish(topic, text, qos, id, false, true, MqttProperties.NO_PROPERTIES);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void takesAMessageAndWithholdsItsAcknowledgementUntilThereIsRoom(int qos) {
        String name = "block-room-" + qos;
        blocked(name);
        fill(name);
        TestClient publisher = connect(TestClient.v5(name + "-out"));
        publisher.publish(name, "over", qos, 1);
        publisher.send(MqttMessage.PINGREQ);
        assertThat(publisher.next().type()).isEqualTo(MqttMessageType.PINGRESP); // it is served otherwise
        awaitWithheld(name, 1);
        awaitQueued(name, ROOM + 1);
        assertThat(session(name + "-out").orElseThrow().withheld()).isEqualTo(1);
        Drain drain = drain(name);
        assertThat(publisher.next().type()).isEqualTo(qos == 1 ? PUBACK : PUBREC);
        eventually("all", () -> drain.texts.equals(filled("over")));
        awaitWithheld(name, 0);
        eventually(
                "he waits no more", () -> session(name + "-out").orElseThrow().withheld() == 0);
    }

    @Test
    void acknowledgesWhatHasRoom() {
        blocked("block-fits");
        TestClient publisher = connect(TestClient.v5("block-fits-out"));
        for (int id = 1; id <= ROOM; id++) {
            publisher.publish("block-fits", "x", 1, id);
            assertThat(publisher.next().id()).isEqualTo(id);
        }
        publisher.publish("block-fits", "x", 1, 9);
        publisher.expectNothing();
        assertThat(get(broker.broker().endSession("block-fits"))).isTrue();
        assertThat(publisher.next().id()).isEqualTo(9);
    }

    @Test
    void countsBytes() {
        Session session = open(
                SessionOptions.lasting("block-bytes")
                        .withQueue(new QueueLimits(1000, 2000, QueueLimits.ANY_AGE, Overflow.BLOCK)),
                delivery -> {});
        get(session.subscribe(List.of(Subscription.of(TopicFilter.of("block-bytes"), QoS.AT_LEAST_ONCE))));
        notReady(session);
        assertThat(get(publish("block-bytes", "x".repeat(100), QoS.AT_LEAST_ONCE)))
                .isEqualTo(ReasonCode.SUCCESS);
        CompletionStage<ReasonCode> large = publish("block-bytes", "x".repeat(5000), QoS.AT_LEAST_ONCE);
        awaitWithheld("block-bytes", 1);
        awaitQueued("block-bytes", 2);
        session.ready(true);
        assertThat(get(large)).isEqualTo(ReasonCode.SUCCESS);
        session.end();
    }

    @Test
    @Statement(v311 = {"MQTT-4.6.0-2", "MQTT-4.6.0-3"})
    void acknowledgesInTheOrderOfTheMessages() {
        blocked("block-order");
        fill("block-order");
        TestClient publisher = connect(TestClient.v311("block-order-out"));
        publisher.publish("block-order", "over 1", 1, 1);
        publisher.publish("block-order", "over 2", 2, 2);
        for (int id = 3; id <= 10; id++) {
            publisher.publish("elsewhere", "x", 1 + id % 2, id);
        }
        publisher.expectNothing();
        Drain drain = drain("block-order");
        List<Integer> pubacks = new ArrayList<>();
        List<Integer> pubrecs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            TestClient.Packet answer = publisher.next();
            (answer.type() == PUBACK ? pubacks : pubrecs).add(answer.id());
        }
        assertThat(pubacks).containsExactly(1, 4, 6, 8, 10);
        assertThat(pubrecs).containsExactly(2, 3, 5, 7, 9);
        eventually("all", () -> drain.texts.equals(filled("over 1", "over 2")));
    }

    @Test
    void isBoundedByTheReceiveMaximumOfEachPublisher() {
        try (TestBroker small = new TestBroker(Map.of("receive.maximum", 2), Map.of());
                TestClient publisher = TestClient.connected(small.port(), TestClient.v5("block-maximum-out"))) {
            Session session = get(small.broker().open(blocking("block-maximum", 0), delivery -> {}));
            get(session.subscribe(List.of(Subscription.of(TopicFilter.of("x"), QoS.AT_LEAST_ONCE))));
            notReady(session);
            publisher.publish("x", "1", 1, 1);
            publisher.publish("x", "2", 1, 2);
            sendAgain(publisher, "x", "2", 1, 2); // does not count twice, as it is not taken twice
            publisher.publish("x", "3", 1, 3);
            publisher.awaitRefusal(0x93);
            eventually("both queued", () -> session.queue().queued() == 2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void takesOnceWhatAPublisherSendsAgainOverHisNextConnection(int qos) {
        String name = "block-again-" + qos;
        blocked(name);
        fill(name);
        TestClient first = connect(lasting(name + "-out"));
        for (int id = 1; id <= 3; id++) {
            first.publish(name, "over " + id, qos, id);
        }
        awaitWithheld(name, 3);
        drop(first, name + "-out");

        TestClient second = connect(lasting(name + "-out")); // takes over where the first has left
        for (int id = 1; id <= 3; id++) {
            sendAgain(second, name, "over " + id, qos, id);
        }
        second.expectNothing();
        assertThat(session(name + "-out").orElseThrow().withheld()).isEqualTo(3);
        Drain drain = drain(name);
        for (int id = 1; id <= 3; id++) {
            TestClient.Packet answer = second.next();
            assertThat(answer.type()).isEqualTo(qos == 1 ? PUBACK : PUBREC);
            assertThat(answer.id()).isEqualTo(id);
        }
        eventually("all", () -> drain.texts.equals(filled("over 1", "over 2", "over 3")));
        for (int id = 1; qos == 2 && id <= 3; id++) {
            second.acknowledge(PUBREL, id, 0);
            assertThat(second.await(PUBCOMP).id()).isEqualTo(id);
        }
    }

    /** It would fill up with them what is kept for those who wait. */
    @Test
    void letsWhatHasNoIdentifierNotWaitBehindThoseWhoDo() {
        String name = "block-nameless";
        blocked(name);
        fill(name);
        Session publisher = open(SessionOptions.lasting(name + "-out"), delivery -> {});
        CompletableFuture<ReasonCode> waiting = new CompletableFuture<>();
        publisher.publish(7, Message.of(name, "over").withQos(QoS.AT_LEAST_ONCE), waiting::complete);
        awaitWithheld(name, 1);

        CompletableFuture<ReasonCode> nameless = new CompletableFuture<>();
        publisher.publish(0, Message.of(name + "/other", "x").withQos(QoS.AT_LEAST_ONCE), nameless::complete);

        assertThat(get(nameless).isFailure()).isFalse();
        assertThat(waiting).isNotDone();
        assertThat(session(name + "-out").orElseThrow().withheld()).isEqualTo(1);
        publisher.end();
    }

    private static TestClient.Connect lasting(String clientId) {
        return TestClient.v5(clientId).resuming().lasting(1000);
    }

    @Test
    void acknowledgesAPublisherWhoWasAwayWhenThereWasRoom() {
        blocked("block-away");
        fill("block-away");
        TestClient first = connect(lasting("block-away-out"));
        first.publish("block-away", "over", 1, 7);
        awaitWithheld("block-away", 1);
        drop(first, "block-away-out");
        Drain drain = drain("block-away");
        eventually("all", () -> drain.texts.equals(filled("over")));

        TestClient second = connect(lasting("block-away-out"));
        sendAgain(second, "block-away", "over", 1, 7);
        assertThat(second.next().id()).isEqualTo(7);
        second.publish("block-away", "next", 1, 7);
        assertThat(second.next().id()).isEqualTo(7);
        eventually("taken once each", () -> drain.texts.equals(filled("over", "next")));
    }

    @Test
    void takesANewMessageUnderAnOldIdentifierForANewOne() {
        blocked("block-new");
        fill("block-new");
        TestClient first = connect(lasting("block-new-out"));
        first.publish("block-new", "old", 1, 7);
        awaitWithheld("block-new", 1);
        drop(first, "block-new-out");
        TestClient second = connect(lasting("block-new-out"));
        second.publish("block-new", "new", 1, 7); // without DUP: its client has forgotten the other
        awaitWithheld("block-new", 2);
        Drain drain = drain("block-new");
        assertThat(second.next().id()).isEqualTo(7);
        second.expectNothing();
        eventually("both", () -> drain.texts.equals(filled("old", "new")));
    }

    @Test
    void dropsWhatNobodyWaitsFor() {
        connect(TestClient.v5("block-retain")).retain("block-drop/retained", "x");
        Session session = open(blocking("block-drop", ROOM), delivery -> {});
        notReady(session);
        get(session.subscribe(List.of(Subscription.of(TopicFilter.of("block-drop"), QoS.AT_LEAST_ONCE))));
        fill("block-drop");
        get(publish("block-drop", "x", QoS.AT_MOST_ONCE));
        eventually("QoS 0", () -> session.queue().dropped() == 1);
        connect(TestClient.v5("block-will").will("block-drop", "gone", 1, false))
                .close();
        eventually("a will", () -> session.queue().dropped() == 2);
        get(session.subscribe(List.of(Subscription.of(TopicFilter.of("block-drop/#"), QoS.AT_LEAST_ONCE))));
        eventually("what is retained", () -> session.queue().dropped() == 3);
        assertThat(session.queue().queued()).isEqualTo(ROOM);
        assertThat(session.queue().withheld()).isZero();
        session.end();
    }

    private static void notReady(Session session) {
        session.ready(false);
        get(session.subscriptions()); // after it, on the session's event loop
    }

    @Test
    void releasesWhoWaitsWhenTheLimitsAreWidenedOrThePolicyChanges() {
        blocked("block-edit");
        fill("block-edit");
        CompletionStage<ReasonCode> one = publish("block-edit", "one", QoS.AT_LEAST_ONCE);
        CompletionStage<ReasonCode> two = publish("block-edit", "two", QoS.EXACTLY_ONCE);
        awaitWithheld("block-edit", 2);
        open(blocking("block-edit", ROOM).withReceiveMaximum(1), delivery -> {}); // takes one
        eventually("one more than there is room for", () -> queue("block-edit").queued() == ROOM + 1);
        assertThat(queue("block-edit").withheld()).isEqualTo(2);

        open(blocking("block-edit", ROOM + 1).withReceiveMaximum(1), delivery -> {});
        assertThat(get(one)).isEqualTo(ReasonCode.SUCCESS);
        assertThat(get(two)).isEqualTo(ReasonCode.SUCCESS);

        CompletionStage<ReasonCode> three = publish("block-edit", "three", QoS.AT_LEAST_ONCE);
        awaitWithheld("block-edit", 1);
        SessionOptions dropping = SessionOptions.lasting("block-edit").withQueue(limits(ROOM, Overflow.DROP_NEWEST));
        open(dropping.withReceiveMaximum(1), delivery -> {});
        assertThat(get(three)).isEqualTo(ReasonCode.SUCCESS);
        assertThat(get(publish("block-edit", "dropped", QoS.AT_LEAST_ONCE))).isEqualTo(ReasonCode.SUCCESS);
        awaitQueued("block-edit", ROOM + 2);
        eventually("dropped", () -> queue("block-edit").dropped() == 1);
        get(broker.broker().endSession("block-edit"));
    }

    @Test
    void releasesWhoWaitsForWhatExpiresMeanwhile() {
        Session session = open(
                SessionOptions.lasting("block-age")
                        .withQueue(new QueueLimits(ROOM, 1 << 20, Duration.ofSeconds(3), Overflow.BLOCK)),
                delivery -> {});
        get(session.subscribe(List.of(Subscription.of(TopicFilter.of("block-age"), QoS.AT_LEAST_ONCE))));
        session.close();
        fill("block-age");
        CompletionStage<ReasonCode> over = publish("block-age", "over", QoS.AT_LEAST_ONCE);
        awaitWithheld("block-age", 1);
        assertThat(get(over)).isEqualTo(ReasonCode.SUCCESS); // although nobody comes to look
        eventually("dropped", () -> queue("block-age").dropped() > 0);
        get(broker.broker().endSession("block-age"));
    }

    @Test
    void releasesWhoWaitsWhenTheSessionEnds() {
        blocked("block-end");
        fill("block-end");
        CompletionStage<ReasonCode> host = publish("block-end", "host", QoS.AT_LEAST_ONCE);
        TestClient publisher = connect(TestClient.v5("block-end-out"));
        publisher.publish("block-end", "client", 2, 5);
        awaitWithheld("block-end", 2);
        assertThat(get(broker.broker().endSession("block-end"))).isTrue();
        assertThat(get(host)).isEqualTo(ReasonCode.SUCCESS);
        assertThat(publisher.next().id()).isEqualTo(5);
    }

    @Test
    void forgetsWhoHasEndedHisSession() {
        blocked("block-gone");
        fill("block-gone");
        TestClient publisher = connect(TestClient.v5("block-gone-out"));
        publisher.publish("block-gone", "over", 1, 1);
        awaitWithheld("block-gone", 1);
        publisher.close();
        eventually("ended", () -> session("block-gone-out").isEmpty());
        Drain drain = drain("block-gone");
        eventually("all", () -> drain.texts.equals(filled("over"))); // it was taken
    }

    @Test
    void boundsWhatTheHostHasWaiting() {
        blocked("block-host");
        fill("block-host");
        List<CompletionStage<ReasonCode>> over = IntStream.range(0, 1024)
                .mapToObj(i -> publish("block-host", "over", QoS.AT_LEAST_ONCE))
                .toList();
        awaitWithheld("block-host", 1024);
        assertThat(get(publish("block-host", "too many", QoS.AT_LEAST_ONCE))).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(get(publish("elsewhere", "x", QoS.AT_LEAST_ONCE))).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        awaitQueued("block-host", ROOM + 1024);
        get(broker.broker().endSession("block-host"));
        over.forEach(each -> assertThat(get(each)).isEqualTo(ReasonCode.SUCCESS));
    }

    @Test
    void makesInProcessPublishersWaitAndKeepsTheirOrder() {
        blocked("block-local");
        fill("block-local");
        ConcurrentLinkedQueue<Integer> acknowledged = new ConcurrentLinkedQueue<>();
        SessionOptions options = SessionOptions.lasting("block-local-out");
        Session publisher = open(options, delivery -> {});
        for (int id = 1; id <= 5; id++) {
            int each = id;
            publisher.publish(id, message("block-local", "over " + id, QoS.AT_LEAST_ONCE), reason -> {});
            publisher.publish(id + 10, message("elsewhere", "x", QoS.AT_LEAST_ONCE), reason -> acknowledged.add(each));
        }
        awaitWithheld("block-local", 5);
        assertThat(acknowledged).isEmpty();

        Session again = open(options, delivery -> {});
        List<CompletableFuture<ReasonCode>> answers = new ArrayList<>();
        for (int id = 1; id <= 5; id++) {
            CompletableFuture<ReasonCode> answer = new CompletableFuture<>();
            answers.add(answer);
            again.publish(id, message("block-local", "over " + id, QoS.AT_LEAST_ONCE), true, answer::complete);
        }
        Drain drain = drain("block-local");
        answers.forEach(answer -> assertThat(get(answer)).isEqualTo(ReasonCode.SUCCESS));
        eventually("once each", () -> drain.texts.equals(filled("over 1", "over 2", "over 3", "over 4", "over 5")));
        assertThat(acknowledged).isEmpty(); // they belonged to the first hold on the session
        again.end();
    }

    /** Each publisher is on another event loop than the session in turn, so that messages come through its inbox as well. */
    @Test
    void losesNothingAndKeepsTheOrderUnderLoadFromEveryEventLoop() {
        List<EventLoop> loops = broker.transport().eventLoops();
        int each = 3000;
        int window = 10;
        String name = "block-load";
        blocked(name);
        List<Thread> publishers = new ArrayList<>();
        for (int p = 0; p < 4; p++) {
            String clientId = name + "-" + p;
            int qos = 1 + p % 2;
            TestClient client = connect(TestClient.v5(clientId));
            Thread thread = new Thread(() -> flood(client, name, clientId, qos, each, window));
            publishers.add(thread);
            thread.start();
        }
        eventually("all wait", () -> queue(name).withheld() >= 4);
        int most = 0;
        Set<String> texts = new LinkedHashSet<>();
        for (int turn = 0; texts.size() < 4 * each; turn++) { // on each event loop in turn, for a moment
            Drain drain = new Drain();
            Session session =
                    open(blocking(name, ROOM).withReceiveMaximum(20).on(loops.get(turn % loops.size())), drain);
            eventually(
                    "goes on",
                    () -> drain.texts.size() >= 500 || publishers.stream().noneMatch(Thread::isAlive) && isEmpty(name));
            most = Math.max(most, queue(name).queued());
            session.close();
            eventually(
                    "left", () -> session(name).filter(SessionInfo::connected).isEmpty());
            texts.addAll(drain.texts);
        }
        for (int p = 0; p < 4; p++) {
            String prefix = name + "-" + p + " ";
            assertThat(texts.stream().filter(text -> text.startsWith(prefix)))
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, each)
                            .mapToObj(i -> prefix + i)
                            .toList());
        }
        assertThat(most).isLessThanOrEqualTo(ROOM + 4 * window);
        assertThat(queue(name).dropped()).isZero();
        eventually("nobody waits", () -> queue(name).withheld() == 0);
        publishers.forEach(thread -> {
            try {
                thread.join(10_000);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            assertThat(thread.isAlive()).isFalse();
        });
        get(broker.broker().endSession(name));
    }

    private static boolean isEmpty(String clientId) {
        return queue(clientId).queued() == 0 && queue(clientId).inFlight() == 0;
    }

    private static void flood(TestClient client, String topic, String prefix, int qos, int count, int window) {
        int underway = 0;
        for (int i = 1; i <= count || underway > 0; ) {
            if (i <= count && underway < window) {
                client.publish(topic, prefix + " " + i, qos, 1 + i % 1000);
                underway++;
                i++;
                continue;
            }
            TestClient.Packet answer = client.next();
            if (answer.type() == PUBREC) {
                client.acknowledge(PUBREL, answer.id(), 0);
            } else {
                underway--;
            }
        }
    }
}
