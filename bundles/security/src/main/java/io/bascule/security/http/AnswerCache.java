/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.http;

import io.bascule.spi.AuthenticationResult.Accepted;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who was allowed in, for a while. A question is known by its HMAC under a key that is made up when the cache is: no password is in it, nor
 * anything by which one could be tried out elsewhere. Safe for use by several threads.
 */
final class AnswerCache {
    private static final String HMAC = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int MOST_ENTRIES = 10_000;

    private final SecretKeySpec key;
    private final long ttlNanos;
    private final LongSupplier nanoTime;
    private final Map<ByteBuffer, Entry> entries = new LinkedHashMap<>();

    private record Entry(Accepted answer, long since) {}

    /** @param ttl zero for a cache that keeps nothing */
    AnswerCache(Duration ttl, LongSupplier nanoTime) {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, HMAC);
        this.ttlNanos = ttl.toNanos();
        this.nanoTime = nanoTime;
    }

    /** By what a question is known; empty where nothing is kept. */
    Optional<ByteBuffer> keyOf(byte[] question) {
        if (ttlNanos == 0) {
            return Optional.empty();
        }
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return Optional.of(ByteBuffer.wrap(mac.doFinal(question)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    /** What was answered, if that counts still. */
    synchronized Optional<Accepted> get(ByteBuffer question) {
        Entry found = entries.get(question);
        if (found != null && nanoTime.getAsLong() - found.since() >= ttlNanos) {
            entries.remove(question);
            return Optional.empty();
        }
        return Optional.ofNullable(found).map(Entry::answer);
    }

    /** Keeps an answer from now on; the oldest gives way. */
    synchronized void put(ByteBuffer question, Accepted answer) {
        entries.remove(question); // to the end, where the newest are
        entries.put(question, new Entry(answer, nanoTime.getAsLong()));
        if (entries.size() > MOST_ENTRIES) {
            entries.remove(entries.keySet().iterator().next());
        }
    }

    synchronized int size() {
        return entries.size();
    }
}
