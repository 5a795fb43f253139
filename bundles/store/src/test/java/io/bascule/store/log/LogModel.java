/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** Lives through random operations with a log, and knows what it must and what it may have afterwards. */
final class LogModel implements LogListener {
    private static final int SEGMENT_BYTES = 2_048;
    private static final int MOST_ATTEMPTS = 1_000;

    private final SimulatedFolder folder;
    private final Durability durability;
    private final SplittableRandom random;
    /** What was appended and not deleted for sure, by sequence. */
    private final NavigableMap<Long, byte[]> appended = new TreeMap<>();
    /** What may be gone, since its deletion was under way. */
    private final NavigableMap<Long, byte[]> deleting = new TreeMap<>();

    /** What must be there: it was acknowledged, or replayed, on which others may have acted. */
    private final Set<Long> promised = new TreeSet<>();

    private long acknowledged;
    private boolean disordered;
    private boolean badDisk;

    LogModel(SimulatedFolder folder, Durability durability, SplittableRandom random) {
        this.folder = folder;
        this.durability = durability;
        this.random = random;
    }

    @Override
    public void failed(IOException reason) {}

    @Override
    public void recovered() {}

    /** From opening to the end. Whether that was a power cut. */
    boolean live() throws IOException {
        folder.powerFor(random.nextInt(4) == 0 ? random.nextInt(30) : 30 + random.nextInt(150));
        if (random.nextInt(20) == 0) {
            folder.failing(0.1);
            badDisk = true;
        }
        try {
            SegmentedLog log = open();
            int operations = 1 + random.nextInt(25);
            for (int i = 0; i < operations && !folder.isOff(); i++) {
                operate(log);
            }
            log.committer().end();
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("no power|bad disk");
        }
        if (random.nextInt(8) == 0) {
            folder.kill();
            return false;
        }
        folder.cut();
        return true;
    }

    /** Opens it once more, with nothing in its way. */
    void check() throws IOException {
        folder.powerFor(Long.MAX_VALUE);
        folder.failing(0);
        open();
    }

    private SegmentedLog open() throws IOException {
        NavigableMap<Long, byte[]> replayed = new TreeMap<>();
        SegmentedLog log = SegmentedLog.prepare(
                folder,
                new LogSettings(durability, SEGMENT_BYTES, 1 << 20),
                (sequence, type, payload) -> {
                    assertThat(replayed.isEmpty() || replayed.lastKey() < sequence)
                            .as("order at %s", sequence)
                            .isTrue();
                    byte[] bytes = new byte[payload.remaining()];
                    payload.get(bytes);
                    assertThat(type).isEqualTo((byte) bytes.length);
                    replayed.put(sequence, bytes);
                },
                this);
        if (!badDisk) {
            assertThat(log.recovery().quarantined()).isEmpty();
        }
        compare(replayed);
        return log;
    }

    private void compare(NavigableMap<Long, byte[]> replayed) {
        assertThat(disordered).as("acknowledged out of order").isFalse();
        replayed.forEach((sequence, payload) -> {
            byte[] expected = appended.getOrDefault(sequence, deleting.get(sequence));
            assertThat(expected)
                    .as("record %s, which nobody appended or which was deleted", sequence)
                    .isNotNull();
            assertThat(payload).as("record %s", sequence).isEqualTo(expected);
        });
        promised.retainAll(appended.keySet());
        assertThat(replayed.keySet()).as("what was promised").containsAll(promised);
        appended.keySet().retainAll(replayed.keySet());
        deleting.keySet().retainAll(replayed.keySet());
        appended.putAll(deleting);
        deleting.clear();
        acknowledged = 0;
        if (!folder.forgets()) { // otherwise no force that works says anything of what an earlier process wrote
            promised.addAll(replayed.keySet());
        }
    }

    private void operate(SegmentedLog log) throws IOException {
        switch (random.nextInt(8)) {
            case 0 -> delete(log);
            case 1 -> read(log);
            default -> append(log);
        }
    }

    private void append(SegmentedLog log) {
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            byte[] payload = new byte[random.nextInt(10) == 0 ? random.nextInt(3_000) : random.nextInt(300)];
            random.nextBytes(payload);
            long sequence = log.append((byte) payload.length, ByteBuffer.wrap(payload));
            appended.put(sequence, payload);
            log.whenDurable(sequence, () -> acknowledge(sequence));
        }
        if (random.nextInt(4) > 0) {
            boolean pending = true;
            for (int attempts = 0; pending && !folder.isOff(); attempts++) {
                assertThat(attempts).as("attempts to commit").isLessThan(MOST_ATTEMPTS);
                pending = log.committer().attempt() != 0;
            }
        }
    }

    private void acknowledge(long sequence) {
        disordered |= sequence <= acknowledged;
        acknowledged = sequence;
        promised.add(sequence);
    }

    private void delete(SegmentedLog log) throws IOException {
        List<SegmentInfo> segments = log.segments();
        if (segments.size() < 2) {
            return;
        }
        SegmentInfo segment = segments.get(random.nextInt(segments.size() - 1));
        NavigableMap<Long, byte[]> gone = appended.subMap(segment.firstSequence(), true, segment.nextSequence(), false);
        deleting.putAll(gone);
        gone.clear();
        try {
            log.delete(segment.number());
            deleting.subMap(segment.firstSequence(), true, segment.nextSequence(), false)
                    .clear();
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("no power|bad disk");
        }
    }

    private void read(SegmentedLog log) throws IOException {
        if (!appended.isEmpty()) {
            Long from = appended.ceilingKey(random.nextLong(appended.lastKey()) + 1);
            assertThat(log.read(from).payload()).isEqualTo(appended.get(from));
        }
    }
}
