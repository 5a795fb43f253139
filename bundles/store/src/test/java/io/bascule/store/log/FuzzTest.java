/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is done to a file of a log: it opens with records that are right, and says what lacks; or it refuses. */
@Timeout(120)
class FuzzTest {
    private static final int SPLICES = 100_000;
    private static final LogSettings SETTINGS = new LogSettings(Durability.FSYNC, 1_024, 1 << 20);
    private static final long SEED = Long.getLong("log.seed", System.nanoTime());

    private final NavigableMap<Long, byte[]> records = new TreeMap<>();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private Map<String, byte[]> files;
    private List<String> names;
    private long firstOfLast;

    @BeforeEach
    void writeLog() throws IOException {
        SimulatedFolder folder = new SimulatedFolder(random.split());
        SegmentedLog log = SegmentedLog.prepare(folder, SETTINGS, (sequence, type, payload) -> {}, new Noted());
        while (log.segments().size() < 3 || records.size() % 10 > 0) {
            byte[] payload = new byte[random.nextInt(100)];
            random.nextBytes(payload);
            records.put(log.append((byte) payload.length, ByteBuffer.wrap(payload)), payload);
            log.committer().attempt();
        }
        List<SegmentInfo> segments = log.segments();
        firstOfLast = segments.get(segments.size() - 1).firstSequence();
        files = folder.files();
        names = List.copyOf(files.keySet());
    }

    @Test
    void survivesEveryFlippedBit() throws IOException {
        for (String name : names) {
            byte[] bytes = files.get(name).clone();
            for (int bit = 0; bit < 8 * bytes.length; bit++) {
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
                check(name, bytes, "bit " + bit);
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
            }
        }
    }

    @Test
    void survivesEveryCut() throws IOException {
        for (String name : names) {
            for (int length = 0; length < files.get(name).length; length++) {
                check(name, Arrays.copyOf(files.get(name), length), "cut at " + length);
            }
        }
    }

    @Test
    void survivesSplices() throws IOException {
        for (int i = 0; i < SPLICES; i++) {
            String name = names.get(random.nextInt(names.size()));
            byte[] bytes = files.get(name).clone();
            for (int splices = 1 + random.nextInt(3); splices > 0; splices--) {
                bytes = splice(bytes);
            }
            check(name, bytes, "splice " + i + " of seed " + SEED);
        }
    }

    /** Puts some of a file, zeros or rubbish into or over a file; or takes some of it out. */
    private byte[] splice(byte[] into) {
        byte[] source = files.get(names.get(random.nextInt(names.size())));
        int from = random.nextInt(source.length);
        byte[] piece = Arrays.copyOfRange(source, from, from + random.nextInt(Math.min(200, source.length - from) + 1));
        switch (random.nextInt(4)) {
            case 0 -> piece = new byte[piece.length];
            case 1 -> random.nextBytes(piece);
            default -> {}
        }
        int at = random.nextInt(into.length + 1);
        int rest = Math.min(into.length, at + (random.nextBoolean() ? piece.length : random.nextInt(200)));
        ByteBuffer spliced = ByteBuffer.allocate(at + piece.length + into.length - rest);
        spliced.put(into, 0, at).put(piece).put(into, rest, into.length - rest);
        return spliced.array();
    }

    /** The control: with a CRC to match, a wrong record is a record. */
    @Test
    void wouldSeeAWrongRecord() {
        byte[] bytes = files.get(names.get(0)).clone();
        int record = SegmentHeader.SIZE;
        bytes[record + 8] ^= 1;
        int length = ByteBuffer.wrap(bytes).getInt(record);
        CRC32C crc = new CRC32C();
        crc.update(bytes, record, 4);
        crc.update(bytes, record + 8, 9 + length);
        ByteBuffer.wrap(bytes).putInt(record + 4, (int) crc.getValue());

        assertThatThrownBy(() -> check(names.get(0), bytes, "")).isInstanceOf(AssertionError.class);
    }

    /** The control: a segment that is gone without a trace is seen to lack. */
    @Test
    void wouldSeeWhatLacks() {
        files.remove(names.get(1));

        assertThatThrownBy(() -> check(names.get(0), files.get(names.get(0)), ""))
                .isInstanceOf(AssertionError.class);
    }

    /** What was found is found again, with what is appended behind it. */
    @Test
    void goesOnAfterDamage() throws IOException {
        for (int i = 0; i < SPLICES / 10; i++) {
            String name = names.get(random.nextInt(names.size()));
            SimulatedFolder folder = damaged(name, splice(files.get(name)));
            List<Long> found = new ArrayList<>();
            SegmentedLog log = SegmentedLog.prepare(
                    folder, SETTINGS, (sequence, type, payload) -> found.add(sequence), new Noted());
            int damages = log.recovery().quarantined().size();
            found.add(log.append((byte) 1, ByteBuffer.allocate(10)));
            assertThat(log.committer().attempt()).isZero();
            log.committer().end();
            folder.cut();
            List<Long> again = new ArrayList<>();
            log = SegmentedLog.prepare(folder, SETTINGS, (sequence, type, payload) -> again.add(sequence), new Noted());

            assertThat(again)
                    .as("splice %s of seed %s", i, SEED)
                    .isEqualTo(found)
                    .isSorted();
            assertThat(log.recovery().quarantined()).hasSize(damages);
            for (long sequence : found) {
                assertThat(log.read(sequence)).isNotNull();
            }
        }
    }

    private SimulatedFolder damaged(String name, byte[] content) {
        Map<String, byte[]> damaged = new TreeMap<>(files);
        damaged.put(name, content);
        return SimulatedFolder.of(damaged);
    }

    private void check(String name, byte[] content, String what) throws IOException {
        List<Long> replayed = new ArrayList<>();
        Opening opening = new Opening(damaged(name, content), (sequence, type, payload) -> {
            byte[] expected = records.get(sequence);
            boolean right = expected != null
                    && type == (byte) expected.length
                    && payload.equals(ByteBuffer.wrap(expected))
                    && (replayed.isEmpty() || replayed.get(replayed.size() - 1) < sequence);
            if (!right) {
                throw new AssertionError("wrong record " + sequence + " of " + name + " with " + what);
            }
            replayed.add(sequence);
        });
        opening.run();
        if (replayed.size() < records.size() && opening.recovery().quarantined().isEmpty()) {
            List<Long> whole = List.copyOf(records.keySet());
            assertThat(replayed)
                    .as("without quarantine, only the end of the last segment may lack; %s with %s", name, what)
                    .isEqualTo(whole.subList(0, replayed.size()))
                    .hasSizeGreaterThanOrEqualTo((int) firstOfLast - 1);
        }
    }
}
