/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions.internal;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Hashes single levels under a seed that nobody outside knows. {@link String#hashCode} will not do: clients choose the levels, and a few
 * thousand that collide would turn every lookup among them into a walk.
 */
final class LevelHash {
    /** Odd, so that a step loses nothing; the digits are those of the golden ratio, as in SplitMix64. */
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long seed = ThreadLocalRandom.current().nextLong();

    /** The hash of the level that starts at this index. */
    int of(byte[] text, int from) {
        long hash = seed;
        for (int i = from; i < text.length && text[i] != '/'; i++) {
            hash = (hash ^ text[i]) * MULTIPLIER;
            // Brings the high bits down: without it, what collides under one seed collides under all.
            hash ^= hash >>> 32;
        }
        return (int) hash;
    }
}
