/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions.internal;

import java.util.List;
import java.util.function.BiConsumer;

/** An immutable map of one entry. */
final class One<K, V> extends CompactMap<K, V> {
    private final K key;
    private final V value;

    One(K key, V value) {
        this.key = key;
        this.value = value;
    }

    K key() {
        return key;
    }

    V value() {
        return value;
    }

    @Override
    V get(K wanted) {
        return key.equals(wanted) ? value : null;
    }

    @Override
    CompactMap<K, V> with(K newKey, V newValue) {
        if (key.equals(newKey)) {
            return new One<>(key, newValue);
        }
        return new Few<>(new Object[] {key, newKey}, new Object[] {value, newValue});
    }

    @Override
    CompactMap<K, V> without(K present) {
        return null;
    }

    @Override
    List<V> values() {
        return List.of(value);
    }

    @Override
    <C> void forEach(C context, BiConsumer<? super C, ? super V> action) {
        action.accept(context, value);
    }
}
