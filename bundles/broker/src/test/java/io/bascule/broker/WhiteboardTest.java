/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.SessionInfo;
import io.bascule.broker.whiteboard.Whiteboard;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.spi.MessageSubscriber;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WhiteboardTest extends BrokerTestBase {
    private final Whiteboard whiteboard = new Whiteboard(broker.broker());

    @AfterEach
    void closeWhiteboard() {
        whiteboard.close();
        eventually("sessions ended", () -> subscribers().isEmpty());
        eventually("threads gone", () -> threads().isEmpty());
    }

    /** Keeps what it is called with. */
    private static final class Inbox implements MessageSubscriber {
        final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();

        @Override
        public void message(Message message) {
            messages.add(message);
        }

        String next() throws InterruptedException {
            Message message = messages.poll(8, TimeUnit.SECONDS);
            assertThat(message).as("a message").isNotNull();
            return message.topic() + "=" + message.text();
        }
    }

    /** Blocks in each call until it is let go or interrupted. */
    private static final class Blocking implements MessageSubscriber {
        final CountDownLatch called = new CountDownLatch(1);
        final CountDownLatch letGo = new CountDownLatch(1);
        final CountDownLatch interrupted = new CountDownLatch(1);
        final AtomicInteger calls = new AtomicInteger();

        @Override
        public void message(Message message) {
            calls.incrementAndGet();
            called.countDown();
            try {
                letGo.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        }
    }

    // ---------------------------------------------------------------- messages

    @Test
    void receivesWhatClientsAndTheHostPublishWithEachQos() throws InterruptedException {
        Inbox inbox = new Inbox();
        Registered<MessageSubscriber> service = add(inbox, "wb/receives/#");
        TestClient client = connect(TestClient.v5("wb-receives"));

        client.publish("wb/receives/0", "zero", 0, 0);
        client.publishAcknowledged("wb/receives/1", "one");
        client.publish("wb/receives/2", "two", 2, 9);
        publish("wb/receives/host", "host", QoS.EXACTLY_ONCE);

        assertThat(List.of(inbox.next(), inbox.next(), inbox.next(), inbox.next()))
                .containsExactlyInAnyOrder(
                        "wb/receives/0=zero", "wb/receives/1=one", "wb/receives/2=two", "wb/receives/host=host");
        eventually("acknowledged", () -> inFlight(service) == 0);
    }

    @Test
    void receivesWhatIsRetained() throws InterruptedException {
        TestClient client = connect(TestClient.v5("wb-retained"));
        client.retain("wb/retained", "kept");

        Inbox inbox = new Inbox();
        add(inbox, "wb/retained");

        assertThat(inbox.next()).isEqualTo("wb/retained=kept");
    }

    @Test
    void receivesWithTheQosThatItAllows() throws InterruptedException {
        Blocking blocking = new Blocking();
        Registered<MessageSubscriber> service =
                new Registered<>(Map.of(MessageSubscriber.TOPIC_FILTER, "wb/qos", MessageSubscriber.MAXIMUM_QOS, "0"));
        whiteboard.addSubscriber(service, blocking);
        awaitSubscribed(service, "wb/qos");

        publish("wb/qos", "x", QoS.EXACTLY_ONCE);

        assertThat(blocking.called.await(8, TimeUnit.SECONDS)).isTrue();
        assertThat(inFlight(service)).isZero(); // nothing to be acknowledged
        blocking.letGo.countDown();
    }

    @Test
    void acknowledgesOnceTheCallHasReturned() throws InterruptedException {
        for (QoS qos : List.of(QoS.AT_LEAST_ONCE, QoS.EXACTLY_ONCE)) {
            Blocking blocking = new Blocking();
            Registered<MessageSubscriber> service = add(blocking, "wb/ack");
            publish("wb/ack", "x", qos);
            assertThat(blocking.called.await(8, TimeUnit.SECONDS)).isTrue();
            assertThat(inFlight(service)).isEqualTo(1);

            blocking.letGo.countDown();

            eventually("acknowledged", () -> inFlight(service) == 0);
            whiteboard.removeSubscriber(service);
        }
    }

    @Test
    void callsOneAtATimeAndInOrderOffTheEventLoops() throws InterruptedException {
        AtomicBoolean busy = new AtomicBoolean();
        AtomicBoolean overlapped = new AtomicBoolean();
        BlockingQueue<String> calls = new LinkedBlockingQueue<>();
        add(
                message -> {
                    overlapped.compareAndSet(false, !busy.compareAndSet(false, true));
                    calls.add(Thread.currentThread().getName().replaceAll("[0-9]", "") + message.text());
                    busy.set(false);
                },
                "wb/order");

        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            broker.broker().publish(message("wb/order", "n" + i, QoS.ofLevel(i % 3)));
            expected.add("bascule-subscriber-n" + i);
        }
        eventually("all received", () -> calls.size() == expected.size());
        assertThat(calls).containsExactlyElementsOf(expected);
        assertThat(overlapped).isFalse();
    }

    @Test
    void harmsNobodyElseWhenItBlocks() throws InterruptedException {
        Blocking blocking = new Blocking();
        Inbox other = new Inbox();
        Registered<MessageSubscriber> blocked = add(blocking, "wb/blocks");
        add(other, "wb/blocks");
        TestClient client = connect(TestClient.v5("wb-blocks"));
        client.subscribe("wb/blocks", 1);

        int messages = 3000; // more than are on their way to a call at a time
        for (int i = 0; i < messages; i++) {
            publish("wb/blocks", "m" + i, QoS.AT_MOST_ONCE);
        }

        for (int i = 0; i < messages; i++) {
            assertThat(other.next()).isEqualTo("wb/blocks=m" + i);
            assertThat(client.message().payload()).isEqualTo("m" + i);
        }
        assertThat(blocking.calls).hasValue(1);
        assertThat(info(blocked).queue().queued()).isPositive();
        blocking.letGo.countDown();
        eventually("the others are called after all", () -> blocking.calls.get() == messages);
    }

    @Test
    void goesOnAfterACallThatHasFailed() throws InterruptedException {
        Inbox inbox = new Inbox();
        Registered<MessageSubscriber> service = add(
                message -> {
                    inbox.message(message);
                    if (message.text().startsWith("error")) {
                        throw new NoClassDefFoundError("a class of a bundle that is half gone");
                    }
                    throw new IllegalStateException("a bug");
                },
                "wb/fails");

        try (Logged log = Logged.fromNowOn()) {
            publish("wb/fails", "error 1", QoS.AT_LEAST_ONCE);
            publish("wb/fails", "2", QoS.AT_LEAST_ONCE);
            publish("wb/fails", "3", QoS.EXACTLY_ONCE);
            assertThat(List.of(inbox.next(), inbox.next(), inbox.next()))
                    .containsExactly("wb/fails=error 1", "wb/fails=2", "wb/fails=3");
            eventually("acknowledged", () -> inFlight(service) == 0);
            assertThat(log.text())
                    .containsOnlyOnce("has failed; said once")
                    .contains("half gone")
                    .contains("test.bundle");
        }
    }

    // ---------------------------------------------------------------- properties

    @Test
    void warnsOnceOfAPropertyThatWillNotDo() {
        Registered<MessageSubscriber> service = new Registered<>(Map.of(MessageSubscriber.TOPIC_FILTER, 42));

        try (Logged log = Logged.fromNowOn()) {
            whiteboard.addSubscriber(service, new Inbox());

            assertThat(log.text())
                    .containsOnlyOnce("WARN")
                    .contains("MessageSubscriber " + service.getProperty("service.id")
                            + " of bundle test.bundle receives nothing")
                    .contains("mqtt.topic.filter is 42 of type java.lang.Integer; allowed is a topic filter");
        }
        assertThat(subscribers()).isEmpty();
    }

    @Test
    void warnsOfAFilterThatTheBrokerDoesNotGrant() {
        String tooDeep = "x/".repeat(200) + "x"; // more than topic.levels
        Registered<MessageSubscriber> service =
                new Registered<>(Map.of(MessageSubscriber.TOPIC_FILTER, new String[] {tooDeep, "wb/granted"}));

        try (Logged log = Logged.fromNowOn()) {
            whiteboard.addSubscriber(service, new Inbox());

            awaitSubscribed(service, "wb/granted");
            eventually("warned", () -> log.text().contains("WARN"));
            assertThat(log.text()).containsOnlyOnce("is not subscribed to x/x/").contains("Topic Filter invalid");
        }
    }

    @Test
    void followsItsPropertiesAndMissesNothingOfWhatStays() throws InterruptedException {
        TestClient client = connect(TestClient.v5("wb-modified"));
        client.retain("wb/modified/stays", "kept");
        client.retain("wb/modified/new", "kept too");
        Inbox inbox = new Inbox();
        Registered<MessageSubscriber> service = add(inbox, "wb/modified/stays", "wb/modified/goes");
        assertThat(inbox.next()).isEqualTo("wb/modified/stays=kept");

        modify(service, inbox, "wb/modified/stays", "wb/modified/new");

        assertThat(inbox.next()).isEqualTo("wb/modified/new=kept too"); // and what stays is not sent again
        eventually("unsubscribed", () -> receivers("wb/modified/goes") == 0);
        publish("wb/modified/stays", "x", QoS.AT_LEAST_ONCE);
        assertThat(inbox.next()).isEqualTo("wb/modified/stays=x");
        assertThat(info(service).subscriptions()).isEqualTo(2);
    }

    @Test
    void keepsItsSessionWhenAnotherPropertyIsModified() {
        Registered<MessageSubscriber> service = add(new Inbox(), "wb/other");
        SessionInfo before = info(service);

        service.modify(Map.of(MessageSubscriber.TOPIC_FILTER, "wb/other", "colour", "blue"));
        whiteboard.updatedSubscriber(service, new Inbox());

        assertThat(info(service).since()).isEqualTo(before.since());
    }

    @Test
    void isModifiedBeforeItIsSubscribed() throws InterruptedException {
        for (int i = 0; i < 50; i++) {
            Inbox inbox = new Inbox();
            Registered<MessageSubscriber> service =
                    new Registered<>(Map.of(MessageSubscriber.TOPIC_FILTER, "wb/early/" + i));
            whiteboard.addSubscriber(service, inbox);
            modify(service, inbox, "wb/late/" + i);

            String late = "wb/late/" + i;
            eventually("subscribed", () -> receivers(late) == 1);
            eventually("unsubscribed", () -> info(service).subscriptions() == 1);
        }
    }

    @Test
    void endsWithAnEditThatWillNotDoAndComesBackWithOneThatWill() throws InterruptedException {
        Inbox inbox = new Inbox();
        Registered<MessageSubscriber> service = add(inbox, "wb/mended");

        modify(service, inbox, "wb/#/mended");
        eventually("ended", () -> subscribers().isEmpty());

        modify(service, inbox, "wb/mended");
        awaitSubscribed(service, "wb/mended");
        publish("wb/mended", "x", QoS.AT_MOST_ONCE);
        assertThat(inbox.next()).isEqualTo("wb/mended=x");
    }

    // ---------------------------------------------------------------- coming and going

    @Test
    void leavesNothingWhenItGoes() throws InterruptedException {
        assertThat(threads()).isEmpty();
        eventually(
                "the clients of the test before have gone",
                () -> broker.broker().sessions().isEmpty());
        int nodes = broker.broker().info().treeNodes();
        Inbox inbox = new Inbox();
        Registered<MessageSubscriber> service = add(inbox, "wb/goes/+/a", "wb/goes/#");
        publish("wb/goes/1", "x", QoS.AT_LEAST_ONCE);
        inbox.next();
        assertThat(threads()).isNotEmpty();

        whiteboard.removeSubscriber(service);

        eventually("session ended", () -> subscribers().isEmpty());
        eventually("tree pruned", () -> broker.broker().info().treeNodes() == nodes);
        eventually("threads gone", () -> threads().isEmpty());
        publish("wb/goes/1", "y", QoS.AT_LEAST_ONCE);
        assertThat(inbox.messages).isEmpty();
    }

    @Test
    void leavesNothingWhenItGoesBeforeItsSessionIsOpen() {
        for (int i = 0; i < 500; i++) {
            Registered<MessageSubscriber> service =
                    new Registered<>(Map.of(MessageSubscriber.TOPIC_FILTER, "wb/hurry"));
            whiteboard.addSubscriber(service, new Inbox());
            whiteboard.removeSubscriber(service);
        }

        eventually("sessions ended", () -> subscribers().isEmpty());
        eventually("threads gone", () -> threads().isEmpty());
    }

    @Test
    void isNotCalledOnceItIsGone() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            AtomicBoolean gone = new AtomicBoolean();
            AtomicBoolean calledAfter = new AtomicBoolean();
            CountDownLatch called = new CountDownLatch(1);
            Registered<MessageSubscriber> service = add(
                    message -> {
                        called.countDown();
                        calledAfter.compareAndSet(false, gone.get());
                    },
                    "wb/late");
            for (int n = 0; n < 50; n++) {
                broker.broker().publish(message("wb/late", "x", QoS.AT_MOST_ONCE));
            }
            assertThat(called.await(8, TimeUnit.SECONDS)).isTrue();

            whiteboard.removeSubscriber(service); // waits for the call that runs
            gone.set(true);

            publish("wb/late", "x", QoS.AT_MOST_ONCE);
            assertThat(calledAfter).isFalse();
        }
    }

    @Test
    void interruptsACallThatDoesNotReturnWhenItGoes() throws InterruptedException {
        Blocking blocking = new Blocking();
        Registered<MessageSubscriber> service = add(blocking, "wb/stuck");
        publish("wb/stuck", "x", QoS.AT_LEAST_ONCE);
        assertThat(blocking.called.await(8, TimeUnit.SECONDS)).isTrue();

        whiteboard.removeSubscriber(service);

        assertThat(blocking.interrupted.await(8, TimeUnit.SECONDS)).isTrue();
        eventually("threads gone", () -> threads().isEmpty());
    }

    @Test
    void mayGoFromWithinItsOwnCall() throws InterruptedException {
        CountDownLatch went = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        Registered<MessageSubscriber> service = new Registered<>(Map.of(MessageSubscriber.TOPIC_FILTER, "wb/suicide"));
        whiteboard.addSubscriber(service, message -> {
            whiteboard.removeSubscriber(service);
            interrupted.set(Thread.currentThread().isInterrupted());
            went.countDown();
        });
        awaitSubscribed(service, "wb/suicide");

        publish("wb/suicide", "x", QoS.AT_LEAST_ONCE);

        assertThat(went.await(8, TimeUnit.SECONDS)).isTrue();
        assertThat(interrupted).isFalse();
        eventually("session ended", () -> subscribers().isEmpty());
    }

    @Test
    void endsAllAtOnceWhenTheComponentGoes() throws InterruptedException {
        List<Blocking> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Blocking blocking = new Blocking();
            add(blocking, "wb/all");
            all.add(blocking);
        }
        publish("wb/all", "x", QoS.EXACTLY_ONCE);
        for (Blocking each : all) {
            assertThat(each.called.await(8, TimeUnit.SECONDS)).isTrue();
        }

        long begin = System.nanoTime();
        whiteboard.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(900), Duration.ofSeconds(4));
        for (Blocking each : all) {
            assertThat(each.interrupted.await(8, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void getsAnotherSessionWhenSomebodyTakesItOver() throws InterruptedException {
        Inbox inbox = new Inbox();
        Registered<MessageSubscriber> service = add(inbox, "wb/taken");

        TestClient thief = connect(TestClient.v5(clientId(service)));

        eventually("another session", () -> receivers("wb/taken") == 1);
        publish("wb/taken", "x", QoS.AT_LEAST_ONCE);
        assertThat(inbox.next()).isEqualTo("wb/taken=x");
        thief.subscribe("wb/thief", 0); // is not thrown out in return
        whiteboard.removeSubscriber(service);
        thief.disconnect();
    }

    @Test
    void getsAnotherSessionWhenItsOwnIsEnded() throws Exception {
        Inbox inbox = new Inbox();
        Registered<MessageSubscriber> service = add(inbox, "wb/ended");

        assertThat(broker.broker()
                        .endSession(clientId(service))
                        .toCompletableFuture()
                        .get(8, TimeUnit.SECONDS))
                .isTrue();

        eventually("another session", () -> receivers("wb/ended") == 1);
        publish("wb/ended", "x", QoS.EXACTLY_ONCE);
        assertThat(inbox.next()).isEqualTo("wb/ended=x");
    }

    // ---------------------------------------------------------------- helpers

    private Registered<MessageSubscriber> add(MessageSubscriber service, String... filters) {
        Registered<MessageSubscriber> reference = new Registered<>(Map.of(MessageSubscriber.TOPIC_FILTER, filters));
        whiteboard.addSubscriber(reference, service);
        awaitSubscribed(reference, filters);
        return reference;
    }

    private void modify(Registered<MessageSubscriber> reference, MessageSubscriber service, String... filters) {
        reference.modify(Map.of(MessageSubscriber.TOPIC_FILTER, filters));
        whiteboard.updatedSubscriber(reference, service);
    }

    /** In the tree: what is published from now on is received. */
    private static void awaitSubscribed(Registered<?> service, String... filters) {
        for (String filter : filters) {
            Topic matching = Topic.of(filter.replace('+', 'x').replace('#', 'x'));
            eventually(
                    "subscribed to " + filter,
                    () -> broker.broker().receivers(matching).stream()
                            .anyMatch(each -> each.clientId().equals(clientId(service))));
        }
    }

    private static void publish(String topic, String text, QoS qos) {
        broker.broker().publish(message(topic, text, qos)).toCompletableFuture().join();
    }

    private static Message message(String topic, String text, QoS qos) {
        return Message.of(Topic.of(topic), text.getBytes(StandardCharsets.UTF_8), qos, false);
    }

    private static int receivers(String topic) {
        return broker.broker().receivers(Topic.of(topic)).size();
    }

    private static SessionInfo info(Registered<?> service) {
        Optional<SessionInfo> session = session(clientId(service));
        assertThat(session).isPresent();
        return session.get();
    }

    private static int inFlight(Registered<?> service) {
        return info(service).queue().inFlight();
    }

    private static String clientId(Registered<?> service) {
        return "subscriber:test.bundle:" + service.getProperty("service.id");
    }

    private static List<String> subscribers() {
        return broker.broker().sessions().stream()
                .map(SessionInfo::clientId)
                .filter(id -> id.startsWith("subscriber:"))
                .toList();
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("bascule-subscriber"))
                .toList();
    }
}
