/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions.internal;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/** An immutable map of a few entries: two arrays, searched from the front, copied on every change. */
final class Few<K, V> extends CompactMap<K, V> {
    /** Up to here copying both arrays is cheaper than an index. */
    static final int MAX_SIZE = 16;

    private final Object[] keys;
    private final Object[] values;

    Few(Object[] keys, Object[] values) {
        this.keys = keys;
        this.values = values;
    }

    @Override
    V get(K key) {
        int index = indexOf(key);
        return index < 0 ? null : valueAt(index);
    }

    @Override
    CompactMap<K, V> with(K key, V value) {
        int index = indexOf(key);
        if (index >= 0) {
            Object[] replaced = values.clone();
            replaced[index] = value;
            return new Few<>(keys, replaced);
        }
        int size = keys.length;
        Object[] moreKeys = Arrays.copyOf(keys, size + 1);
        Object[] moreValues = Arrays.copyOf(values, size + 1);
        moreKeys[size] = key;
        moreValues[size] = value;
        return size < MAX_SIZE ? new Few<>(moreKeys, moreValues) : new Many<>(moreKeys, moreValues);
    }

    @Override
    CompactMap<K, V> without(K key) {
        int index = indexOf(key);
        if (keys.length == 2) {
            return new One<>(keyAt(1 - index), valueAt(1 - index));
        }
        return new Few<>(without(keys, index), without(values, index));
    }

    @Override
    List<V> values() {
        @SuppressWarnings("unchecked") // only values are in it
        List<V> list = (List<V>) List.of(values);
        return list;
    }

    @Override
    <C> void forEach(C context, BiConsumer<? super C, ? super V> action) {
        for (int i = 0; i < values.length; i++) {
            action.accept(context, valueAt(i));
        }
    }

    private int indexOf(K key) {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i].equals(key)) {
                return i;
            }
        }
        return -1;
    }

    private static Object[] without(Object[] array, int index) {
        Object[] less = Arrays.copyOf(array, array.length - 1);
        System.arraycopy(array, index + 1, less, index, less.length - index);
        return less;
    }

    @SuppressWarnings("unchecked") // only keys are in it
    private K keyAt(int index) {
        return (K) keys[index];
    }

    @SuppressWarnings("unchecked") // only values are in it
    private V valueAt(int index) {
        return (V) values[index];
    }
}
