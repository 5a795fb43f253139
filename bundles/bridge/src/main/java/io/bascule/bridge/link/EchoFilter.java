/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.mqtt.Message;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Tells what a remote broker sends back from what others have published there, where nothing in the message says so: by its topic and
 * payload, of which it remembers a hash for each message that was forwarded, the last {@value #MOST} and for {@link #SPAN}. A message that
 * was forwarded once is taken for an echo once. It takes 8 MiB at most, and nothing until it is used.
 *
 * <p>It is a guess: a message of someone else that is the same as one that was forwarded, and comes before the echo or in its stead, is
 * taken for it.
 */
final class EchoFilter {
    static final int MOST = 65_536;
    static final Duration SPAN = Duration.ofSeconds(10);
    private static final long PRIME = 0x100000001b3L;

    private final LongSupplier nanoTime;
    /** Nobody else is to find two messages with the same hash. */
    private final long seed = ThreadLocalRandom.current().nextLong();

    private final Map<Long, Count> counts = new HashMap<>();
    private long[] hashes;
    private long[] times;
    private int oldest;
    private int size;

    /** How many with one hash are remembered; {@code echoed}, the oldest of them, have come back. */
    private static final class Count {
        private int awaited;
        private int echoed;
    }

    EchoFilter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** This message, with the topic that it has at the remote broker, was sent there. */
    void forwarded(Message message) {
        forgetOld();
        if (hashes == null) {
            hashes = new long[MOST];
            times = new long[MOST];
        }
        if (size == MOST) {
            forgetOldest();
        }
        int at = (oldest + size++) % MOST;
        hashes[at] = hash(message);
        times[at] = nanoTime.getAsLong();
        counts.computeIfAbsent(hashes[at], hash -> new Count()).awaited++;
    }

    /** Whether this message from the remote broker is one that was sent there; for each of those once. */
    boolean isEcho(Message message) {
        forgetOld();
        Count count = counts.get(hash(message));
        if (count == null || count.awaited == 0) {
            return false;
        }
        count.awaited--;
        count.echoed++;
        return true;
    }

    private void forgetOld() {
        long now = nanoTime.getAsLong();
        while (size > 0 && now - times[oldest] > SPAN.toNanos()) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        Count count = counts.get(hashes[oldest]);
        if (count.echoed > 0) {
            count.echoed--;
        } else {
            count.awaited--;
        }
        if (count.echoed + count.awaited == 0) {
            counts.remove(hashes[oldest]);
        }
        oldest = (oldest + 1) % MOST;
        size--;
    }

    /** FNV-1a. */
    private long hash(Message message) {
        return hash(message.payload(), hash(message.topic().utf8(), seed) * PRIME); // as if U+0000 stood between them
    }

    private static long hash(byte[] bytes, long from) {
        long hash = from;
        for (byte each : bytes) {
            hash = (hash ^ (each & 0xff)) * PRIME;
        }
        return hash;
    }
}
