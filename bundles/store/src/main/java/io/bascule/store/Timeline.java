/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import java.util.OptionalLong;

/**
 * About when, in log time, which record was written: to a 250th of the time that it spans, since it is of bounded size. Guarded
 * by the lock of the {@link State}.
 */
final class Timeline {
    private static final int MOST = 512;

    private final long[] sequences = new long[MOST];
    private final long[] millis = new long[MOST];
    private int size;
    private long gapMillis;

    /** The next in the order of the log. */
    void add(long sequence, long atMillis) {
        if (size == MOST) {
            thin();
        }
        if (size == 0 || atMillis - millis[size - 1] >= gapMillis) {
            sequences[size] = sequence;
            millis[size++] = atMillis;
        }
    }

    private void thin() {
        gapMillis = Math.max(1, (millis[MOST - 1] - millis[0]) / (MOST / 2));
        size = 1;
        for (int i = 1; i < MOST; i++) {
            if (millis[i] - millis[size - 1] >= gapMillis) {
                keep(i, size++);
            }
        }
    }

    /** The log has nothing before this record any more. */
    void forgetBefore(long sequence) {
        int first = 0;
        while (first + 1 < size && sequences[first + 1] <= sequence) {
            first++;
        }
        size -= first;
        for (int i = 0; i < size; i++) {
            keep(first + i, i);
        }
    }

    private void keep(int from, int to) {
        sequences[to] = sequences[from];
        millis[to] = millis[from];
    }

    /** When the first record that is not forgotten was written, or shortly before. */
    OptionalLong first() {
        return size == 0 ? OptionalLong.empty() : OptionalLong.of(millis[0]);
    }
}
