/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.api.Store.Exported;
import io.bascule.api.StoreFigures;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import io.bascule.spi.MessageStore;
import io.bascule.spi.Restoration;
import io.bascule.spi.SessionStore;
import io.bascule.spi.StoredMessage;
import io.bascule.store.codec.Encoder;
import io.bascule.store.codec.MessageHead;
import io.bascule.store.log.Folder;
import io.bascule.store.log.LogListener;
import io.bascule.store.log.LogSettings;
import io.bascule.store.log.Replay;
import io.bascule.store.log.SegmentedLog;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store over a {@link SegmentedLog}. It has three threads: the log's committer, one that compacts and one that reads messages back; on
 * others it waits for the disk only while it is opened and closed.
 */
public final class LogMessageStore implements MessageStore, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(LogMessageStore.class);

    /** Compaction is to see it when this part of a segment has come or gone. */
    private static final int PARTS = 8;

    private static final long CLOSING_MILLIS = 2_000;

    private final StoreSettings settings;
    private final State state;
    private final SegmentedLog log;
    private final Compactor compactor;
    private final Reader reader;
    private final Thread compaction;
    /** Null when it has handed over what it replayed. */
    private Replayer replayer;

    /** How the log is opened. */
    interface Opener {
        SegmentedLog open(Folder folder, LogSettings settings, Replay replay, LogListener listener) throws IOException;
    }

    /** How it is compacted. */
    interface Compacting {
        Compactor compact(State state, SegmentedLog log, long segmentBytes);
    }

    private LogMessageStore(
            StoreSettings settings, State state, SegmentedLog log, Compactor compactor, Replayer replayer) {
        this.settings = settings;
        this.state = state;
        this.log = log;
        this.compactor = compactor;
        this.replayer = replayer;
        this.reader = new Reader(state, log);
        this.compaction = new Thread(compactor, "bascule-store-compaction");
        compaction.setDaemon(true);
    }

    /**
     * Opens the store in this folder, which is its own until it is closed, and reads what it has.
     *
     * @throws IOException when the folder is in use, what it has is damaged or of a newer release, or the disk refuses
     */
    public static LogMessageStore open(Folder folder, StoreSettings settings) throws IOException {
        return open(folder, settings, StoreClock.SYSTEM);
    }

    static LogMessageStore open(Folder folder, StoreSettings settings, StoreClock clock) throws IOException {
        LogMessageStore store = prepare(folder, settings, clock, SegmentedLog::open, Compactor::new);
        try {
            store.compaction.start();
        } catch (Throwable e) { // there are too many threads
            closeFor(e, store);
            throw e;
        }
        return store;
    }

    /** One that is compacted when somebody calls {@link Compactor#step}. */
    static LogMessageStore prepare(
            Folder folder, StoreSettings settings, StoreClock clock, Opener opener, Compacting compacting)
            throws IOException {
        LogTime time = new LogTime(clock);
        State state = new State(time, settings.heapBytes());
        Replayer replayer = new Replayer(state);
        SegmentedLog log = open(folder, settings.log(), replayer, opener);
        try {
            replayer.finish();
            time.start();
            long segmentBytes = settings.log().segmentBytes();
            Compactor compactor = compacting.compact(state, log, segmentBytes);
            state.start(log, compactor::nudge, Math.max(1, segmentBytes / PARTS));
            synchronized (state) {
                state.appendTick();
            }
            return new LogMessageStore(settings, state, log, compactor, replayer);
        } catch (Throwable e) {
            closeFor(e, log);
            throw e;
        }
    }

    /** So that it can be opened again. */
    static void closeFor(Throwable reason, Closeable opened) {
        try {
            opened.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private static SegmentedLog open(Folder folder, LogSettings settings, Replayer replayer, Opener opener)
            throws IOException {
        SegmentedLog log;
        try {
            log = opener.open(folder, settings, replayer, new Logging());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        log.recovery()
                .quarantined()
                .forEach(each -> LOG.error(
                        "{} of the store is damaged: {} records of it are in use, {} bytes cannot be read",
                        each.file(),
                        each.records(),
                        each.unreadableBytes()));
        return log;
    }

    @Override
    public void restore(Restoration into) {
        new Restorer(state, replayer).restore(into);
        replayer = null;
        compactor.nudge();
    }

    @Override
    public SessionStore session(String clientId) {
        synchronized (state) {
            KeptSession known = state.sessions().get(clientId);
            return new LogSession(state, known != null ? known : new KeptSession(state, clientId));
        }
    }

    @Override
    public StoredMessage append(
            Message message, boolean retained, List<Receiver> receivers, Optional<Receipt> receipt) {
        Receivers kept = Receivers.of(message, receivers);
        KeptSession publisher = receipt.map(Receipt::publisher)
                .filter(SessionStore::isKept)
                .map(session -> ((LogSession) session).session())
                .orElse(null);
        boolean alone = kept.isEmpty() && publisher == null;
        if (alone && !retained) {
            return new Transient(message);
        }
        MessageHead head = new MessageHead(
                0,
                state.time().now(),
                Messages.deadline(message, state.time()),
                message.sizeInBytes(),
                retained,
                publisher == null ? 0 : publisher.number(),
                publisher == null ? 0 : receipt.get().packetId(),
                kept.copies());
        if (alone && message.payload().length == 0 && !isRetained(message.topic())) {
            return new Transient(message);
        }
        return append(message, head, kept, publisher);
    }

    private boolean isRetained(Topic topic) {
        synchronized (state) {
            return state.isRetained(topic);
        }
    }

    /**
     * Appends a message of which all is known.
     *
     * @param publisher who is to release its Packet Identifier, or null
     */
    StoredMessage append(Message message, MessageHead head, Receivers receivers, KeptSession publisher) {
        Encoder record = Messages.encode(head, message); // not under the lock: it may be long
        synchronized (state) {
            return new Appending(state, message, head).append(record, receivers, publisher);
        }
    }

    @Override
    public long unretain(Topic topic) {
        synchronized (state) {
            return state.isRetained(topic) ? state.appendUnretained(topic) : 0;
        }
    }

    @Override
    public boolean isDurable(long position) {
        return log.isDurable(position);
    }

    @Override
    public void whenDurable(long position, Runnable action) {
        log.whenDurable(position, action);
    }

    @Override
    public void read(List<StoredMessage> messages, Consumer<List<Optional<Message>>> then) {
        reader.read(messages, then);
    }

    @Override
    public boolean isCongested() {
        return log.isCongested();
    }

    @Override
    public void whenRelieved(Runnable action) {
        log.whenRelieved(action);
    }

    @Override
    public long keptBytes() {
        return state.live().bytes();
    }

    @Override
    public long limitBytes() {
        return settings.limitBytes();
    }

    @Override
    public Optional<String> failure() {
        return log.failure().map(Throwable::getMessage);
    }

    @Override
    public long bytesOnDisk() {
        return log.bytes();
    }

    /** How it stands. Waits for no disk. */
    StoreFigures figures() {
        return Figures.of(state, log, compactor);
    }

    /** Makes something of what it has. */
    interface Reading<T> {
        T of(Contents contents) throws IOException;
    }

    /**
     * Reads again what is safe when this is called, while it goes on. Every record that the contents know of can be read from the log until
     * this returns.
     *
     * @param wanted asked again and again
     * @throws java.util.concurrent.CancellationException when that says no
     */
    <T> T read(BooleanSupplier wanted, Reading<T> reading) throws IOException {
        Closeable hold = compactor.hold();
        try {
            return reading.of(Contents.read(replay -> log.scan(replay, wanted)));
        } finally {
            hold.close();
        }
    }

    /** Writes what is safe when this is called; like {@link #read}. */
    Exported export(Writer to, BooleanSupplier wanted) throws IOException {
        return read(wanted, contents -> new Exporter(contents, log, state.time().now(), wanted).write(to));
    }

    /** What is live and what the disk has, in bytes. */
    record Usage(long live, long disk) {}

    Usage usage() {
        synchronized (state) {
            return new Usage(state.live().bytes(), log.bytes());
        }
    }

    long lastSequence() {
        synchronized (state) {
            return state.lastSequence();
        }
    }

    State state() {
        return state;
    }

    SegmentedLog log() {
        return log;
    }

    Reader reader() {
        return reader;
    }

    Compactor compactor() {
        return compactor;
    }

    /**
     * Makes safe what is not, and gives back folder and threads. When the disk does not answer it returns after some seconds.
     *
     * @throws IOException when something is left that is not safe
     */
    @Override
    public void close() throws IOException {
        compactor.close();
        reader.close();
        sayThatItEnds();
        try {
            TimeUnit.MILLISECONDS.timedJoin(compaction, CLOSING_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        log.close();
    }

    private void sayThatItEnds() {
        try {
            synchronized (state) {
                long now = state.time().now();
                for (KeptSession each : state.sessions().values()) {
                    if (each.isAttached()) {
                        new LogSession(state, each).disconnectedAt(now);
                    }
                }
                state.appendTick();
            }
        } catch (IllegalStateException e) {
            LOG.debug("The log is closed already", e);
        }
    }

    /** Says in the framework's log how the disk does. */
    private static final class Logging implements LogListener {
        @Override
        public void failed(IOException reason) {
            LOG.error("Nothing is acknowledged until the disk takes it: {}", reason.getMessage());
        }

        @Override
        public void recovered() {
            LOG.info("The disk takes what is written again");
        }
    }
}
