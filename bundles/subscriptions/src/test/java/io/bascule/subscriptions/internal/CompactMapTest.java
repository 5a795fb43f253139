/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CompactMapTest {

    /** Keys put, or removed where they are negative. */
    @Property(tries = 300)
    void doesWhatAMapDoes(@ForAll @Size(max = 200) List<@IntRange(min = -40, max = 60) Integer> changes) {
        Map<Integer, String> expected = new HashMap<>();
        CompactMap<Integer, String> map = null;
        int number = 0;
        for (int change : changes) {
            int key = Math.abs(change);
            if (change >= 0) {
                String value = key + "#" + ++number;
                map = CompactMap.with(map, key, value);
                expected.put(key, value);
            } else if (expected.remove(key) != null) {
                map = map.without(key);
            }
            assertSame(map, expected, key);
        }
    }

    @Property(tries = 20)
    void keepsWhatItHandedOut(@ForAll @IntRange(min = 1, max = 100) int size) {
        CompactMap<Integer, Integer> map = new One<>(0, 0);
        for (int i = 1; i < size; i++) {
            map = map.with(i, i);
        }
        List<Integer> before = map.values();

        for (int i = 0; i < size; i++) {
            map = map.without(i);
        }

        assertThat(map).isNull();
        assertThat(before).hasSize(size).doesNotHaveDuplicates();
    }

    private static void assertSame(CompactMap<Integer, String> map, Map<Integer, String> expected, int key) {
        if (expected.isEmpty()) {
            assertThat(map).isNull();
            return;
        }
        assertThat(map.get(key)).isEqualTo(expected.get(key));
        assertThat(map.values()).containsExactlyInAnyOrderElementsOf(expected.values());
        List<String> iterated = new ArrayList<>();
        map.forEach(iterated, List::add);
        assertThat(iterated).isEqualTo(map.values());
    }
}
