/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.audit;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

/**
 * What was written of late about the same client and topic, in a place of a fixed size: {@value #SLOTS} keys, each in one slot, from which
 * another one pushes it out. Keys are hashed by numbers that nobody knows, so that nobody finds a topic that is taken for another. Safe for use
 * by several threads.
 */
final class Repetitions {
    static final int SLOTS = 4096;
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final long seed;
    private final long factor;
    private final long[] keys = new long[SLOTS];
    private final long[] writtenAtNanos = new long[SLOTS];

    /** Nothing yet. */
    Repetitions() {
        SecureRandom random = new SecureRandom();
        seed = random.nextLong();
        factor = random.nextLong() | 1;
    }

    /** What stands for these three; never 0. */
    long key(AuditEvent event, String client, String topic) {
        long hash = hash(seed + event.ordinal(), client);
        hash = hash(mix(hash ^ client.length()), topic);
        return hash == 0 ? 1 : hash;
    }

    private long hash(long begin, String text) {
        long hash = begin;
        for (int i = 0; i < text.length(); i++) {
            hash = mix(hash ^ text.charAt(i));
        }
        return hash;
    }

    private long mix(long value) {
        long product = value * factor;
        return product ^ product >>> 29;
    }

    /** Whether it was written less than a minute ago. */
    synchronized boolean isRepeated(long key, long nowNanos) {
        int slot = slot(key);
        return keys[slot] == key && nowNanos - writtenAtNanos[slot] < PAUSE_NANOS;
    }

    /** It is written now. */
    synchronized void written(long key, long nowNanos) {
        int slot = slot(key);
        keys[slot] = key;
        writtenAtNanos[slot] = nowNanos;
    }

    private static int slot(long key) {
        return (int) (key >>> 32) & SLOTS - 1;
    }
}
