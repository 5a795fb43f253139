/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Identity;
import io.bascule.api.LocalOptions;
import io.bascule.api.QueueLimits;
import io.bascule.api.SessionOptions.Overlap;
import io.bascule.api.StoreFigures;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
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
import io.bascule.store.log.LogSettings;
import io.bascule.store.log.SegmentedLog;
import io.bascule.store.log.SimulatedFolder;
import io.bascule.store.log.StepLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lives through random operations with a store, and knows after each record what the store must have. */
final class StoreLife {
    private static final int LARGEST_RECORD = 4_096;
    private static final QueueLimits LIMITS =
            new QueueLimits(7, 8_000, Duration.ofHours(1), QueueLimits.Overflow.BLOCK);

    private final SimulatedFolder folder;
    private final SplittableRandom random;
    private final Variant variant;
    private final StoreSettings settings;
    private final TestClock clock = new TestClock();
    private final NavigableMap<Long, Model> history = new TreeMap<>();
    private final Map<String, SessionStore> faces = new HashMap<>();
    private Model model = new Model();
    private LogMessageStore store;
    private long lastReplayed;
    private int texts;
    private long copied;
    private boolean settling;

    /** A way to compact: the last is to be run while a record is read. */
    interface Variant {
        Compactor of(State state, SegmentedLog log, long segmentBytes, Runnable meanwhile);
    }

    StoreLife(SimulatedFolder folder, SplittableRandom random, Variant variant) {
        this.folder = folder;
        this.random = random;
        this.variant = variant;
        int segmentBytes = 1_024 << random.nextInt(3);
        this.settings = new StoreSettings(new LogSettings(Durability.FSYNC, segmentBytes, 1 << 20), 2_000);
        history.put(0L, model);
    }

    /** How often compaction had something to do. */
    long copied() {
        return copied;
    }

    /** From opening to the end. */
    void live() throws IOException {
        settling = false;
        folder.powerFor(random.nextInt(8) == 0 ? random.nextInt(30) : Long.MAX_VALUE);
        try {
            open();
            folder.powerFor(random.nextInt(4) == 0 ? random.nextInt(40) : 40 + random.nextInt(400));
            int operations = 1 + random.nextInt(60);
            for (int i = 0; i < operations && !folder.isOff(); i++) {
                operate();
                history.put(last(), model.copy());
                mayCommitAndCompact();
            }
            end();
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("no power");
            folder.cut();
        }
    }

    private void stop() {
        store.reader().close();
        StepLog.end(store.log());
    }

    private void end() throws IOException {
        long promised = durable();
        switch (random.nextInt(4)) {
            case 0 -> {
                settle();
                promised = durable();
                stop();
                folder.kill();
            }
            case 1 -> {
                stop();
                folder.kill();
            }
            default -> {
                stop();
                folder.cut();
            }
        }
        history.headMap(history.floorKey(promised)).clear(); // nothing before that may be what is left
    }

    /** Nothing is left to be done, and the disk has no more than it may. */
    private void settle() throws IOException {
        settling = true;
        for (int i = 0; i < 10_000 && !folder.isOff(); i++) {
            StepLog.commit(store.log());
            if (!step() && store.log().isWritten(last()) && !step()) {
                LogMessageStore.Usage usage = store.usage();
                long bound = 3 * usage.live() + 2 * settings.log().segmentBytes() + LARGEST_RECORD;
                assertThat(usage.disk()).as("on disk").isLessThanOrEqualTo(bound);
                assertCounts();
                return;
            }
        }
        assertThat(folder.isOff()).as("comes to rest").isTrue();
    }

    private void assertCounts() {
        StoreFigures figures = store.figures();
        assertThat(figures.sessions()).isEqualTo(model.sessions.size());
        assertThat(figures.retained()).isEqualTo(model.retained.size());
        assertThat(figures.queued())
                .isEqualTo(model.sessions.values().stream()
                        .mapToLong(each -> Stream.concat(each.queue.stream(), each.inFlight.stream())
                                .mapToLong(copy -> copy.number)
                                .distinct()
                                .count())
                        .sum());
        assertThat(figures.durable()).isEqualTo(figures.appended()).isEqualTo(last());
    }

    private boolean step() throws IOException {
        boolean more = store.compactor().step();
        copied += more ? 1 : 0;
        return more;
    }

    private void mayCommitAndCompact() throws IOException {
        if (random.nextInt(3) == 0) {
            StepLog.commit(store.log());
        }
        for (int steps = random.nextInt(3); steps > 0; steps--) {
            step();
        }
    }

    /** Opens it once more, with nothing in its way. */
    void check() throws IOException {
        folder.powerFor(Long.MAX_VALUE);
        open();
        stop();
        folder.kill();
    }

    // ---------------------------------------------------------------- opening

    private void open() throws IOException {
        lastReplayed = 0;
        store = LogMessageStore.prepare(
                folder,
                settings,
                clock,
                (in, itsSettings, replay, listener) -> StepLog.open(
                        in,
                        itsSettings,
                        (sequence, type, payload) -> {
                            lastReplayed = sequence;
                            replay.record(sequence, type, payload);
                        },
                        listener),
                (state, log, segmentBytes) -> variant.of(state, log, segmentBytes, this::meanwhile));
        folder.powerFor(Long.MAX_VALUE);
        Restored restored = Restored.of(store);
        Map.Entry<Long, Model> then = history.floorEntry(lastReplayed);
        assertThat(then)
                .as("what was promised is there, up to %s", lastReplayed)
                .isNotNull();
        model = then.getValue().restarted();
        faces.clear();
        compare(restored);
        history.clear();
        // A process that ends again before its first record is written leaves what there was.
        history.put(then.getKey(), model.copy());
        history.put(last(), model.copy());
    }

    private void compare(Restored restored) throws IOException {
        Map<Long, String> payloads = load(restored);
        Model found = new Model();
        restored.retained().forEach(each -> found.retained.put(each.topic().name(), each.text()));
        restored.sessions()
                .values()
                .forEach(each ->
                        found.sessions.put(each.clientId(), kept(each, restored.queued(each.clientId()), payloads)));
        assertThat(found.toString()).isEqualTo(model.toString());
        model = found;
        restored.sessions().values().forEach(each -> faces.put(each.clientId(), each.store()));
    }

    private Map<Long, String> load(Restored restored) {
        Map<Long, String> texts = new HashMap<>();
        List<StoredMessage> all = new ArrayList<>();
        for (StoredSession each : restored.sessions().values()) {
            restored.queued(each.clientId()).forEach(one -> all.add(one.message()));
            each.inFlight().forEach(one -> all.add(one.message().message()));
        }
        if (all.isEmpty()) {
            return texts;
        }
        CountDownLatch loaded = new CountDownLatch(1);
        store.read(all, messages -> {
            for (int i = 0; i < all.size(); i++) {
                texts.put(
                        all.get(i).position(),
                        messages.get(i).map(Message::text).orElse("unreadable"));
            }
            loaded.countDown();
        });
        try {
            assertThat(loaded.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return texts;
    }

    private static Model.Kept kept(StoredSession session, List<Queued> queued, Map<Long, String> texts) {
        Model.Kept kept = new Model.Kept();
        kept.expiry = session.terms().sessionExpiryInterval();
        kept.will = session.terms().will().map(StoreLife::text).orElse("");
        kept.terms = text(session.terms());
        session.subscriptions().forEach(each -> {
            kept.order.add(each.filter().text());
            kept.subscriptions.put(each.filter().text(), each.toString());
        });
        queued.forEach(each -> kept.queue.add(copy(each, texts)));
        session.inFlight().forEach(each -> {
            Model.Copy copy = copy(each.message(), texts);
            copy.packetId = each.packetId();
            copy.received = each.received();
            kept.inFlight.add(copy);
        });
        session.accepted().stream().forEach(kept.accepted::add);
        return kept;
    }

    private static Model.Copy copy(Queued queued, Map<Long, String> texts) {
        String payload = texts.get(queued.message().position());
        Model.Copy copy = new Model.Copy(
                queued.message().position(),
                text(payload, queued.qos(), queued.retain(), queued.subscriptionIdentifiers()));
        copy.handle = queued.message();
        return copy;
    }

    private static String text(String payload, QoS qos, boolean retain, int[] identifiers) {
        return payload.split(" ")[0] + "/" + payload.length() + " " + qos + (retain ? " retain " : " ")
                + Arrays.toString(identifiers);
    }

    private static String text(Will will) {
        return will.message().topic() + " " + will.message().text() + " " + will.client() + " " + will.trusted()
                + will.delayInterval() + will.messageExpiryInterval();
    }

    private static String text(SessionTerms terms) {
        return terms.queue() + " " + terms.overlap();
    }

    // ---------------------------------------------------------------- operations

    private long last() {
        return store.lastSequence();
    }

    private long durable() {
        long durable = history.firstKey();
        for (long each : history.keySet()) {
            durable = store.isDurable(each) ? each : durable;
        }
        return durable;
    }

    private void operate() {
        String clientId = "c" + random.nextInt(4);
        SessionStore face = faces.computeIfAbsent(clientId, store::session);
        Model.Kept kept = model.sessions.get(clientId);
        assertThat(face.isKept()).isEqualTo(kept != null && kept.expiry > 0);
        int kind = random.nextInt(100);
        if (kind < 30) {
            append();
        } else if (kind < 40) {
            connect(clientId, face, kept);
        } else if (kind < 46) {
            subscribe(face, kept);
        } else if (kind < 49) {
            unretain();
        } else if (kind < 53) {
            int packetId = 1 + random.nextInt(5);
            face.accepted(packetId);
            if (face.isKept()) {
                kept.accepted.add(packetId);
            }
        } else if (kept == null) {
            face.disconnected();
            face.willDone();
            assertThat(face.sent(new Transient(message(QoS.EXACTLY_ONCE, false)), 1))
                    .isZero();
        } else {
            change(clientId, face, kept, kind);
        }
    }

    private void meanwhile() {
        if (!settling && random.nextInt(3) > 0) {
            operate();
            history.put(last(), model.copy());
        }
    }

    private void change(String clientId, SessionStore face, Model.Kept kept, int kind) {
        if (kind < 65) {
            send(face, kept);
        } else if (kind < 72) {
            receive(face, kept);
        } else if (kind < 84) {
            complete(face, kept);
        } else if (kind < 89) {
            drop(face, kept);
        } else if (kind < 92) {
            int packetId = 1 + random.nextInt(5);
            assertThat(face.released(packetId) != 0).isEqualTo(kept.accepted.remove(packetId));
        } else if (kind < 94) {
            face.willDone();
            kept.will = "";
        } else if (kind < 96) {
            face.disconnected();
        } else if (kind < 98) {
            kept.expiry = random.nextInt(3);
            face.expiry(kept.expiry);
        } else {
            face.end();
            faces.remove(clientId);
            model.sessions.remove(clientId);
        }
    }

    private void connect(String clientId, SessionStore face, Model.Kept before) {
        long expiry = Math.max(0, random.nextInt(6) - 1);
        Optional<Will> will = random.nextInt(3) > 0 ? Optional.empty() : Optional.of(will(clientId));
        Optional<QueueLimits> queue = random.nextBoolean() ? Optional.empty() : Optional.of(LIMITS);
        SessionTerms terms = new SessionTerms(
                expiry, will, queue, random.nextBoolean() ? Overlap.ONE_COPY : Overlap.COPY_PER_SUBSCRIPTION);
        face.connected(terms);
        if (before != null || expiry > 0 || will.isPresent()) {
            Model.Kept kept = model.sessions.computeIfAbsent(clientId, id -> new Model.Kept());
            kept.expiry = expiry;
            kept.will = will.map(StoreLife::text).orElse("");
            kept.terms = text(terms);
        }
    }

    private Will will(String clientId) {
        Client client =
                new Client(clientId, Identity.of("u" + texts), Optional.empty(), Optional.empty(), Optional.empty());
        OptionalLong expiry = random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextInt(99));
        Optional<List<String>> authorizers = random.nextBoolean()
                ? Optional.of(List.of("first", "second").subList(0, random.nextInt(3)))
                : Optional.empty();
        return new Will(
                message(QoS.AT_LEAST_ONCE, true), client, random.nextBoolean(), authorizers, random.nextInt(9), expiry);
    }

    private void subscribe(SessionStore face, Model.Kept kept) {
        TopicFilter filter = TopicFilter.of("t" + random.nextInt(4) + "/#");
        boolean known = kept != null && kept.subscriptions.containsKey(filter.text());
        if (random.nextInt(3) == 0) {
            assertThat(face.unsubscribed(filter) != 0).isEqualTo(known);
            if (known) {
                kept.subscriptions.remove(filter.text());
                kept.order.remove(filter.text());
            }
            return;
        }
        QoS maximumQos = QoS.ofLevel(random.nextInt(3));
        Subscription subscription = new Subscription(
                filter,
                maximumQos,
                random.nextBoolean(),
                random.nextBoolean(),
                Subscription.RetainHandling.values()[random.nextInt(3)],
                1 + random.nextInt(1_000),
                random.nextBoolean() ? LocalOptions.NONE : localOptions(maximumQos));
        assertThat(face.subscribed(subscription) != 0).isEqualTo(face.isKept());
        if (face.isKept()) {
            kept.subscriptions.put(filter.text(), subscription.toString());
            kept.order.remove(filter.text());
            kept.order.add(filter.text());
        }
    }

    private LocalOptions localOptions(QoS maximumQos) {
        return new LocalOptions(
                QoS.ofLevel(random.nextInt(maximumQos.level() + 1)),
                random.nextBoolean(),
                LocalOptions.Priority.values()[random.nextInt(3)]);
    }

    private void append() {
        boolean retain = random.nextInt(3) == 0;
        Message message = message(QoS.ofLevel(1 + random.nextInt(2)), retain);
        boolean retained = retain && random.nextInt(3) > 0;
        if (retained && random.nextInt(3) == 0) {
            message = Message.empty(message.topic(), message.qos(), true);
        }
        List<Receiver> receivers = new ArrayList<>();
        for (int left = random.nextInt(5); left > 0; left--) {
            SessionStore to = faces.computeIfAbsent("c" + random.nextInt(4), store::session);
            int[] identifiers = random.ints(random.nextInt(3), 1, 300).toArray();
            receivers.add(new Receiver(
                    to, receivers.size(), QoS.ofLevel(1 + random.nextInt(2)), random.nextBoolean(), identifiers));
        }
        String from = "c" + random.nextInt(4);
        SessionStore publisher = faces.computeIfAbsent(from, store::session);
        int packetId = 1 + random.nextInt(5);
        boolean accepted = random.nextInt(4) == 0;
        StoredMessage stored = store.append(
                message,
                retained,
                receivers,
                accepted ? Optional.of(new Receipt(publisher, packetId)) : Optional.empty());
        if (accepted && publisher.isKept()) {
            model.sessions.get(from).accepted.add(packetId);
        }
        if (retained && message.payload().length == 0) {
            model.retained.remove(message.topic().name());
        } else if (retained) {
            model.retained.put(message.topic().name(), message.text());
        }
        for (Receiver each : receivers) {
            queue(stored, message, each);
        }
    }

    private void queue(StoredMessage stored, Message message, Receiver receiver) {
        if (!receiver.session().isKept()) {
            return;
        }
        Model.Copy copy = new Model.Copy(
                stored.position(),
                text(
                        message.text(),
                        message.qos().atMost(receiver.maximumQos()),
                        message.retain() && receiver.retainAsPublished(),
                        receiver.subscriptionIdentifiers()));
        copy.handle = stored.forReceiver(receiver.session(), receiver.copy()).orElseThrow();
        String clientId = faces.entrySet().stream()
                .filter(each -> each.getValue() == receiver.session())
                .map(Map.Entry::getKey)
                .collect(Collectors.joining());
        model.sessions.get(clientId).queue.add(copy);
    }

    private Message message(QoS qos, boolean retain) {
        String text = texts++ + " " + "x".repeat(random.nextInt(12) == 0 ? random.nextInt(3_000) : random.nextInt(200));
        return Message.of(Topic.of("t" + random.nextInt(3)), text.getBytes(StandardCharsets.UTF_8), qos, retain);
    }

    private void unretain() {
        String topic = "t" + random.nextInt(3);
        assertThat(store.unretain(Topic.of(topic)) != 0).isEqualTo(model.retained.remove(topic) != null);
    }

    private void send(SessionStore face, Model.Kept kept) {
        int packetId = 1 + random.nextInt(9);
        boolean free = kept.inFlight.stream().noneMatch(each -> each.packetId == packetId);
        if (free && !kept.queue.isEmpty()) {
            Model.Copy chosen = kept.queue.get(random.nextInt(kept.queue.size()));
            kept.queue.remove(chosen);
            assertThat(face.sent(chosen.handle, packetId)).isPositive();
            chosen.packetId = packetId;
            kept.inFlight.add(chosen);
        }
    }

    private void receive(SessionStore face, Model.Kept kept) {
        if (!kept.inFlight.isEmpty()) {
            Model.Copy chosen = kept.inFlight.get(random.nextInt(kept.inFlight.size()));
            chosen.received = true;
            assertThat(face.received(chosen.packetId)).isPositive();
        }
    }

    private void complete(SessionStore face, Model.Kept kept) {
        if (!kept.inFlight.isEmpty()) {
            Model.Copy chosen = kept.inFlight.remove(random.nextInt(kept.inFlight.size()));
            face.completed(chosen.packetId);
        }
    }

    private void drop(SessionStore face, Model.Kept kept) {
        if (!kept.queue.isEmpty()) {
            Model.Copy chosen = kept.queue.get(random.nextInt(kept.queue.size()));
            kept.queue.remove(chosen);
            face.dropped(chosen.handle);
        }
    }
}
