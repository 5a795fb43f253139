/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.SessionOptions.Overlap;
import io.bascule.api.StoreVerification;
import io.bascule.itests.statements.Cve;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.spi.MessageStore.Receiver;
import io.bascule.spi.SessionStore;
import io.bascule.spi.SessionTerms;
import io.bascule.store.log.DiskFolder;
import io.bascule.store.log.Eventually;
import io.bascule.store.log.LogListener;
import io.bascule.store.log.SegmentedLog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store reads again what it has, and tells what it cannot read. */
@Timeout(60)
class VerificationTest {
    private static final int MESSAGES = 3_600;

    @TempDir
    private Path data;

    private Path folder;
    private StoreConfig config;
    private OperatorStore operators;
    private LogMessageStore store;
    private SessionStore session;

    @BeforeEach
    void fill() throws IOException {
        config = StoreConfig.read(Map.of("segment.bytes", "1MiB"), data);
        folder = config.folder();
        operators = new OperatorStore(config, null);
        open();
        session = store.session("a");
        session.connected(new SessionTerms(100, Optional.empty(), Optional.empty(), Overlap.ONE_COPY));
        for (int i = 0; i < MESSAGES; i++) {
            append(i, i % 100 == 0);
        }
    }

    private void open() throws IOException {
        store = LogMessageStore.open(DiskFolder.open(folder), config.settings());
        store.restore(new Restored());
        operators.opened(store);
    }

    private void append(int i, boolean retained) {
        Receiver receiver = new Receiver(session, 0, QoS.AT_LEAST_ONCE, false, new int[0]);
        Message message = Message.of("t/" + i, "x".repeat(1_000)).withQos(QoS.AT_LEAST_ONCE);
        store.append(message, retained, List.of(receiver), Optional.empty());
    }

    @AfterEach
    void close() throws IOException {
        operators.close();
        if (store != null) {
            store.close();
        }
    }

    private void closeStore() throws IOException {
        operators.closed(store);
        store.close();
        store = null;
    }

    private void awaitSafe() {
        Eventually.is(() -> store.isDurable(store.lastSequence()));
    }

    @Test
    void countsWhatTheOpenStoreHas() throws Exception {
        awaitSafe();
        StoreVerification found = operators.verify().get();

        assertThat(found.folder()).isEqualTo(folder.toString());
        assertThat(found.records()).isEqualTo(store.lastSequence());
        assertThat(found.sessions()).isOne();
        assertThat(found.retained()).isEqualTo(MESSAGES / 100);
        assertThat(found.queued()).isEqualTo(MESSAGES);
        assertThat(found.segments()).isEqualTo(store.log().segments().size());
        assertThat(found.bytes()).isEqualTo(store.bytesOnDisk());
        assertThat(found.unfinishedBytes()).isZero();
        assertThat(found.damages()).isEmpty();
    }

    @Test
    @Cve("Mosquitto #3702")
    void readsWhileItIsWrittenAndCompacted() throws Exception {
        Thread writing = new Thread(() -> {
            for (int i = 0; !Thread.interrupted() && i < 200_000; i++) {
                append(i, false);
                if (i % 50 == 0) {
                    session.end();
                    session = store.session("a");
                    session.connected(new SessionTerms(100, Optional.empty(), Optional.empty(), Overlap.ONE_COPY));
                }
            }
        });
        writing.start();
        try {
            Eventually.is(() -> store.figures().compaction().deletedSegments() > 2);
            for (int i = 0; i < 20; i++) {
                assertThat(operators.verify().get().damages()).isEmpty();
            }
        } finally {
            writing.interrupt();
            writing.join();
        }
    }

    @Test
    void tellsWhereTheOpenStoreIsDamaged() throws Exception {
        awaitSafe();
        long offset = flip(file(2), 500_000);

        StoreVerification found = operators.verify().get();
        assertThat(found.damaged()).isOne();
        assertThat(found.damages().get(0).file())
                .isEqualTo(file(2).getFileName().toString());
        assertThat(found.damages().get(0).offset()).isBetween(offset - 1_200, offset);
        assertThat(found.damages().get(0).reason()).contains("there is no whole record", "bytes cannot be read");
        assertThat(found.records()).isLessThan(store.lastSequence());
    }

    @Test
    void readsAClosedFolderAndChangesNothing() throws Exception {
        closeStore();
        flip(file(3), 10);
        flip(file(2), 500_000);
        Path last = folder.resolve(files().keySet().stream()
                .filter(name -> name.endsWith(".log"))
                .reduce((one, next) -> next)
                .orElseThrow());
        try (RandomAccessFile open = new RandomAccessFile(last.toFile(), "rw")) {
            open.setLength(open.length() - 3);
        }
        Map<String, String> before = files();

        StoreVerification found = operators.verify(folder).get();
        assertThat(found.damages()).extracting(StoreVerification.Damage::file).containsExactly(name(2), name(3));
        assertThat(found.damages().get(1).offset()).isZero();
        assertThat(found.damages().get(1).reason()).contains("no header");
        assertThat(found.unfinishedBytes()).isPositive();
        assertThat(found.queued()).isBetween(1L, MESSAGES - 1L);
        assertThat(files()).isEqualTo(before);
        assertThat(System.getProperties().stringPropertyNames())
                .noneMatch(name -> name.equals("io.bascule.store.lock " + folder));
    }

    @Test
    void readsACopyWithoutALock() throws Exception {
        closeStore();
        Path copy = Files.createDirectory(data.resolve("copy"));
        List<String> names =
                files().keySet().stream().filter(name -> name.endsWith(".log")).toList();
        for (String name : names) {
            Files.copy(folder.resolve(name), copy.resolve(name));
        }
        assertThat(operators.verify(copy).get().queued()).isEqualTo(MESSAGES);
        try (Stream<Path> files = Files.list(copy)) {
            assertThat(files).hasSameSizeAs(names);
        }
    }

    @Test
    void tellsWhichRecordsItDoesNotUnderstand() throws Exception {
        Path other = data.resolve("other");
        try (SegmentedLog log = SegmentedLog.open(
                DiskFolder.open(other), config.settings().log(), (sequence, type, payload) -> {}, new Listening())) {
            log.append((byte) 99, ByteBuffer.wrap(new byte[] {1}));
            log.append((byte) 9, ByteBuffer.wrap(new byte[] {1, 0, 0, 0, 5, 0, 1, 'a', 1, 9}));
            log.append((byte) 1, ByteBuffer.wrap(new byte[] {1, 0, 0}));
        }

        StoreVerification found = operators.verify(other).get();
        assertThat(found.records()).isEqualTo(3);
        assertThat(found.damages()).hasSize(2);
        assertThat(found.damages().get(0).offset()).isEqualTo(32);
        assertThat(found.damages().get(0).reason()).contains("record 1 of the store cannot be read", "newer release");
        assertThat(found.damages().get(1).reason())
                .contains("record 2 of the store cannot be read", "unknown property");
    }

    @Test
    void refusesWhatItCannotRead() throws Exception {
        assertThatThrownBy(() -> operators.verify(folder).get()).hasMessageContaining("is in use by process");
        assertThatThrownBy(() -> operators.verify(data.resolve("none")).get())
                .hasMessageContaining("there is no folder");
        closeStore();
        assertThatThrownBy(() -> operators.verify().get())
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("the store is not open: its broker has let it go");
        operators.close();
        assertThatThrownBy(() -> operators.verify(folder).get()).hasMessageContaining("the store is being stopped");
    }

    @Test
    void doesOneThingAtATimeAndEndsIt() throws Exception {
        for (int i = 0; i < 100; i++) {
            CompletableFuture<StoreVerification> first = operators.verify();
            CompletableFuture<StoreVerification> second = operators.verify();
            if (second.isCompletedExceptionally() && !first.isDone()) {
                assertThatThrownBy(second::get).hasMessageContaining("another verification of the store is under way");
                first.cancel(true);
                Eventually.is(() -> {
                    CompletableFuture<StoreVerification> next = operators.verify();
                    return !next.isCompletedExceptionally();
                });
                return;
            }
            Eventually.is(() -> first.isDone() && second.isDone());
        }
        throw new AssertionError("it was never seen at work");
    }

    /** Changes a byte at about this place. */
    private static long flip(Path file, long offset) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(offset);
            int before = open.read();
            open.seek(offset);
            open.write(before ^ 1);
        }
        return offset;
    }

    private Path file(int number) {
        return folder.resolve(name(number));
    }

    private static String name(int number) {
        return String.format("%020d.log", number);
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.toList()) {
                FileTime changed = Files.getLastModifiedTime(each);
                found.put(each.getFileName().toString(), changed + " " + Files.size(each));
            }
        }
        return found;
    }

    private static final class Listening implements LogListener {
        @Override
        public void failed(IOException reason) {}

        @Override
        public void recovered() {}
    }
}
