/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.support;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class LiveHeapTest {
    private final LiveHeap heap = new LiveHeap();

    @Test
    public void growsAsTheMostSamplesSay() {
        for (int i = 0; i < 20; i++) {
            heap.add(50 * i, 1_000_000 + 64 * 50 * i);
        }
        heap.add(1_000, 9_000_000);

        assertEquals(64, heap.bytesPerCycle(), 0.001);
    }

    @Test
    public void seesGrowthThatHalfOfTheSamplesHide() {
        for (int i = 0; i < 10; i++) {
            heap.add(i, 100 * i + (i % 2 == 0 ? 0 : 20));
        }

        assertEquals(100, heap.bytesPerCycle(), 10);
    }
}
