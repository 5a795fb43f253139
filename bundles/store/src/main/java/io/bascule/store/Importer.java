/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.api.Store.Imported;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.spi.StoredMessage;
import io.bascule.store.codec.Copy;
import io.bascule.store.codec.MessageHead;
import io.bascule.store.log.Folder;
import io.bascule.store.log.SegmentedLog;
import io.bascule.store.transfer.Entry;
import io.bascule.store.transfer.EntryFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Appends what a file has to the store in a folder that nobody has open, all of it or nothing. */
final class Importer implements EntryFile.Target {
    private static final long GLANCE_MILLIS = 100;

    private final LogMessageStore store;
    private final Path file;
    private final boolean skipping;
    private final BooleanSupplier wanted;
    private final State state;
    private final SegmentedLog log;
    private final long now;
    private final Map<String, Target> targets = new HashMap<>();
    private long sessions;
    private long messages;
    private long retained;
    private long skippedSessions;
    private long skippedRetained;

    /** A session that is imported, and what of its messages is on its way. */
    private record Target(LogSession face, Entry.Session entry, Map<Integer, StoredMessage> sent) {}

    private record Receiving(Target target, Copy copy, int packetId) {}

    private Importer(LogMessageStore store, Path file, boolean skipping, BooleanSupplier wanted) {
        this.store = store;
        this.file = file;
        this.skipping = skipping;
        this.wanted = wanted;
        this.state = store.state();
        this.log = store.log();
        this.now = state.time().now();
    }

    /**
     * Imports it. Until it is complete the folder says that it is not, and the next opening takes back what there is of it.
     *
     * @param skipping whether what exists already stays as it is; otherwise nothing is imported where something does
     * @param wanted asked again and again
     */
    static Imported run(
            Folder folder,
            StoreSettings settings,
            StoreClock clock,
            Path file,
            boolean skipping,
            BooleanSupplier wanted)
            throws IOException {
        StoreSettings lean = new StoreSettings(settings.log(), 0);
        LogMessageStore store = LogMessageStore.prepare(folder, lean, clock, SegmentedLog::open, Compactor::new);
        Imported imported;
        try {
            check(store, file, skipping, wanted);
            imported = new Importer(store, file, skipping, wanted).run();
        } catch (Throwable e) {
            LogMessageStore.closeFor(e, store);
            throw e;
        }
        store.close();
        return imported;
    }

    /** @throws IOException which names what is wrong with the file, or what is in the store already unless that is skipped */
    static void check(LogMessageStore store, Path file, boolean skipping, BooleanSupplier wanted) throws IOException {
        EntryFile.read(file, new Check(store.state(), skipping), wanted);
    }

    private record Check(State state, boolean skipping) implements EntryFile.Target {
        @Override
        public void session(Entry.Session session) throws IOException {
            if (!skipping && exists(state, session)) {
                throw refused("session " + session.clientId());
            }
        }

        @Override
        public void message(Entry.Queued message) {}

        @Override
        public void retained(Entry.Retained message) throws IOException {
            if (!skipping && exists(state, message)) {
                throw refused("retained message of " + message.message().topic());
            }
        }

        private static IOException refused(String what) {
            return new IOException("the " + what + " exists already: delete it first, or skip what exists");
        }
    }

    private static boolean exists(State state, Entry.Session session) {
        synchronized (state) {
            return state.sessions().containsKey(session.clientId());
        }
    }

    private static boolean exists(State state, Entry.Retained message) {
        synchronized (state) {
            return state.isRetained(message.message().topic());
        }
    }

    private Imported run() throws IOException {
        log.beginProvisional();
        EntryFile.read(file, this, wanted);
        targets.values().forEach(this::send);
        await(written -> log.whenWritten(store.lastSequence(), written));
        stopUnlessWanted();
        log.keepProvisional();
        return new Imported(sessions, messages, retained, skippedSessions, skippedRetained);
    }

    @Override
    public void session(Entry.Session session) throws IOException {
        if (exists(state, session)) {
            skippedSessions++;
            return;
        }
        LogSession face = (LogSession) store.session(session.clientId());
        face.connected(session.terms());
        for (Subscription each : session.subscriptions()) {
            face.subscribed(each);
        }
        for (int each : session.accepted()) {
            face.accepted(each);
        }
        if (session.away().isPresent()) {
            face.disconnectedAt(ago(session.away().get()));
        }
        targets.put(session.clientId(), new Target(face, session, new HashMap<>()));
        sessions++;
        await(log::whenRelieved);
    }

    @Override
    public void message(Entry.Queued queued) throws IOException {
        List<Receiving> receiving = receiving(queued);
        if (receiving.isEmpty()) {
            return;
        }
        Receivers receivers = new Receivers(
                receiving.stream().map(Receiving::copy).toList(),
                receiving.stream().map(each -> each.target().face().session()).toList());
        StoredMessage stored = append(queued.message(), false, receivers, ago(queued.age()), queued.expiry());
        for (Receiving each : receiving) {
            if (each.packetId() != 0) {
                StoredMessage copy = stored.forReceiver(
                                each.target().face(), each.copy().copy())
                        .orElseThrow();
                each.target().sent().put(each.packetId(), copy);
            }
        }
        messages++;
        await(log::whenRelieved);
    }

    /** By session, then by copy. */
    private List<Receiving> receiving(Entry.Queued queued) {
        Map<Target, Integer> copies = new IdentityHashMap<>();
        List<Receiving> receiving = new ArrayList<>();
        for (Entry.Receiver each : queued.receivers()) {
            Target target = targets.get(each.clientId());
            if (target != null) {
                Copy copy = new Copy(
                        target.face().session().number(),
                        copies.merge(target, 1, Integer::sum) - 1,
                        each.qos(),
                        each.retain(),
                        each.subscriptionIdentifiers(),
                        0,
                        0,
                        false);
                receiving.add(new Receiving(target, copy, each.packetId()));
            }
        }
        receiving.sort(Comparator.comparingLong((Receiving each) -> each.copy().session())
                .thenComparingInt(each -> each.copy().copy()));
        return receiving;
    }

    @Override
    public void retained(Entry.Retained entry) throws IOException {
        if (exists(state, entry)) {
            skippedRetained++;
            return;
        }
        append(entry.message(), true, new Receivers(List.of(), List.of()), now, entry.expiry());
        retained++;
        await(log::whenRelieved);
    }

    private StoredMessage append(
            Message message, boolean asRetained, Receivers receivers, long appendedAt, OptionalLong expiry) {
        long deadline = expiry.isPresent() ? now + TimeUnit.SECONDS.toMillis(expiry.getAsLong()) : MessageHead.NEVER;
        MessageHead head =
                new MessageHead(0, appendedAt, deadline, message.sizeInBytes(), asRetained, 0, 0, receivers.copies());
        return store.append(message, head, receivers, null);
    }

    /** What is on its way is so in this order. */
    private void send(Target target) {
        for (Entry.InFlight each : target.entry().inFlight()) {
            target.face().sent(target.sent().get(each.packetId()), each.packetId());
            if (each.received()) {
                target.face().received(each.packetId());
            }
        }
    }

    private long ago(Duration time) {
        return Math.max(0, now - time.toMillis());
    }

    private void stopUnlessWanted() {
        if (!wanted.getAsBoolean()) {
            throw new CancellationException("nobody wants it any more");
        }
    }

    /** Waits for the log to do this, as long as that is wanted and the disk takes what is written. */
    private void await(Consumer<Runnable> when) throws IOException {
        CountDownLatch done = new CountDownLatch(1);
        when.accept(done::countDown);
        try {
            while (!done.await(GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
                stopUnlessWanted();
                if (log.failure().isPresent()) {
                    throw new IOException(
                            "the disk does not take it: " + log.failure().get().getMessage());
                }
            }
        } catch (InterruptedException e) {
            throw new CancellationException("interrupted");
        }
    }
}
