/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A map of many entries, of which readers see the values alone: an immutable list, replaced at every change. Where a key's value stands
 * in that list is the writer's knowledge.
 */
final class Many<K, V> extends CompactMap<K, V> {
    /** Well below {@link Few#MAX_SIZE}, so that one subscriber who comes and goes does not have the map rebuilt each time. */
    private static final int MIN_SIZE = Few.MAX_SIZE / 2;

    private final Map<K, Integer> positions;
    /** By position, to know whose value moves when a gap is filled. */
    private final List<K> keys;

    private volatile PersistentVector<V> values;

    @SuppressWarnings("unchecked") // the arrays are those of a Few of the same types
    Many(Object[] keys, Object[] values) {
        this.keys = new ArrayList<>((List<K>) Arrays.asList(keys));
        this.values = PersistentVector.copyOf((List<V>) Arrays.asList(values));
        this.positions = new HashMap<>();
        for (int i = 0; i < keys.length; i++) {
            positions.put(this.keys.get(i), i);
        }
    }

    @Override
    V get(K key) {
        Integer position = positions.get(key);
        return position == null ? null : values.get(position);
    }

    @Override
    CompactMap<K, V> with(K key, V value) {
        Integer position = positions.putIfAbsent(key, keys.size());
        if (position == null) {
            keys.add(key);
            values = values.plus(value);
        } else {
            values = values.with(position, value);
        }
        return this;
    }

    /** The last entry fills the gap. */
    @Override
    CompactMap<K, V> without(K key) {
        int gap = positions.remove(key);
        int last = keys.size() - 1;
        K lastKey = keys.remove(last);
        PersistentVector<V> shorter = values.minusLast();
        if (gap < last) {
            keys.set(gap, lastKey);
            positions.put(lastKey, gap);
            shorter = shorter.with(gap, values.get(last));
        }
        values = shorter;
        return last <= MIN_SIZE ? new Few<>(keys.toArray(), shorter.toArray()) : this;
    }

    @Override
    List<V> values() {
        return values;
    }

    @Override
    <C> void forEach(C context, BiConsumer<? super C, ? super V> action) {
        values.forEach(context, action);
    }
}
