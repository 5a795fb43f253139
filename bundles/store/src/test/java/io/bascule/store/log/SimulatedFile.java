/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** What is in a file of a {@link SimulatedFolder}: as programs see it, and as the disk has it. */
final class SimulatedFile {
    private static final int SECTOR = 512;

    private final Bytes seen = new Bytes();
    private final Bytes onDisk = new Bytes();
    private final List<Change> unsynced = new ArrayList<>();

    /** A write, or a cut where there are no bytes. */
    private record Change(int position, byte[] bytes) {
        void apply(Bytes to) {
            if (bytes == null) {
                to.truncate(position);
            } else {
                to.write(position, bytes);
            }
        }

        List<Change> sectors() {
            List<Change> sectors = new ArrayList<>();
            for (int at = position; at < position + bytes.length; ) {
                int end = Math.min((at / SECTOR + 1) * SECTOR, position + bytes.length);
                sectors.add(new Change(at, Arrays.copyOfRange(bytes, at - position, end - position)));
                at = end;
            }
            return sectors;
        }
    }

    private static final class Bytes {
        private byte[] bytes = new byte[0];

        void write(int position, byte[] more) {
            if (position + more.length > bytes.length) {
                bytes = Arrays.copyOf(bytes, position + more.length);
            }
            System.arraycopy(more, 0, bytes, position, more.length);
        }

        void truncate(int size) {
            if (size < bytes.length) {
                bytes = Arrays.copyOf(bytes, size);
            }
        }
    }

    static SimulatedFile of(byte[] content) {
        SimulatedFile file = new SimulatedFile();
        file.write(0, content);
        file.force();
        return file;
    }

    byte[] content() {
        return seen.bytes;
    }

    void write(int position, byte[] bytes) {
        change(new Change(position, bytes));
    }

    void truncate(int size) {
        change(new Change(size, null));
    }

    private void change(Change change) {
        change.apply(seen);
        unsynced.add(change);
    }

    void force() {
        unsynced.forEach(change -> change.apply(onDisk));
        unsynced.clear();
    }

    /** Some of what was written gets to the disk, and the system forgets that the rest did not: no later force writes it. */
    void failForce(SplittableRandom random) {
        while (!unsynced.isEmpty()) {
            Change change = unsynced.get(0);
            if (change.bytes == null) {
                if (random.nextBoolean()) {
                    return; // metadata is not forgotten
                }
                change.apply(onDisk);
            } else {
                change.sectors().stream()
                        .filter(sector -> random.nextBoolean())
                        .forEach(sector -> sector.apply(onDisk));
            }
            unsynced.remove(0);
        }
    }

    /** Whether programs see what is not on disk, and never will be. */
    boolean forgets() {
        Bytes forced = new Bytes();
        forced.bytes = onDisk.bytes.clone();
        unsynced.forEach(change -> change.apply(forced));
        return !Arrays.equals(forced.bytes, seen.bytes);
    }

    /** Loses what was not forced, all or some of it by sectors; what is left in between is zeros or rubbish. */
    void cut(SplittableRandom random) {
        double kept = random.nextInt(3) / 2.0;
        for (Change change : unsynced) {
            if (change.bytes == null) {
                if (random.nextDouble() < kept) {
                    change.apply(onDisk);
                }
                continue;
            }
            for (Change sector : change.sectors()) {
                if (random.nextDouble() < kept) {
                    sector.apply(onDisk);
                } else if (sector.position >= onDisk.bytes.length && random.nextInt(4) == 0) {
                    random.nextBytes(sector.bytes);
                    sector.apply(onDisk);
                }
            }
        }
        unsynced.clear();
        seen.bytes = onDisk.bytes.clone();
    }
}
