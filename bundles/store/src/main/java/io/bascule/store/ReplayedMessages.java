/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

/** The messages of a log that is replayed, by number. A table without an object for each entry, since there may be millions. */
final class ReplayedMessages {
    private static final int FIRST = 1 << 10;
    private static final int NEIGHBOURS = 3; // 2^3 of them

    private Replayed[] table = new Replayed[FIRST];
    private int size;

    /** One whose number is not known; of those that are known it is not asked, which would cost more than all the rest. */
    void add(Replayed one) {
        if (2 * size >= table.length) {
            grow();
        }
        put(table, one);
        size++;
    }

    /** This one from now on, in place of one with the same number, where that is known. */
    void replace(Replayed one) {
        int slot = find(one.number());
        if (table[slot] == null) {
            add(one);
        } else {
            table[slot] = one;
        }
    }

    /** Null where it is not known. */
    Replayed get(long number) {
        return table[find(number)];
    }

    /** Leaves out those that are over. */
    private void grow() {
        int live = 0;
        for (Replayed each : table) {
            live += each != null && each.isLive() ? 1 : 0;
        }
        Replayed[] larger = new Replayed[Math.max(FIRST, Integer.highestOneBit(4 * live + 1))];
        for (Replayed each : table) {
            if (each != null && each.isLive()) {
                put(larger, each);
            }
        }
        table = larger;
        size = live;
    }

    private static void put(Replayed[] into, Replayed one) {
        int slot = first(into, one.number());
        while (into[slot] != null) {
            slot = slot + 1 & into.length - 1;
        }
        into[slot] = one;
    }

    private int find(long number) {
        int slot = first(table, number);
        while (table[slot] != null && table[slot].number() != number) {
            slot = slot + 1 & table.length - 1;
        }
        return slot;
    }

    /** Neighbours are mostly asked for one after the other: some of them share a line of the processor's cache. */
    private static int first(Replayed[] in, long number) {
        int neighbours = Long.hashCode((number >>> NEIGHBOURS) * 0x9E37_79B9_7F4A_7C15L) << NEIGHBOURS;
        return (neighbours | (int) number & (1 << NEIGHBOURS) - 1) & in.length - 1;
    }
}
