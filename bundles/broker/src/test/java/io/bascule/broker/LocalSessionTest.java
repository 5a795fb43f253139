/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.Delivery;
import io.bascule.api.QueueInfo;
import io.bascule.api.QueueLimits;
import io.bascule.api.Session;
import io.bascule.api.SessionListener;
import io.bascule.api.SessionOptions;
import io.bascule.api.SessionOptions.Overlap;
import io.bascule.api.Subscription;
import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.EventLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LocalSessionTest extends BrokerTestBase {

    /** Keeps what it is sent. */
    private static final class Inbox implements SessionListener {
        final BlockingQueue<Delivery> messages = new LinkedBlockingQueue<>();
        final BlockingQueue<Integer> releases = new LinkedBlockingQueue<>();
        final BlockingQueue<ReasonCode> closed = new LinkedBlockingQueue<>();

        @Override
        public void message(Delivery delivery) {
            messages.add(delivery);
        }

        @Override
        public void pubrel(int packetId) {
            releases.add(packetId);
        }

        @Override
        public void closed(ReasonCode reason) {
            closed.add(reason);
        }

        Delivery next() throws InterruptedException {
            Delivery delivery = messages.poll(8, TimeUnit.SECONDS);
            assertThat(delivery).as("a delivery").isNotNull();
            return delivery;
        }
    }

    private static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(8, TimeUnit.SECONDS);
        } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static Session open(SessionOptions options, SessionListener listener) {
        return get(broker.broker().open(options, listener));
    }

    private static Subscription to(String filter, QoS qos) {
        return Subscription.of(TopicFilter.of(filter), qos);
    }

    private static Message message(String topic, String text, QoS qos) {
        return Message.of(Topic.of(topic), text.getBytes(StandardCharsets.UTF_8), qos, false);
    }

    private static ReasonCode publish(Session session, int packetId, Message message) {
        CompletableFuture<ReasonCode> acknowledged = new CompletableFuture<>();
        session.publish(packetId, message, acknowledged::complete);
        return get(acknowledged);
    }

    private static ReasonCode release(Session session, int packetId) {
        CompletableFuture<ReasonCode> completed = new CompletableFuture<>();
        session.pubrel(packetId, completed::complete);
        return get(completed);
    }

    @Test
    void deliversBetweenBundlesAndClients() throws InterruptedException {
        Inbox inbox = new Inbox();
        Session session = open(SessionOptions.temporary("local-1"), inbox);
        assertThat(get(session.subscribe(List.of(to("local/in", QoS.AT_LEAST_ONCE)))))
                .containsExactly(ReasonCode.GRANTED_QOS_1);
        TestClient client = connect(TestClient.v5("local-1-client"));
        client.subscribe("local/out", 2);
        client.publishAcknowledged("local/in", "hello");
        Delivery delivery = inbox.next();
        assertThat(delivery.message().text()).isEqualTo("hello");
        assertThat(session.queue().inFlight()).isEqualTo(1);
        session.puback(delivery.packetId(), ReasonCode.SUCCESS);
        eventually("acknowledged", () -> session.queue().inFlight() == 0);
        assertThat(publish(session, 1, message("local/out", "back", QoS.AT_LEAST_ONCE)))
                .isEqualTo(ReasonCode.SUCCESS);
        assertThat(client.message().line()).isEqualTo("local/out=back q1 #1");
        assertThat(get(broker.broker().publish(message("local/out", "host", QoS.AT_MOST_ONCE))))
                .isEqualTo(ReasonCode.SUCCESS);
        assertThat(client.message().payload()).isEqualTo("host");
        session.close();
        eventually("ended", () -> session("local-1").isEmpty());
    }

    @Test
    void resumesExactlyWhereItWas() throws InterruptedException {
        SessionOptions lasting = SessionOptions.lasting("local-2");
        Inbox first = new Inbox();
        Session session = open(lasting, first);
        assertThat(session.present()).isFalse();
        get(session.subscribe(List.of(to("resume/#", QoS.EXACTLY_ONCE))));
        for (int i = 1; i <= 3; i++) {
            get(broker.broker().publish(message("resume/x", String.valueOf(i), QoS.EXACTLY_ONCE)));
        }
        int one = first.next().packetId();
        int two = first.next().packetId();
        int three = first.next().packetId();
        session.pubrec(one, ReasonCode.SUCCESS);
        assertThat(first.releases.poll(8, TimeUnit.SECONDS)).isEqualTo(one);
        session.pubcomp(one);
        session.pubrec(two, ReasonCode.SUCCESS);
        assertThat(first.releases.poll(8, TimeUnit.SECONDS)).isEqualTo(two);
        session.close();
        get(broker.broker().publish(message("resume/x", "4", QoS.EXACTLY_ONCE)));

        Inbox second = new Inbox();
        Session again = open(lasting, second);
        assertThat(again.present()).isTrue();
        assertThat(second.releases.poll(8, TimeUnit.SECONDS)).isEqualTo(two); // PUBREL, not the message
        Delivery redelivered = second.next();
        assertThat(redelivered.packetId()).isEqualTo(three);
        assertThat(redelivered.dup()).isTrue();
        assertThat(second.next().dup()).isFalse();
        assertThat(first.closed).isEmpty(); // it closed by itself
        assertThat(get(again.subscriptions())).hasSize(1);
        assertThat(get(again.unsubscribe(List.of(TopicFilter.of("resume/#"), TopicFilter.of("never")))))
                .containsExactly(ReasonCode.SUCCESS, ReasonCode.NO_SUBSCRIPTION_EXISTED);
        again.end();
        eventually("ended", () -> session("local-2").isEmpty());
    }

    @Test
    void deliversAPublishedMessageOnceUntilItIsReleased() {
        TestClient observer = connect(TestClient.v5("local-3-observer"));
        observer.subscribe("once", 0);
        Session session = open(SessionOptions.lasting("local-3"), new Inbox());
        Message message = message("once", "x", QoS.EXACTLY_ONCE);
        publish(session, 7, message);
        publish(session, 7, message); // [MQTT-4.3.3-10]
        assertThat(release(session, 7)).isEqualTo(ReasonCode.SUCCESS);
        assertThat(release(session, 7)).isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
        publish(session, 7, message("once", "y", QoS.EXACTLY_ONCE));
        session.forgetReceived();
        publish(session, 7, message("once", "z", QoS.EXACTLY_ONCE));
        assertThat(observer.lines(3)).containsExactly("once=x q0", "once=y q0", "once=z q0");
        assertThatThrownBy(() -> session.publish(7, message.withQos(QoS.AT_MOST_ONCE), reason -> {}))
                .isInstanceOf(IllegalArgumentException.class);
        session.end();
    }

    @Test
    void takesEveryMessageThatHasNoIdentifierForANewOne() {
        Session session = open(SessionOptions.lasting("local-13"), new Inbox());
        TestClient observer = connect(TestClient.v5("local-13-observer"));
        observer.subscribe("no-id", 2);

        assertThat(publish(session, 0, message("no-id", "1", QoS.EXACTLY_ONCE))).isEqualTo(ReasonCode.SUCCESS);
        assertThat(publish(session, 0, message("no-id", "2", QoS.EXACTLY_ONCE))).isEqualTo(ReasonCode.SUCCESS);
        assertThat(publish(session, 0, message("no-id", "3", QoS.AT_LEAST_ONCE)))
                .isEqualTo(ReasonCode.SUCCESS);

        assertThat(observer.message().line()).isEqualTo("no-id=1 q2 #1");
        assertThat(observer.message().line()).isEqualTo("no-id=2 q2 #2");
        assertThat(observer.message().line()).isEqualTo("no-id=3 q1 #3");
        session.end();
    }

    @Test
    void waitsWhileItIsNotReady() throws InterruptedException {
        Inbox inbox = new Inbox();
        Session session = open(SessionOptions.temporary("local-4"), inbox);
        get(session.subscribe(List.of(to("ready", QoS.AT_LEAST_ONCE))));
        session.ready(false);
        get(broker.broker().publish(message("ready", "1", QoS.AT_LEAST_ONCE)));
        get(broker.broker().publish(message("ready", "2", QoS.AT_MOST_ONCE)));
        eventually("both wait", () -> session.queue().queued() == 2);
        assertThat(inbox.messages).isEmpty();
        session.ready(true);
        assertThat(inbox.next().message().text()).isEqualTo("1");
        assertThat(inbox.next().message().text()).isEqualTo("2");
        session.end();
    }

    @Test
    void keepsToItsReceiveMaximum() throws InterruptedException {
        Inbox inbox = new Inbox();
        Session session = open(SessionOptions.temporary("local-5").withReceiveMaximum(1), inbox);
        get(session.subscribe(List.of(to("maximum", QoS.AT_LEAST_ONCE))));
        get(broker.broker().publish(message("maximum", "1", QoS.AT_LEAST_ONCE)));
        get(broker.broker().publish(message("maximum", "2", QoS.AT_LEAST_ONCE)));
        Delivery one = inbox.next();
        eventually("the other waits", () -> session.queue().queued() == 1);
        assertThat(inbox.messages).isEmpty();
        session.puback(one.packetId(), ReasonCode.SUCCESS);
        assertThat(inbox.next().message().text()).isEqualTo("2");
        session.end();
    }

    @Test
    void isTakenOverByAClientAndThenDoesNothing() throws InterruptedException {
        Inbox inbox = new Inbox();
        Session session = open(SessionOptions.lasting("local-6"), inbox);
        get(session.subscribe(List.of(to("six", QoS.AT_LEAST_ONCE))));
        TestClient client = connect(TestClient.v5("local-6").resuming().lasting(1000));
        assertThat(inbox.closed.poll(8, TimeUnit.SECONDS)).isEqualTo(ReasonCode.SESSION_TAKEN_OVER);
        session.end(); // not its own any more
        session.close();
        assertThatThrownBy(() -> get(session.subscriptions())).hasRootCauseInstanceOf(IllegalStateException.class);
        client.publish("six", "x", 0, 0);
        assertThat(client.message().payload()).isEqualTo("x");
        Session back = open(SessionOptions.lasting("local-6"), inbox);
        assertThat(back.present()).isTrue();
        client.awaitClosed();
        back.end();
    }

    @Test
    void aTakenOverSessionOnAForeignExecutorTouchesNothing() throws InterruptedException {
        List<Runnable> held = new ArrayList<>();
        Executor slow = task -> {
            synchronized (held) {
                held.add(task);
            }
        };
        Inbox inbox = new Inbox();
        CompletableFuture<Session> opening = broker.broker()
                .open(SessionOptions.lasting("local-7").on(slow), inbox)
                .toCompletableFuture();
        runWhenThere(held);
        Session session = get(opening);
        Session successor = open(SessionOptions.lasting("local-7"), new Inbox());
        session.end(); // before its listener has been told
        runWhenThere(held);
        assertThat(successor.present()).isTrue();
        assertThat(get(successor.subscriptions())).isEmpty();
        assertThat(session("local-7")).isPresent();
        successor.end();
    }

    private static void runWhenThere(List<Runnable> held) {
        eventually("a task", () -> {
            synchronized (held) {
                return !held.isEmpty();
            }
        });
        synchronized (held) {
            held.remove(0).run();
        }
    }

    @Test
    void neverFloodsAForeignExecutor() {
        BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        Inbox inbox = new Inbox();
        CompletableFuture<Session> opening = broker.broker()
                .open(SessionOptions.temporary("local-8").on(tasks::add), inbox)
                .toCompletableFuture();
        eventually("opened", () -> runAll(tasks) > 0 && opening.isDone());
        get(get(opening).subscribe(List.of(to("flood/local", QoS.AT_MOST_ONCE))));
        for (int i = 0; i < 5000; i++) {
            broker.broker().publish(message("flood/local", String.valueOf(i), QoS.AT_MOST_ONCE));
        }
        get(broker.broker().publish(message("flood/local", "last", QoS.AT_MOST_ONCE)));
        eventually("the rest waits in the session", () -> get(opening).queue().queued() > 3000);
        assertThat(tasks).hasSizeLessThanOrEqualTo(1025);
        eventually("all delivered in the end", () -> {
            runAll(tasks);
            return inbox.messages.size() == 5001;
        });
        assertThat(inbox.messages)
                .last()
                .extracting(each -> each.message().text())
                .isEqualTo("last");
        get(opening).end();
    }

    private static int runAll(BlockingQueue<Runnable> tasks) {
        int count = 0;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
            count++;
        }
        return count;
    }

    @Test
    void anExecutorThatIsShutDownHarmsNobodyElse() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        Session session = open(SessionOptions.lasting("local-9").on(executor), new Inbox());
        get(session.subscribe(List.of(to("shut", QoS.AT_LEAST_ONCE))));
        executor.shutdownNow();
        TestClient client = connect(TestClient.v5("local-9-client"));
        client.subscribe("shut", 1);
        client.publishAcknowledged("shut", "1");
        client.publishAcknowledged("shut", "2");
        assertThat(client.lines(2)).hasSize(2);
        eventually("it is left", () -> !session("local-9").orElseThrow().connected());
        eventually("it keeps both", () -> {
            QueueInfo queue = session("local-9").orElseThrow().queue();
            return queue.inFlight() + queue.queued() == 2;
        });
        get(broker.broker().open(SessionOptions.temporary("local-9"), new Inbox()))
                .end();
    }

    @Test
    void givesTheListenerItsSessionBeforeAnyMessage() throws InterruptedException {
        Session before = open(SessionOptions.lasting("local-12"), new Inbox());
        get(before.subscribe(List.of(to("first", QoS.AT_LEAST_ONCE))));
        before.close();
        get(broker.broker().publish(message("first", "1", QoS.AT_LEAST_ONCE)));
        ExecutorService executor = Executors.newSingleThreadExecutor();
        for (SessionOptions options : List.of(
                SessionOptions.lasting("local-12"),
                SessionOptions.lasting("local-12").on(executor))) {
            BlockingQueue<String> calls = new LinkedBlockingQueue<>();
            CompletionStage<Session> opening = broker.broker().open(options, new SessionListener() {
                private Session session;

                @Override
                public void opened(Session opened) {
                    session = opened;
                    calls.add("opened");
                    throw new IllegalStateException("on purpose: it goes on");
                }

                @Override
                public void message(Delivery delivery) {
                    calls.add(session.clientId() + " " + delivery.message().text());
                }
            });

            assertThat(calls.poll(8, TimeUnit.SECONDS)).isEqualTo("opened");
            assertThat(calls.poll(8, TimeUnit.SECONDS)).isEqualTo("local-12 1");
            get(opening).close();
        }
        executor.shutdown();
        get(broker.broker().open(SessionOptions.temporary("local-12"), new Inbox()))
                .end();
    }

    /** What is on its way to a session that is closed is nobody's business, and no failure. */
    @Test
    void mayShutItsExecutorDownOnceItIsClosed() {
        shutsDownAfter(Session::close, SessionOptions.temporary("local-11"));
        shutsDownAfter(Session::end, SessionOptions.lasting("local-11"));
    }

    @Test
    void keepsToTheQueueLimitsOfTheSessionAlsoWhileNobodyIsThere() throws InterruptedException {
        SessionOptions options = SessionOptions.lasting("local-queue")
                .withQueue(new QueueLimits(2, 1 << 20, QueueLimits.ANY_AGE, QueueLimits.Overflow.DROP_OLDEST));
        Session session = open(options, new Inbox());
        get(session.subscribe(List.of(to("queue", QoS.AT_LEAST_ONCE))));
        session.close();
        for (String text : List.of("1", "2", "3")) {
            get(broker.broker().publish(message("queue", text, QoS.AT_LEAST_ONCE)));
        }
        BrokerTestBase.eventually(
                "the oldest has given way", () -> queue("local-queue").dropped() == 1);
        BrokerTestBase.eventually("for the newest", () -> queue("local-queue").queued() == 2);
        assertThat(queue("local-queue").oldest().orElseThrow()).isBetween(Duration.ZERO, Duration.ofMinutes(1));

        Inbox inbox = new Inbox();
        open(SessionOptions.lasting("local-queue"), inbox);
        assertThat(inbox.next().message().text()).isEqualTo("2");
        assertThat(inbox.next().message().text()).isEqualTo("3");
        BrokerTestBase.eventually(
                "nothing waits", () -> queue("local-queue").oldest().isEmpty());
    }

    @Test
    void dropsWhatHasWaitedTooLong() throws InterruptedException {
        SessionOptions options = SessionOptions.lasting("local-age")
                .withQueue(new QueueLimits(100, 1 << 20, Duration.ofMillis(50), QueueLimits.Overflow.DROP_NEWEST));
        Session session = open(options, new Inbox());
        get(session.subscribe(List.of(to("age", QoS.AT_LEAST_ONCE))));
        session.close();
        get(broker.broker().publish(message("age", "1", QoS.AT_LEAST_ONCE)));
        BrokerTestBase.eventually(
                "it has waited for long",
                () -> queue("local-age")
                        .oldest()
                        .filter(age -> age.toMillis() > 50)
                        .isPresent());
        get(broker.broker().publish(message("age", "2", QoS.AT_LEAST_ONCE)));
        BrokerTestBase.eventually(
                "it is dropped for the next one", () -> queue("local-age").dropped() == 1);

        Inbox inbox = new Inbox();
        open(
                options.withQueue(new QueueLimits(100, 1 << 20, Duration.ofHours(1), QueueLimits.Overflow.DROP_NEWEST)),
                inbox);
        assertThat(inbox.next().message().text()).isEqualTo("2");
    }

    private QueueInfo queue(String clientId) {
        return broker.broker().session(clientId).orElseThrow().queue();
    }

    private void shutsDownAfter(Consumer<Session> end, SessionOptions options) {
        List<EventLoop> loops = broker.transport().eventLoops();
        List<ExecutorService> executors = new ArrayList<>();
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < loops.size(); i++) { // one on each event loop
            executors.add(Executors.newSingleThreadExecutor());
            SessionOptions own = new SessionOptions(
                    options.clientId() + "-" + i,
                    options.cleanStart(),
                    options.sessionExpiryInterval(),
                    options.receiveMaximum(),
                    options.overlap(),
                    Optional.of(executors.get(i)),
                    options.identity(),
                    options.authorizers(),
                    options.queue());
            sessions.add(open(own, new Inbox()));
            get(sessions.get(i).subscribe(List.of(to("closing", QoS.AT_LEAST_ONCE))));
        }
        CountDownLatch go = new CountDownLatch(1);
        loops.forEach(loop -> loop.execute(() -> await(go)));

        try (Logged log = Logged.fromNowOn()) {
            broker.broker().publish(message("closing", "x", QoS.AT_LEAST_ONCE));
            sessions.forEach(end);
            executors.forEach(ExecutorService::shutdown);
            go.countDown();
            eventually(
                    "closed",
                    () -> broker.broker().sessions().stream()
                            .noneMatch(each -> each.clientId().startsWith("local-11")));
            assertThat(log.text()).doesNotContain("ERROR");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(8, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void survivesAListenerThatThrows() throws InterruptedException {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Session session = open(SessionOptions.temporary("local-10"), new SessionListener() {
            @Override
            public void message(Delivery delivery) {
                seen.add(delivery.message().text());
                if (delivery.message().text().equals("1")) {
                    throw new NoClassDefFoundError("on purpose: its bundle is half gone");
                }
                throw new IllegalStateException("on purpose");
            }
        });
        get(session.subscribe(List.of(to("throws", QoS.AT_MOST_ONCE))));
        TestClient client = connect(TestClient.v5("local-10-client"));
        client.subscribe("throws", 0);
        client.publish("throws", "1", 0, 0);
        client.publish("throws", "2", 0, 0);
        assertThat(client.lines(2)).hasSize(2);
        assertThat(seen.poll(8, TimeUnit.SECONDS)).isEqualTo("1");
        assertThat(seen.poll(8, TimeUnit.SECONDS)).isEqualTo("2");
        session.end();
    }

    @Test
    void playsPingPongWithoutRecursion() throws InterruptedException {
        int rounds = 20_000;
        CompletableFuture<Integer> done = new CompletableFuture<>();
        Session[] sessions = new Session[2];
        Executor loop = null;
        for (int i = 0; i < 2; i++) {
            String other = "ping/" + (1 - i);
            int self = i;
            SessionListener listener = delivery -> {
                int n = Integer.parseInt(delivery.message().text());
                if (n == rounds) {
                    done.complete(n);
                } else {
                    sessions[self].publish(0, message(other, String.valueOf(n + 1), QoS.AT_MOST_ONCE), reason -> {});
                }
            };
            SessionOptions options = SessionOptions.temporary("ping-" + i);
            sessions[i] = open(loop == null ? options : options.on(loop), listener);
            loop = sessions[i].executor(); // both on one event loop
            get(sessions[i].subscribe(List.of(to("ping/" + i, QoS.AT_MOST_ONCE))));
        }
        broker.broker().publish(message("ping/0", "1", QoS.AT_MOST_ONCE));
        assertThat(get(done)).isEqualTo(rounds);
        for (Session session : sessions) {
            session.end();
        }
    }

    @Test
    @Statement(v5 = "MQTT-3.3.4-5")
    void takesACopyPerSubscriptionWhereAsked() throws InterruptedException {
        Inbox inbox = new Inbox();
        Session session = open(SessionOptions.temporary("local-12").withOverlap(Overlap.COPY_PER_SUBSCRIPTION), inbox);
        get(session.subscribe(List.of(
                new Subscription(
                        TopicFilter.of("copies/#"),
                        QoS.AT_MOST_ONCE,
                        false,
                        false,
                        Subscription.RetainHandling.SEND,
                        1),
                new Subscription(
                        TopicFilter.of("copies/+"),
                        QoS.AT_LEAST_ONCE,
                        false,
                        false,
                        Subscription.RetainHandling.SEND,
                        2))));
        get(broker.broker().publish(message("copies/a", "x", QoS.AT_LEAST_ONCE)));
        List<Integer> identifiers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Delivery copy = inbox.next();
            assertThat(copy.subscriptionIdentifiers()).hasSize(1); // [MQTT-3.3.4-5]
            assertThat(copy.qos().level()).isEqualTo(copy.subscriptionIdentifiers()[0] - 1);
            identifiers.add(copy.subscriptionIdentifiers()[0]);
        }
        assertThat(identifiers).containsExactlyInAnyOrder(1, 2);
        session.end();
    }

    @Test
    void closesItsListenersWhenTheBrokerStops() throws InterruptedException {
        TestBroker other = TestBroker.start();
        Inbox inbox = new Inbox();
        get(other.broker().open(SessionOptions.lasting("stopped"), inbox));
        other.close();
        assertThat(inbox.closed.poll(8, TimeUnit.SECONDS)).isEqualTo(ReasonCode.SERVER_SHUTTING_DOWN);
    }

    @Test
    void callsNobodyAfterItIsClosed() throws InterruptedException {
        Inbox inbox = new Inbox();
        BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        CompletableFuture<Session> opening = broker.broker()
                .open(SessionOptions.temporary("local-13").on(tasks::add), inbox)
                .toCompletableFuture();
        eventually("opened", () -> runAll(tasks) > 0 && opening.isDone());
        get(get(opening).subscribe(List.of(to("closed/local", QoS.AT_MOST_ONCE))));
        get(broker.broker().publish(message("closed/local", "x", QoS.AT_MOST_ONCE)));
        eventually("on its way", () -> !tasks.isEmpty());
        Consumer<ReasonCode> never = reason -> inbox.closed.add(reason);
        get(opening).close();
        get(opening).publish(1, message("closed/local", "y", QoS.AT_LEAST_ONCE), never);
        runAll(tasks);
        eventually("ended", () -> session("local-13").isEmpty());
        runAll(tasks);
        assertThat(inbox.messages).isEmpty();
        assertThat(inbox.closed).isEmpty();
    }
}
