/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.Identity;
import io.bascule.api.LocalOptions;
import io.bascule.api.QueueLimits;
import io.bascule.api.SessionOptions;
import io.bascule.api.SessionOptions.Overlap;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.mqtt.UserProperty;
import io.bascule.spi.Client;
import io.bascule.spi.MessageStore.Receipt;
import io.bascule.spi.MessageStore.Receiver;
import io.bascule.spi.SessionStore;
import io.bascule.spi.SessionTerms;
import io.bascule.spi.SessionTerms.Will;
import io.bascule.spi.StoredMessage;
import io.bascule.spi.StoredSession;
import io.bascule.spi.StoredSession.Queued;
import io.bascule.store.log.Durability;
import io.bascule.store.log.Eventually;
import io.bascule.store.log.LogListener;
import io.bascule.store.log.LogSettings;
import io.bascule.store.log.SegmentedLog;
import io.bascule.store.log.SimulatedFolder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StoreTest {
    private static final LogSettings LOG = new LogSettings(Durability.FSYNC, 64 << 10, 1 << 20);
    private static final int[] NONE = {};

    private final SimulatedFolder folder = new SimulatedFolder(new SplittableRandom(1));
    private final TestClock clock = new TestClock();
    private StoreSettings settings = new StoreSettings(LOG, StoreSettings.HEAP_BYTES);
    private LogMessageStore store;
    private Restored restored;

    @AfterEach
    void closeStore() throws IOException {
        if (store != null) {
            store.close();
        }
    }

    @Test
    void givesTheFolderBackWhereItCannotBegin() throws IOException {
        assertThatThrownBy(() -> LogMessageStore.prepare(
                        folder, settings, clock, SegmentedLog::open, (state, log, segmentBytes) -> {
                            throw new IllegalStateException("no compaction today");
                        }))
                .hasMessage("no compaction today");

        open();
        assertThat(restored.sessions()).isEmpty();
    }

    @Test
    void keepsTheTermsOfASession() throws IOException {
        open();
        Client client = new Client(
                "a",
                new Identity(Optional.of("user"), Set.of("g1", "g2")),
                Optional.of(MqttVersion.MQTT_5),
                Optional.of("tls"),
                Optional.of(InetSocketAddress.createUnresolved("host", 1)));
        Will will = new Will(
                message("will", QoS.EXACTLY_ONCE, true),
                client,
                true,
                Optional.of(List.of("acl", "other")),
                30,
                OptionalLong.of(60));
        QueueLimits limits = new QueueLimits(5, 1L << 40, QueueLimits.ANY_AGE, QueueLimits.Overflow.DROP_NEWEST);
        session("a")
                .connected(new SessionTerms(
                        SessionOptions.NEVER, Optional.of(will), Optional.of(limits), Overlap.COPY_PER_SUBSCRIPTION));
        reopen();

        SessionTerms terms = restored.session("a").terms();
        assertThat(terms.sessionExpiryInterval()).isEqualTo(SessionOptions.NEVER);
        assertThat(terms.overlap()).isEqualTo(Overlap.COPY_PER_SUBSCRIPTION);
        assertThat(terms.queue()).contains(limits);
        Will kept = terms.will().orElseThrow();
        assertSame(kept.message(), will.message());
        assertThat(kept.client())
                .isEqualTo(new Client("a", client.identity(), client.version(), client.listener(), Optional.empty()));
        assertThat(kept.trusted()).isTrue();
        assertThat(kept.delayInterval()).isEqualTo(30);
        assertThat(kept.messageExpiryInterval()).hasValue(60);

        restored.session("a").store().willDone();
        restored.session("a").store().expiry(9);
        reopen();
        assertThat(restored.session("a").terms().will()).isEmpty();
        assertThat(restored.session("a").terms().sessionExpiryInterval()).isEqualTo(9);
    }

    @Test
    void keepsSubscriptionsInTheirOrder() throws IOException {
        open();
        SessionStore a = connected("a", 10);
        Subscription shared = Subscription.of(TopicFilter.of("$share/g/b/#"), QoS.AT_LEAST_ONCE);
        Subscription full = new Subscription(
                TopicFilter.of("+/c"),
                QoS.EXACTLY_ONCE,
                true,
                true,
                Subscription.RetainHandling.DO_NOT_SEND,
                Subscription.MAX_IDENTIFIER);
        a.subscribed(full.withMaximumQos(QoS.AT_MOST_ONCE));
        a.subscribed(Subscription.of(TopicFilter.of("gone"), QoS.AT_LEAST_ONCE));
        a.subscribed(shared);
        a.subscribed(full);
        a.unsubscribed(TopicFilter.of("gone"));
        reopen();

        assertThat(restored.session("a").subscriptions()).containsExactly(shared, full);
    }

    @Test
    void keepsWhatOnlyABundleCanAskFor() throws IOException {
        open();
        SessionStore a = connected("a", 10);
        List<Subscription> subscriptions = new ArrayList<>();
        for (LocalOptions.Priority priority : LocalOptions.Priority.values()) {
            for (QoS minimumQos : QoS.values()) {
                subscriptions.add(new Subscription(
                        TopicFilter.of(priority + "/" + minimumQos),
                        QoS.EXACTLY_ONCE,
                        false,
                        true,
                        Subscription.RetainHandling.SEND_IF_NEW,
                        7,
                        new LocalOptions(minimumQos, minimumQos == QoS.AT_LEAST_ONCE, priority)));
            }
        }
        subscriptions.forEach(a::subscribed);
        reopen();

        assertThat(restored.session("a").subscriptions()).isEqualTo(subscriptions);
    }

    @Test
    void keepsAMessageForThoseAloneWhoAreToHaveItWithMoreThanQos0() throws IOException {
        open();
        SessionStore raised = connected("raised", 10);
        SessionStore other = connected("other", 10);
        Message message = Message.of("t", "x");
        StoredMessage stored = append(
                message,
                new Receiver(raised, 0, QoS.AT_LEAST_ONCE, QoS.EXACTLY_ONCE, false, NONE),
                new Receiver(other, 0, QoS.EXACTLY_ONCE, false, NONE));
        assertThat(stored.forReceiver(other, 0)).isEmpty();
        reopen();

        assertThat(restored.queued("raised"))
                .singleElement()
                .satisfies(each -> assertThat(each.qos()).isEqualTo(QoS.AT_LEAST_ONCE));
        assertThat(restored.queued("other")).isEmpty();
    }

    @Test
    void keepsMessagesInEachState() throws Exception {
        open();
        SessionStore a = connected("a", 10);
        SessionStore b = connected("b", 10);
        MessageProperties properties = new MessageProperties(
                Optional.of(1),
                Optional.of("text"),
                Optional.of("answer"),
                Optional.of(new byte[] {1, 2}),
                List.of(new UserProperty("k", "1"), new UserProperty("k", "2")));
        Message rich = message("rich", QoS.EXACTLY_ONCE, true).withProperties(properties);
        StoredMessage first = append(rich, receiver(a, 5, 6), new Receiver(b, 0, QoS.AT_LEAST_ONCE, false, NONE));
        StoredMessage second = append(message("second", QoS.EXACTLY_ONCE, false), receiver(a));
        StoredMessage third = append(message("third", QoS.AT_LEAST_ONCE, false), receiver(a));
        append(message("dropped", QoS.AT_LEAST_ONCE, false), receiver(a), receiver(b));
        StoredMessage last = append(message("last", QoS.AT_LEAST_ONCE, false), receiver(a));
        a.sent(second, 7);
        a.sent(first, 65_535);
        a.sent(third, 1);
        a.received(65_535);
        a.completed(1);
        reopenAfter(() -> a.dropped(append(message("gone", QoS.AT_LEAST_ONCE, false), receiver(a))));

        StoredSession kept = restored.session("a");
        assertThat(kept.inFlight()).hasSize(2);
        assertThat(kept.inFlight().get(0).packetId()).isEqualTo(7);
        assertThat(kept.inFlight().get(0).received()).isFalse();
        assertThat(text(kept.inFlight().get(0).message())).isEqualTo("second");
        assertThat(kept.inFlight().get(1).packetId()).isEqualTo(65_535);
        assertThat(kept.inFlight().get(1).received()).isTrue();
        Queued delivered = kept.inFlight().get(1).message();
        assertThat(delivered.qos()).isEqualTo(QoS.EXACTLY_ONCE);
        assertThat(delivered.retain()).isTrue();
        assertThat(delivered.subscriptionIdentifiers()).containsExactly(5, 6);
        assertThat(delivered.message().sizeInBytes()).isEqualTo(rich.sizeInBytes());
        assertSame(load(delivered.message()), rich);
        assertThat(restored.queued("a")).extracting(this::text).containsExactly("dropped", "last");
        assertThat(restored.queued("a").get(1).message().position()).isEqualTo(last.position());
        Queued other = restored.queued("b").get(0);
        assertThat(other.qos()).isEqualTo(QoS.AT_LEAST_ONCE);
        assertThat(other.retain()).isFalse();
        assertThat(text(other)).isEqualTo("rich");
    }

    @Test
    void keepsPacketIdentifiersOfWhatHasComeWithQoS2() throws IOException {
        open();
        SessionStore a = connected("a", 10);
        SessionStore b = connected("b", 10);
        store.append(
                message("m", QoS.EXACTLY_ONCE, false), false, List.of(receiver(b)), Optional.of(new Receipt(a, 3)));
        long alone = a.accepted(65_535);
        a.accepted(9);
        assertThat(a.accepted(65_535)).isEqualTo(alone);
        a.released(9);
        reopen();

        BitSet accepted = restored.session("a").accepted();
        assertThat(accepted.stream()).containsExactly(3, 65_535);
    }

    @Test
    void keepsRetainedMessages() throws IOException {
        open();
        store.append(message("old", QoS.AT_MOST_ONCE, true), true, List.of(), Optional.empty());
        store.append(message("new", QoS.AT_MOST_ONCE, true), true, List.of(), Optional.empty());
        Message other = Message.of(Topic.of("u"), new byte[] {1}, QoS.AT_LEAST_ONCE, true);
        store.append(other, true, List.of(), Optional.empty());
        reopen();
        assertThat(restored.retained()).extracting(Message::text).containsExactlyInAnyOrder("new", "\u0001");

        assertThat(store.unretain(Topic.of("u"))).isPositive();
        assertThat(store.unretain(Topic.of("u"))).isZero();
        Message empty = Message.empty(Topic.of("t"), QoS.AT_LEAST_ONCE, true);
        assertThat(store.append(empty, true, List.of(), Optional.empty()).position())
                .isPositive();
        assertThat(store.append(empty, true, List.of(), Optional.empty()).position())
                .isZero();
        reopen();
        assertThat(restored.retained()).isEmpty();
    }

    @Test
    void keepsNothingOfSessionsThatEndWithTheirConnection() throws IOException {
        open();
        SessionStore a = session("a");
        long before = store.lastSequence();
        a.connected(terms(0));
        StoredMessage stored = append(message("m", QoS.AT_LEAST_ONCE, false), receiver(a));
        assertThat(stored.position()).isZero();
        assertThat(stored.message().orElseThrow().text()).isEqualTo("m");
        assertThat(stored.forReceiver(a, 0)).isEmpty();
        assertThat(a.sent(stored, 1) + a.accepted(1) + a.released(1)).isZero();
        assertThat(a.subscribed(Subscription.of(TopicFilter.of("t"), QoS.AT_LEAST_ONCE)))
                .isZero();
        a.disconnected();
        a.end();
        assertThat(store.lastSequence()).isEqualTo(before);
        a.connected(terms(5));
        assertThat(a.isKept()).as("after the end").isFalse();

        SessionStore willing = session("w");
        Client client = new Client("w", Identity.ANONYMOUS, Optional.empty(), Optional.empty(), Optional.empty());
        Will will = new Will(
                message("will", QoS.AT_MOST_ONCE, false), client, false, Optional.empty(), 0, OptionalLong.empty());
        willing.connected(new SessionTerms(0, Optional.of(will), Optional.empty(), Overlap.ONE_COPY));
        assertThat(willing.isKept()).isFalse();
        SessionStore shrunk = connected("s", 10);
        shrunk.connected(terms(0));
        reopen();
        assertThat(restored.sessions().keySet()).containsExactly("w");
        restored.session("w").store().end();
        reopen();
        assertThat(restored.sessions()).isEmpty();
    }

    @Test
    void givesASessionAnIntervalLater() throws IOException {
        open();
        SessionStore a = session("a");
        a.connected(terms(0));
        a.expiry(7);
        assertThat(a.isKept()).isTrue();
        assertThat(session("a").isKept()).isTrue();
        reopen();
        assertThat(restored.session("a").terms().sessionExpiryInterval()).isEqualTo(7);
    }

    @Test
    void forgetsAllOfASessionThatEnds() throws IOException {
        open();
        SessionStore a = connected("a", 10);
        SessionStore b = connected("b", 10);
        a.accepted(4);
        append(message("both", QoS.AT_LEAST_ONCE, false), receiver(a), receiver(b));
        a.sent(append(message("one", QoS.AT_LEAST_ONCE, false), receiver(a)), 1);
        a.end();
        assertThat(connected("a", 10)).isNotSameAs(a);
        reopen();

        StoredSession fresh = restored.session("a");
        assertThat(restored.queued("a")).isEmpty();
        assertThat(fresh.inFlight()).isEmpty();
        assertThat(fresh.accepted().isEmpty()).isTrue();
        assertThat(restored.queued("b")).hasSize(1);
    }

    @Test
    void writesAMessageForAThousandSessionsOnce() throws IOException {
        open();
        List<Receiver> receivers = IntStream.range(0, 1_000)
                .mapToObj(i -> receiver(connected("s" + i, 10)))
                .toList();
        long before = store.usage().disk();
        Message message = Message.of(Topic.of("t"), new byte[50_000], QoS.AT_LEAST_ONCE, false);
        StoredMessage stored = store.append(message, false, receivers, Optional.empty());
        assertThat(store.usage().disk() - before).isBetween(50_000L, 60_000L);

        for (Receiver each : receivers.subList(0, 999)) {
            each.session().dropped(stored);
        }
        assertThat(store.usage().live()).isGreaterThan(50_000);
        reopen();
        assertThat(restored.queued("s999")).hasSize(1);
        assertThat(restored.queued("s0")).isEmpty();
    }

    @Test
    void leavesOnDiskWhatIsTooMuchForTheHeap() throws Exception {
        settings = new StoreSettings(LOG, 1_000);
        open();
        SessionStore a = connected("a", 10);
        StoredMessage first = append(Message.of(Topic.of("t"), new byte[800], QoS.AT_LEAST_ONCE, false), receiver(a));
        StoredMessage second = append(message("second", QoS.AT_LEAST_ONCE, false), receiver(a));
        append(message("tiny", QoS.AT_LEAST_ONCE, false), receiver(a));
        assertThat(first.message()).isPresent();
        assertThat(append(Message.of(Topic.of("t"), new byte[800], QoS.AT_LEAST_ONCE, false), receiver(a))
                        .message())
                .isEmpty();
        assertThat(load(second).text()).isEqualTo("second");

        a.sent(first, 1);
        a.completed(1);
        assertThat(append(Message.of(Topic.of("t"), new byte[600], QoS.AT_LEAST_ONCE, false), receiver(a))
                        .message())
                .as("there is room again")
                .isPresent();
    }

    @Test
    void saysWhenAMessageIsDurable() throws Exception {
        open();
        folder.refuseToForce(true);
        SessionStore a = connected("a", 10);
        StoredMessage stored = append(message("m", QoS.AT_LEAST_ONCE, false), receiver(a));
        CountDownLatch durable = new CountDownLatch(1);
        store.whenDurable(stored.position(), durable::countDown);
        assertThat(store.isDurable(stored.position())).isFalse();
        assertThat(store.isDurable(0)).isTrue();
        assertThat(load(stored).text()).isEqualTo("m");
        Eventually.is(() -> store.failure().isPresent());
        folder.refuseToForce(false);
        assertThat(durable.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(store.isDurable(stored.position())).isTrue();
    }

    // ---------------------------------------------------------------- time

    @Test
    void countsTimeWithoutAProcess() throws Exception {
        open();
        SessionStore a = connected("a", 1_000);
        append(expiring("soon", 100), receiver(a));
        append(expiring("later", 200), receiver(a));
        store.append(expiring("retained", 100).withRetain(true), true, List.of(), Optional.empty());
        Message lasting = expiring("lasting", 200).withRetain(true).withTopic(Topic.of("u"));
        store.append(lasting, true, List.of(), Optional.empty());
        a.disconnected();
        store.close();
        clock.pass(150);
        reopen();

        StoredSession kept = restored.session("a");
        assertThat(kept.away()).isBetween(Duration.ofSeconds(149), Duration.ofSeconds(155));
        assertThat(restored.queued("a").get(0).age()).isBetween(Duration.ofSeconds(149), Duration.ofSeconds(155));
        assertThat(restored.queued("a").get(0).message().isExpired(System.nanoTime()))
                .isTrue();
        StoredMessage later = restored.queued("a").get(1).message();
        assertThat(later.isExpired(System.nanoTime())).isFalse();
        assertThat(load(later).remainingExpirySeconds(System.nanoTime()).orElseThrow())
                .isBetween(44L, 51L);
        assertThat(restored.retained()).extracting(Message::text).containsExactly("lasting");
        assertThat(restored.retained()
                        .get(0)
                        .remainingExpirySeconds(System.nanoTime())
                        .orElseThrow())
                .isBetween(44L, 51L);
        store.close();
        clock.pass(100);
        reopen();
        assertThat(restored.session("a").away()).isGreaterThan(Duration.ofSeconds(245));
    }

    @Test
    void countsWhoWasAttachedWhenTheProcessEnded() throws IOException {
        open();
        connected("a", 1_000);
        store.close();
        clock.pass(50);
        reopen();
        assertThat(restored.session("a").away()).isBetween(Duration.ofSeconds(49), Duration.ofSeconds(55));
        store.close();
        clock.pass(50);
        reopen();
        assertThat(restored.session("a").away()).isGreaterThan(Duration.ofSeconds(99));
    }

    @Test
    void doesNotCountHowLongSomebodyWasAttachedBeforeTheProcessWasKilled() throws IOException, InterruptedException {
        open();
        connected("a", 100);
        CountDownLatch durable = new CountDownLatch(1);
        store.whenDurable(store.lastSequence(), durable::countDown);
        assertThat(durable.await(20, TimeUnit.SECONDS)).isTrue();
        SimulatedFolder left = SimulatedFolder.of(folder.files());
        clock.pass(300); // of which nothing says how much the process has lived through

        try (LogMessageStore next = LogMessageStore.open(left, settings, clock)) {
            assertThat(Restored.of(next).session("a").away()).isLessThan(Duration.ofSeconds(5));
        }
        clock.pass(50);
        try (LogMessageStore next = LogMessageStore.open(left, settings, clock)) {
            assertThat(Restored.of(next).session("a").away()).isBetween(Duration.ofSeconds(49), Duration.ofSeconds(60));
        }
    }

    @Test
    void doesNotMindAClockThatJumpsWhileItRuns() throws IOException {
        open();
        SessionStore a = connected("a", 1_000);
        append(expiring("m", 100), receiver(a));
        a.disconnected();
        clock.pass(-1_000_000);
        reopen();
        assertUnmoved();
        clock.pass(2_000_000);
        reopen();
        assertUnmoved();
    }

    private void assertUnmoved() {
        StoredSession kept = restored.session("a");
        assertThat(kept.away()).isLessThan(Duration.ofSeconds(30));
        assertThat(restored.queued("a").get(0).message().isExpired(System.nanoTime()))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1970-01-01T00:00:00Z", "2007-05-20T00:00:00Z", "2037-01-15T00:00:00Z", "2046-09-01T00:00:00Z"})
    void doesNotMindAClockThatJumpsWhileNothingRuns(String wrong) throws IOException {
        long noon = TestClock.NOON;
        open();
        SessionStore a = connected("a", 1_000);
        append(expiring("m", 100), receiver(a));
        store.append(expiring("retained", 100).withRetain(true), true, List.of(), Optional.empty());
        a.disconnected();
        store.close();
        clock.wall(Instant.parse(wrong).toEpochMilli());
        reopen();
        assertUnmoved();
        assertThat(restored.retained()).hasSize(1);
        store.close();
        clock.wall(noon + 1_000); // as it should have been all the time
        reopen();
        assertUnmoved();
        assertThat(restored.retained()).hasSize(1);
    }

    @Test
    void countsALongTimeWithoutAProcess() throws IOException {
        open();
        connected("a", SessionOptions.NEVER).disconnected();
        store.close();
        clock.pass(TimeUnit.DAYS.toSeconds(365));
        reopen();
        assertThat(restored.session("a").away()).isGreaterThanOrEqualTo(Duration.ofDays(365));
    }

    @Test
    void countsNoTimeByAClockThatWasNotSet() throws IOException {
        clock.wall(5_000);
        open();
        SessionStore a = connected("a", 1_000);
        append(expiring("m", 100), receiver(a));
        a.disconnected();
        store.close();
        clock.wall(TestClock.NOON);
        reopen();
        assertUnmoved();
        store.close();
        clock.wall(7_000);
        reopen();
        assertUnmoved();
    }

    // ---------------------------------------------------------------- formats

    @Test
    void refusesWhatANewerReleaseWrote() throws IOException {
        try (SegmentedLog log = rawLog()) {
            log.append((byte) 99, ByteBuffer.wrap(new byte[] {1}));
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("record 1", "newer release");
    }

    @Test
    void refusesANewerVersionOfARecord() throws IOException {
        try (SegmentedLog log = rawLog()) {
            log.append((byte) 1, ByteBuffer.wrap(new byte[] {2, 0, 0}));
        }
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("TICK in version 2");
    }

    @Test
    void refusesARecordThatItDoesNotUnderstand() throws IOException {
        try (SegmentedLog log = rawLog()) {
            log.append((byte) 2, ByteBuffer.wrap(new byte[] {1, 0, 0, 5, 'a'}));
        }
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("record 1", "ends early");
    }

    private SegmentedLog rawLog() throws IOException {
        return SegmentedLog.open(folder, LOG, (sequence, type, payload) -> {}, new LogListenerStub());
    }

    private static final class LogListenerStub implements LogListener {
        @Override
        public void failed(IOException reason) {}

        @Override
        public void recovered() {}
    }

    // ---------------------------------------------------------------- helpers

    private void open() throws IOException {
        store = LogMessageStore.open(folder, settings, clock);
        restored = Restored.of(store);
    }

    private void reopen() throws IOException {
        store.close();
        open();
    }

    private void reopenAfter(Runnable action) throws IOException {
        action.run();
        reopen();
    }

    private SessionStore session(String clientId) {
        return store.session(clientId);
    }

    private SessionStore connected(String clientId, long expiry) {
        SessionStore session = session(clientId);
        session.connected(terms(expiry));
        return session;
    }

    private static SessionTerms terms(long expiry) {
        return new SessionTerms(expiry, Optional.empty(), Optional.empty(), Overlap.ONE_COPY);
    }

    private static Receiver receiver(SessionStore session, int... identifiers) {
        return new Receiver(session, 0, QoS.EXACTLY_ONCE, true, identifiers);
    }

    private StoredMessage append(Message message, Receiver... receivers) {
        return store.append(message, false, List.of(receivers), Optional.empty());
    }

    private static Message message(String text, QoS qos, boolean retain) {
        return Message.of("t", text).withQos(qos).withRetain(retain);
    }

    private static Message expiring(String text, long seconds) {
        return message(text, QoS.AT_LEAST_ONCE, false).expiringIn(Duration.ofSeconds(seconds));
    }

    private Message load(StoredMessage message) throws InterruptedException {
        CompletableFuture<Message> read = new CompletableFuture<>();
        store.read(List.of(message), messages -> read.complete(messages.get(0).orElseThrow()));
        try {
            return read.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private String text(Queued queued) {
        try {
            return load(queued.message()).text();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertSame(Message found, Message expected) {
        assertThat(found).usingRecursiveComparison().ignoringFields("topic").isEqualTo(expected);
        assertThat(found.topic()).isEqualTo(expected.topic());
    }
}
