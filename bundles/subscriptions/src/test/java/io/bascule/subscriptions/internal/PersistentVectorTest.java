/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentVectorTest {

    /** Around the sizes at which the tree of arrays gets a level more: 32 and 32 * 32. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 33, 63, 64, 65, 1_023, 1_024, 1_025, 1_056, 1_057, 32_768, 32_769, 40_000})
    void holdsItsElementsInOrder(int size) {
        List<Integer> elements = IntStream.range(0, size).boxed().toList();

        PersistentVector<Integer> vector = PersistentVector.copyOf(elements);

        assertThat(vector).isEqualTo(elements);
        assertThat(iterated(vector)).isEqualTo(elements);
        assertThatThrownBy(() -> vector.get(size)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> vector.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shrinksThroughAllSizesAndGrowsAgain() {
        int most = 1_100;
        PersistentVector<Integer> vector =
                PersistentVector.copyOf(IntStream.range(0, most).boxed().toList());

        for (int size = most - 1; size >= 0; size--) {
            vector = vector.minusLast();
            assertThat(vector).hasSize(size);
            if (size > 0) {
                assertThat(vector.get(size - 1)).isEqualTo(size - 1);
                assertThat(vector.get(0)).isZero();
            }
        }
        for (int i = 0; i < most; i++) {
            vector = vector.plus(-i);
        }
        assertThat(vector).isEqualTo(IntStream.range(0, most).mapToObj(i -> -i).toList());
    }

    @Test
    void leavesTheOriginalAsItWas() {
        List<Integer> elements = IntStream.range(0, 1_025).boxed().toList();
        PersistentVector<Integer> vector = PersistentVector.copyOf(elements);

        PersistentVector<Integer> changed = vector.with(0, -1).with(1_024, -2).plus(-3);

        assertThat(changed).startsWith(-1, 1, 2).endsWith(1_023, -2, -3);
        assertThat(vector.minusLast()).hasSize(1_024);
        assertThat(vector).isEqualTo(elements);
    }

    private static <E> List<E> iterated(PersistentVector<E> vector) {
        List<E> elements = new ArrayList<>();
        vector.forEach(elements, List::add);
        return elements;
    }
}
