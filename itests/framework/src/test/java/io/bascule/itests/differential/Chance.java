/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.differential;

import java.util.List;
import java.util.Random;

/** Random choices that a seed plays again. */
final class Chance {
    private final Random random;

    Chance(long seed) {
        random = new Random(seed);
    }

    /** Once in so many times. */
    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T of(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
