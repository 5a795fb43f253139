/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/**
 * The nodes below a node: one for {@code +}, one for {@code #}, and an open-addressed table of the others, keyed by their first level.
 *
 * <p>One writer at a time, any number of readers without a lock. An entry never moves within a table: what is removed leaves a mark, and a
 * table that must grow or shrink is copied, not rearranged, so that a reader finds every entry that stays, in whichever table it holds.
 */
final class Children<K, V> {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Node[].class);
    private static final Node<?, ?> REMOVED = new Node<>(new byte[0], 0);
    /** Holds nothing and never has room; shared by all who have wildcards only. */
    private static final Node<?, ?>[] NO_SLOTS = new Node<?, ?>[1];

    /** The length is a power of two, and at least one slot is empty, so that every search ends. */
    private final Node<K, V>[] slots;
    /** The length less one. Here, because a search need not wait then for the array's header to find its slot. */
    private final int mask;

    // Writer only.
    private int named;
    private int removed;

    private volatile Node<K, V> plus;
    private volatile Node<K, V> hash;

    @SuppressWarnings("unchecked") // an array of nodes that only ever holds this tree's
    private Children(int expected) {
        slots = (Node<K, V>[]) (expected == 0 ? NO_SLOTS : new Node<?, ?>[capacityFor(expected)]);
        mask = slots.length - 1;
    }

    static <K, V> Children<K, V> of(Node<K, V> child) {
        return new Children<K, V>(0).with(child);
    }

    /** The node for {@code +}, perhaps with more levels behind it; null when there is none. */
    Node<K, V> plus() {
        return plus;
    }

    /** The node for {@code #}; null when there is none. */
    Node<K, V> hash() {
        return hash;
    }

    /** Whether there may be nodes besides those of the wildcards. */
    boolean hasNamed() {
        return mask > 0;
    }

    /** The node whose first level, hashed to this, stands at this position of the text; null when there is none. */
    Node<K, V> find(int levelHash, byte[] text, int from) {
        for (int i = levelHash & mask; ; i = (i + 1) & mask) {
            Node<K, V> node = slot(i);
            if (node == null) {
                return null;
            }
            if (node.hash == levelHash && node != REMOVED && Labels.sameFirstLevel(node.label, text, from)) {
                return node;
            }
        }
    }

    /** Hands over all nodes; for the writer. */
    void forEach(Consumer<Node<K, V>> taker) {
        if (plus != null) {
            taker.accept(plus);
        }
        if (hash != null) {
            taker.accept(hash);
        }
        for (int i = 0; i <= mask; i++) {
            Node<K, V> node = slot(i);
            if (node != null && node != REMOVED) {
                taker.accept(node);
            }
        }
    }

    /** How many nodes; for the writer. */
    int count() {
        return named + (plus == null ? 0 : 1) + (hash == null ? 0 : 1);
    }

    /** Any of the nodes; for the writer, and of use where {@link #count} is 1. */
    Node<K, V> any() {
        if (plus != null) {
            return plus;
        }
        if (hash != null) {
            return hash;
        }
        int i = 0;
        while (slot(i) == null || slot(i) == REMOVED) {
            i++;
        }
        return slot(i);
    }

    /** Adds a node whose first level is not there yet; returns what is to be used from now on. */
    Children<K, V> with(Node<K, V> child) {
        if (isPlus(child)) {
            plus = child;
        } else if (isHash(child)) {
            hash = child;
        } else if ((named + removed + 1) * 2L > slots.length) {
            Children<K, V> larger = resized(named + 1);
            larger.insert(child);
            return larger;
        } else {
            insert(child);
        }
        return this;
    }

    /** Puts a node in the place of one with the same first level. */
    void replace(Node<K, V> old, Node<K, V> by) {
        if (isPlus(old)) {
            plus = by;
        } else if (isHash(old)) {
            hash = by;
        } else {
            SLOT.setRelease(slots, indexOf(old), by);
        }
    }

    /** Removes a node that is there; returns what is to be used from now on, null when nothing is left. */
    Children<K, V> without(Node<K, V> child) {
        if (isPlus(child)) {
            plus = null;
        } else if (isHash(child)) {
            hash = null;
        } else {
            SLOT.setRelease(slots, indexOf(child), REMOVED);
            named--;
            removed++;
        }
        if (count() == 0) {
            return null;
        }
        return named * 8L < slots.length && hasNamed() ? resized(named) : this;
    }

    private Children<K, V> resized(int expected) {
        Children<K, V> copy = new Children<>(expected);
        copy.plus = plus;
        copy.hash = hash;
        for (Node<K, V> node : slots) {
            if (node != null && node != REMOVED) {
                copy.insert(node);
            }
        }
        return copy;
    }

    private void insert(Node<K, V> child) {
        int i = child.hash & mask;
        while (slot(i) != null && slot(i) != REMOVED) {
            i = (i + 1) & mask;
        }
        if (slot(i) == REMOVED) {
            removed--;
        }
        named++;
        SLOT.setRelease(slots, i, child);
    }

    private int indexOf(Node<K, V> child) {
        int i = child.hash & mask;
        while (slot(i) != child) {
            i = (i + 1) & mask;
        }
        return i;
    }

    @SuppressWarnings("unchecked") // the array holds nothing else
    private Node<K, V> slot(int index) {
        return (Node<K, V>) SLOT.getAcquire(slots, index);
    }

    /**
     * A table is kept at most half full, for each entry met in vain is a miss of the cache, and starts at most a third full, so that it
     * stays for a while.
     */
    private static int capacityFor(int expected) {
        return Integer.highestOneBit(expected * 3 - 1) * 2;
    }

    private static boolean isPlus(Node<?, ?> node) {
        return Labels.startsWithPlus(node.label, 0);
    }

    private static boolean isHash(Node<?, ?> node) {
        return Labels.startsWithHash(node.label, 0);
    }
}
