/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SegmentedLogTest {
    private static final byte TYPE = 7;
    private static final LogSettings SETTINGS = new LogSettings(Durability.FSYNC, 4_096, 1 << 20);

    private final SimulatedFolder folder = new SimulatedFolder(new SplittableRandom(1));
    private final Noted noted = new Noted();
    private final List<String> replayed = new ArrayList<>();
    private SegmentedLog log;

    @AfterEach
    void closeLog() throws IOException {
        folder.refuseToForce(false);
        folder.room(Long.MAX_VALUE);
        if (log != null) {
            log.close();
        }
    }

    @Test
    void replaysWhatWasAppended() throws Exception {
        open(SETTINGS);
        appendAll("a", "", "c");
        reopen();

        assertThat(replayed).containsExactly("1 a", "2 ", "3 c");
        assertThat(log.recovery()).isEqualTo(new Recovery(3, 0, List.of()));
        assertThat(append("d")).isEqualTo(4);
    }

    @Test
    void readsWhatIsPendingAndWhatIsSafe() throws Exception {
        open(SETTINGS);
        List<String> texts = numbered(500);
        appendAll(texts.toArray(String[]::new));
        assertReads(texts);
        folder.refuseToForce(true);
        append("pending");
        assertThat(text(log.read(501))).isEqualTo("pending");
        folder.refuseToForce(false);
        reopen();
        assertReads(texts);

        assertThat(log.segments()).hasSizeGreaterThan(2);
        assertThatThrownBy(() -> log.read(502)).isInstanceOf(IOException.class).hasMessageContaining("502");
        assertThatThrownBy(() -> log.read(0)).isInstanceOf(IOException.class);
    }

    @Test
    void readsALongRecord() throws Exception {
        open(SETTINGS);
        String text = "x".repeat(3 << 20);
        appendAll("a", text, "b");
        assertReads(List.of("a", text, "b"));
        reopen();

        assertReads(List.of("a", text, "b"));
        assertThat(replayed).containsExactly("1 a", "2 " + text, "3 b");
    }

    @Test
    void refusesToReadADamagedRecord() throws Exception {
        open(SETTINGS);
        appendAll("a", "b");
        try (LogFile file = folder.open(SegmentName.of(1))) {
            file.write(ByteBuffer.wrap(new byte[] {'x'}), SegmentHeader.SIZE + RecordFormat.OVERHEAD);
        }

        assertThatThrownBy(() -> log.read(1)).isInstanceOf(IOException.class).hasMessageContaining("damaged");
        assertThat(text(log.read(2))).isEqualTo("b");
    }

    @Test
    void doesActionsInLogOrder() throws Exception {
        open(SETTINGS);
        folder.refuseToForce(true);
        List<Integer> done = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        List<Long> sequences = numbered(20).stream()
                .map(this::append)
                .sorted(Collections.reverseOrder())
                .toList();
        sequences.forEach(sequence -> log.whenDurable(sequence, () -> {
            done.add(sequence.intValue());
            threads.add(Thread.currentThread());
        }));
        assertThat(done).isEmpty();
        folder.refuseToForce(false);
        awaitDurable(20);

        assertThat(done).isEqualTo(IntStream.rangeClosed(1, 20).boxed().toList());
        assertThat(threads).allMatch(thread -> thread.getName().equals("bascule-store"));
        Eventually.is(() -> {
            List<Thread> here = new ArrayList<>();
            log.whenDurable(20, () -> here.add(Thread.currentThread()));
            return here.equals(List.of(Thread.currentThread()));
        });
    }

    @Test
    void outlivesWhatAnActionDoes() throws Exception {
        open(SETTINGS);
        CountDownLatch told = new CountDownLatch(1);
        log.whenDurable(1, () -> {
            Thread.currentThread().interrupt();
            Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> told.countDown());
            throw new IllegalStateException("an action's own");
        });
        appendAll("a");
        assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
        appendAll("b");

        assertThat(noted.events()).isEmpty();
    }

    @Test
    void keepsTheOrderOfEveryThread() throws Exception {
        open(new LogSettings(Durability.FSYNC, 64 << 10, 1 << 20));
        int each = 5_000;
        List<Thread> threads = IntStream.range(0, 8)
                .mapToObj(number -> new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        append(number + " " + i);
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        awaitDurable(8 * each);
        reopen();

        assertThat(replayed).hasSize(8 * each);
        for (int number = 0; number < 8; number++) {
            String prefix = " " + number + " ";
            List<Integer> order = replayed.stream()
                    .filter(record -> record.contains(prefix) && record.indexOf(prefix) == record.indexOf(' '))
                    .map(record -> Integer.valueOf(record.substring(record.lastIndexOf(' ') + 1)))
                    .toList();
            assertThat(order).isEqualTo(IntStream.range(0, each).boxed().toList());
        }
    }

    @Test
    void acknowledgesNothingThatIsNotForced() throws Exception {
        open(SETTINGS);
        appendAll("a", "b");
        folder.refuseToForce(true);
        List<Long> done = Collections.synchronizedList(new ArrayList<>());
        LongStream.rangeClosed(3, 6).forEach(sequence -> {
            assertThat(append("w" + sequence)).isEqualTo(sequence);
            log.whenDurable(sequence, () -> done.add(sequence));
        });
        Eventually.is(() -> folder.forces() > 8);

        assertThat(noted.events()).containsExactly("Input/output error");
        assertThat(log.failure()).isPresent();
        assertThat(done).isEmpty();
        assertThat(text(log.read(1))).isEqualTo("a");
        assertThat(text(log.read(4))).isEqualTo("w4");

        folder.refuseToForce(false);
        awaitDurable(6);
        Eventually.is(() -> noted.events().equals(List.of("Input/output error", "recovered")));
        assertThat(log.failure()).isEmpty();
        assertThat(done).containsExactly(3L, 4L, 5L, 6L);
        assertThat(log.segments()).hasSize(2);
        folder.cut();
        log.close();
        reopen();
        assertThat(replayed).containsExactly("1 a", "2 b", "3 w3", "4 w4", "5 w5", "6 w6");
        assertThat(log.recovery().quarantined()).isEmpty();
    }

    @Test
    void worksAgainWhenThereIsRoom() throws Exception {
        open(SETTINGS);
        appendAll("a");
        folder.room(50);
        numbered(100).forEach(this::append);
        Eventually.is(() -> noted.events().equals(List.of("No space left on device")));
        assertThat(text(log.read(1))).isEqualTo("a");
        folder.room(Long.MAX_VALUE);
        awaitDurable(101);
        reopen();

        assertThat(replayed).hasSize(101).startsWith("1 a", "2 0").endsWith("101 99");
    }

    @Test
    void opensWhileTheDiskIsFull() throws Exception {
        open(SETTINGS);
        appendAll("a", "b");
        log.close();
        folder.room(0);
        open(SETTINGS);
        assertThat(replayed).containsExactly("1 a", "2 b");
        assertThat(text(log.read(2))).isEqualTo("b");
        append("c");
        Eventually.is(() -> noted.events().size() == 1);
        folder.room(Long.MAX_VALUE);
        awaitDurable(3);
    }

    @Test
    void groupsWhileTheDiskIsSlow() throws Exception {
        open(new LogSettings(Durability.FSYNC, 1 << 20, 1_000));
        appendAll("a");
        int before = folder.forces();
        folder.forceTakes(Duration.ofMillis(500).toNanos());
        for (int i = 0; i < 1_000; i++) {
            append("0123456789");
        }
        assertThat(log.isCongested()).isTrue();
        CountDownLatch relieved = new CountDownLatch(1);
        log.whenRelieved(relieved::countDown);
        assertThat(relieved.getCount()).isOne();
        awaitDurable(1_001);

        assertThat(folder.forces() - before).isLessThanOrEqualTo(4);
        assertThat(relieved.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(log.isCongested()).isFalse();
        assertThat(noted.events()).isEmpty();
    }

    @Test
    void acknowledgesAtOnceInMemory() throws Exception {
        open(new LogSettings(Durability.MEMORY, 4_096, 1 << 20));
        folder.room(0);
        List<String> done = new ArrayList<>();
        log.whenDurable(append("a"), () -> done.add("a"));
        assertThat(done).containsExactly("a");
        folder.room(Long.MAX_VALUE);
        reopen();

        assertThat(replayed).containsExactly("1 a");
    }

    @Test
    void deletesSegmentsButTheLast() throws Exception {
        open(SETTINGS);
        appendAll(numbered(500).toArray(String[]::new));
        List<SegmentInfo> segments = log.segments();
        SegmentInfo last = segments.get(segments.size() - 1);
        assertThatThrownBy(() -> log.delete(last.number())).isInstanceOf(IllegalArgumentException.class);
        for (SegmentInfo segment : segments.subList(0, segments.size() - 1)) {
            assertThat(segment.bytes()).isLessThanOrEqualTo(4_096);
            log.delete(segment.number());
        }
        assertThatThrownBy(() -> log.read(1)).isInstanceOf(IOException.class);
        reopen();

        assertThat(replayed.get(0)).startsWith(last.firstSequence() + " ");
        assertThat(replayed).hasSize((int) (last.nextSequence() - last.firstSequence()));
        assertThat(append("next")).isEqualTo(501);
    }

    @Test
    void quarantinesADamagedSegment() throws Exception {
        open(SETTINGS);
        appendAll(numbered(500).toArray(String[]::new));
        SegmentInfo second = log.segments().get(1);
        log.close();
        Map<String, byte[]> files = folder.files();
        files.get(SegmentName.of(2))[1_000] ^= 1;
        log = SegmentedLog.open(SimulatedFolder.of(files), SETTINGS, this::note, noted);

        assertThat(log.recovery().quarantined()).hasSize(1);
        Recovery.Quarantined found = log.recovery().quarantined().get(0);
        assertThat(found.file()).isEqualTo("00000000000000000002.quarantined");
        assertThat(found.unreadableBytes()).isPositive();
        assertThat(replayed).hasSize((int) (500 - (second.nextSequence() - second.firstSequence()) + found.records()));
        assertThat(text(log.read(second.firstSequence()))).isEqualTo("" + (second.firstSequence() - 1));
        assertThat(append("more")).isEqualTo(501);
    }

    @Test
    void keepsTheFileOfADamagedSegment() throws Exception {
        open(SETTINGS);
        appendAll(numbered(500).toArray(String[]::new));
        log.close();
        Map<String, byte[]> files = folder.files();
        files.get(SegmentName.of(1))[1_000] ^= 1;
        byte[] evidence = files.get(SegmentName.of(1)).clone();
        SimulatedFolder damaged = SimulatedFolder.of(files);
        SegmentedLog.open(damaged, SETTINGS, this::note, noted).close();
        log = SegmentedLog.open(damaged, SETTINGS, this::note, noted);
        assertThat(log.recovery().quarantined()).hasSize(1);
        log.delete(1);
        log.close();
        log = SegmentedLog.open(damaged, SETTINGS, this::note, noted);

        assertThat(log.recovery().quarantined()).isEmpty();
        assertThat(damaged.files().get("00000000000000000001.damaged")).isEqualTo(evidence);
    }

    @Test
    void cutsOffWhatWasBeingWritten() throws Exception {
        open(SETTINGS);
        appendAll("a", "b");
        log.close();
        Map<String, byte[]> files = folder.files();
        byte[] whole = files.get(SegmentName.of(1));
        files.put(SegmentName.of(1), Arrays.copyOf(whole, whole.length - 1));
        files.put(SegmentName.of(2), new byte[10]);
        SimulatedFolder torn = SimulatedFolder.of(files);
        log = SegmentedLog.open(torn, SETTINGS, this::note, noted);

        assertThat(replayed).containsExactly("1 a");
        assertThat(log.recovery().truncatedBytes()).isEqualTo(RecordFormat.OVERHEAD + 10);
        assertThat(log.recovery().quarantined()).isEmpty();
        assertThat(append("c")).isEqualTo(2);
        awaitDurable(2);
        assertThat(log.segments()).hasSize(2);
    }

    @Test
    void refusesANewerFormat() throws Exception {
        ByteBuffer header = new SegmentHeader(1, 1).encode().putInt(8, 2);
        CRC32C crc = new CRC32C();
        crc.update(header.array(), 0, SegmentHeader.SIZE - 4);
        header.putInt(SegmentHeader.SIZE - 4, (int) crc.getValue());
        SimulatedFolder newer = SimulatedFolder.of(Map.of(SegmentName.of(1), header.array()));

        assertThatThrownBy(() -> SegmentedLog.open(newer, SETTINGS, this::note, noted))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "00000000000000000001.log is of version 2 of the format, and this release reads version 1 only");
        newer.lock().close();
    }

    @Test
    void refusesFilesOfTwoLogs() {
        SimulatedFolder mixed = SimulatedFolder.of(Map.of(
                SegmentName.of(1), new SegmentHeader(1, 100).encode().array(),
                SegmentName.of(2), new SegmentHeader(2, 50).encode().array()));

        assertThatThrownBy(() -> SegmentedLog.open(mixed, SETTINGS, this::note, noted))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("two logs");
    }

    @Test
    void savesWhatIsPendingWhenItCloses() throws Exception {
        open(SETTINGS);
        numbered(1_000).forEach(this::append);
        log.close();
        log.close();
        assertThatThrownBy(() -> append("late")).isInstanceOf(IllegalStateException.class);
        open(SETTINGS);

        assertThat(replayed).hasSize(1_000);
    }

    @Test
    void closesWhileTheDiskRefuses() throws Exception {
        open(SETTINGS);
        folder.refuseToForce(true);
        append("a");
        Eventually.is(() -> noted.events().size() == 1);
        long start = System.nanoTime();
        assertThatThrownBy(log::close).isInstanceOf(IOException.class).hasMessageContaining("not saved");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        folder.refuseToForce(false);
        open(SETTINGS);
    }

    @Test
    void closesWhileTheDiskHangs() throws Exception {
        open(SETTINGS);
        folder.forceTakes(Duration.ofSeconds(8).toNanos());
        append("a");
        assertThatThrownBy(log::close).isInstanceOf(IOException.class).hasMessageContaining("not saved");
        assertThatThrownBy(() -> open(SETTINGS)).isInstanceOf(IOException.class).hasMessage("in use");
        folder.forceTakes(0);
        SegmentedLog late = log;
        Eventually.is(() -> {
            try {
                late.close();
                return true;
            } catch (IOException e) {
                return false;
            }
        });
        open(SETTINGS);

        assertThat(replayed).containsExactly("1 a");
    }

    private void open(LogSettings settings) throws IOException {
        replayed.clear();
        log = SegmentedLog.open(folder, settings, this::note, noted);
    }

    private void reopen() throws IOException {
        log.close();
        open(SETTINGS);
    }

    private void note(long sequence, byte type, ByteBuffer payload) {
        assertThat(type).isEqualTo(TYPE);
        replayed.add(sequence + " " + StandardCharsets.UTF_8.decode(payload));
    }

    private long append(String text) {
        return log.append(TYPE, StandardCharsets.UTF_8.encode(text));
    }

    private void appendAll(String... texts) throws InterruptedException {
        long last = 0;
        for (String text : texts) {
            last = append(text);
        }
        awaitDurable(last);
    }

    private void awaitDurable(long sequence) throws InterruptedException {
        CountDownLatch durable = new CountDownLatch(1);
        log.whenDurable(sequence, durable::countDown);
        assertThat(durable.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private void assertReads(List<String> texts) throws IOException {
        for (int i = 0; i < texts.size(); i++) {
            assertThat(text(log.read(i + 1))).isEqualTo(texts.get(i));
        }
    }

    private static String text(StoredRecord record) {
        return new String(record.payload(), StandardCharsets.UTF_8);
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
