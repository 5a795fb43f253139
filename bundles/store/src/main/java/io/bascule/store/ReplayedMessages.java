/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.store.codec.Copy;
import java.util.List;

/**
 * The messages of a log that is replayed, by number, with what of them is needed only until they are handed over. A table without an
 * object for each entry, since there may be millions.
 */
final class ReplayedMessages {
    private static final int FIRST = 1 << 10;

    private Replayed[] table = new Replayed[FIRST];
    private int size;

    /** A message, when it was appended in log time, and how it is to be delivered to whom. */
    record Replayed(LogMessage message, long appendedAt, List<Copy> copies) {}

    /** This one from now on, in place of one with the same number. */
    void put(Replayed one) {
        if (2 * size >= table.length) {
            grow();
        }
        int slot = slot(table, one.message().number());
        size += table[slot] == null ? 1 : 0;
        table[slot] = one;
    }

    /** Null where it is not known. */
    Replayed get(long number) {
        return table[slot(table, number)];
    }

    /** Leaves out those that are over. */
    private void grow() {
        int live = 0;
        for (Replayed each : table) {
            live += each != null && each.message().isLive() ? 1 : 0;
        }
        Replayed[] larger = new Replayed[Math.max(FIRST, Integer.highestOneBit(4 * live + 1))];
        for (Replayed each : table) {
            if (each != null && each.message().isLive()) {
                larger[slot(larger, each.message().number())] = each;
            }
        }
        table = larger;
        size = live;
    }

    private static int slot(Replayed[] in, long number) {
        int mask = in.length - 1;
        int slot = Long.hashCode(number * 0x9E37_79B9_7F4A_7C15L) & mask;
        while (in[slot] != null && in[slot].message().number() != number) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
