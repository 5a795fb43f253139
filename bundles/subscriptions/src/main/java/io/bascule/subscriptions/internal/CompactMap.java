/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions.internal;

import java.util.List;
import java.util.function.BiConsumer;

/**
 * A map that is never empty, small where it holds little, written by one thread at a time and iterated by any number without a lock. An
 * iteration sees the map as it was at one moment.
 *
 * <p>A change returns the map to be used from now on, which may be this one: {@link One} and {@link Few} are immutable and copied,
 * {@link Many} changes in place, for the cost of a copy would grow with every subscriber.
 */
abstract sealed class CompactMap<K, V> permits One, Few, Many {

    /** The map, null for an empty one, with this entry added or its value replaced. */
    static <K, V> CompactMap<K, V> with(CompactMap<K, V> map, K key, V value) {
        return map == null ? new One<>(key, value) : map.with(key, value);
    }

    /** The value of a key, null when there is none; for the writer. */
    abstract V get(K key);

    /** Adds an entry or replaces its value. */
    abstract CompactMap<K, V> with(K key, V value);

    /** Removes an entry that is there; null when none is left. */
    abstract CompactMap<K, V> without(K key);

    /** The values as they are now, immutable; for the writer. */
    abstract List<V> values();

    /** Calls the action for each value. The context is handed through, so that the action need not capture it: no garbage on a match. */
    abstract <C> void forEach(C context, BiConsumer<? super C, ? super V> action);
}
