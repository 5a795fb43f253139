/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.util.Arrays;

/**
 * Where some of the records of a segment begin: one for about every {@value #STEP} bytes, so that what it takes on the heap
 * is a five-hundredth of the disk, whatever the records are. A record begins less than a step behind the one found for it.
 */
final class SparseIndex {
    /** In bytes. */
    static final int STEP = 4096;

    private long[] sequences = new long[16];
    private int[] positions = new int[16];
    private int size;

    /** The next record in order, which may be left out. */
    void add(long sequence, long position) {
        if (size > 0 && position < positions[size - 1] + (long) STEP) {
            return;
        }
        if (size == sequences.length) {
            sequences = Arrays.copyOf(sequences, 2 * size);
            positions = Arrays.copyOf(positions, 2 * size);
        }
        sequences[size] = sequence;
        positions[size++] = Math.toIntExact(position);
    }

    /** The last entry at or before this sequence, which is not before the first. */
    int find(long sequence) {
        int found = Arrays.binarySearch(sequences, 0, size, sequence);
        return found >= 0 ? found : -found - 2;
    }

    long sequence(int entry) {
        return sequences[entry];
    }

    int position(int entry) {
        return positions[entry];
    }
}
