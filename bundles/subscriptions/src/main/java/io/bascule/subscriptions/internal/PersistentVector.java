/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions.internal;

import java.util.AbstractList;
import java.util.Collection;
import java.util.RandomAccess;
import java.util.function.BiConsumer;

/**
 * An immutable list of which changed copies share all but a few small arrays: a change costs O(log n), with 32 as the base of the
 * logarithm, and iteration is a walk over arrays. Elements hang in a tree of arrays of 32, all leaves at the same depth.
 */
final class PersistentVector<E> extends AbstractList<E> implements RandomAccess {
    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;
    private static final int MASK = WIDTH - 1;
    private static final PersistentVector<?> EMPTY = new PersistentVector<>(new Object[WIDTH], 0, 0);

    private final Object[] root;
    /** By how many bits an index is shifted to find its slot in the root; 0 when the root is a leaf. */
    private final int shift;

    private final int size;

    private PersistentVector(Object[] root, int shift, int size) {
        this.root = root;
        this.shift = shift;
        this.size = size;
    }

    static <E> PersistentVector<E> copyOf(Collection<? extends E> elements) {
        @SuppressWarnings("unchecked") // holds no element
        PersistentVector<E> vector = (PersistentVector<E>) EMPTY;
        for (E element : elements) {
            vector = vector.plus(element);
        }
        return vector;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    @SuppressWarnings("unchecked") // only elements are put into leaves
    public E get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("index " + index + " of " + size);
        }
        return (E) leafOf(index)[index & MASK];
    }

    @SuppressWarnings("unchecked") // only elements are put into leaves
    <C> void forEach(C context, BiConsumer<? super C, ? super E> action) {
        for (int base = 0; base < size; base += WIDTH) {
            Object[] leaf = leafOf(base);
            int count = Math.min(WIDTH, size - base);
            for (int i = 0; i < count; i++) {
                action.accept(context, (E) leaf[i]);
            }
        }
    }

    /** A copy with another element at this index. */
    PersistentVector<E> with(int index, E element) {
        return new PersistentVector<>(written(root, shift, index, element), shift, size);
    }

    /** A copy with an element more at the end. */
    PersistentVector<E> plus(E element) {
        if (size < WIDTH << shift) {
            return new PersistentVector<>(written(root, shift, size, element), shift, size + 1);
        }
        Object[] higher = new Object[WIDTH];
        higher[0] = root;
        return new PersistentVector<>(written(higher, shift + BITS, size, element), shift + BITS, size + 1);
    }

    /** A copy without the last element, and without the arrays that become empty by that. */
    PersistentVector<E> minusLast() {
        int last = size - 1;
        if (shift > 0 && last == 1 << shift) {
            return new PersistentVector<>((Object[]) root[0], shift - BITS, last);
        }
        Object[] copy = root.clone();
        Object[] parent = copy;
        int level = shift;
        // Goes down until the last element is the first below its slot, which then goes as a whole.
        while ((last & ((1 << level) - 1)) != 0) {
            int slot = (last >>> level) & MASK;
            Object[] child = ((Object[]) parent[slot]).clone();
            parent[slot] = child;
            parent = child;
            level -= BITS;
        }
        parent[(last >>> level) & MASK] = null;
        return new PersistentVector<>(copy, shift, last);
    }

    private Object[] leafOf(int index) {
        Object[] node = root;
        for (int level = shift; level > 0; level -= BITS) {
            node = (Object[]) node[(index >>> level) & MASK];
        }
        return node;
    }

    /** A copy of the arrays on the way to an index, missing ones made, with the element at its end. */
    private static Object[] written(Object[] root, int shift, int index, Object element) {
        Object[] copy = root.clone();
        Object[] parent = copy;
        for (int level = shift; level > 0; level -= BITS) {
            int slot = (index >>> level) & MASK;
            Object[] child = (Object[]) parent[slot];
            child = child == null ? new Object[WIDTH] : child.clone();
            parent[slot] = child;
            parent = child;
        }
        parent[index & MASK] = element;
        return copy;
    }
}
