/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the connections of one listener, in all and by address, and decides on each that comes. Safe for use by several threads. */
final class Admission {
    /** Connections that may wait to be told that they are too many: telling is a courtesy, and must not cost what the limit saves. */
    private static final int MOST_WAITING = 64;

    private final int maximum;
    private final int perAddress;
    private final LimitHits hits;
    private final AtomicInteger admitted = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<Object, Integer> byAddress = new ConcurrentHashMap<>();

    /** What becomes of a connection. */
    enum Verdict {
        ADMITTED,
        /** To be told that it is one too many. */
        REFUSED,
        /** To be closed without a word. */
        TURNED_AWAY
    }

    Admission(int maximum, int perAddress, LimitHits hits) {
        this.maximum = maximum;
        this.perAddress = perAddress;
        this.hits = hits;
    }

    /** A connection has come; {@link #left} follows when it has gone. Those that have no IP address come from this machine, and only count in all. */
    Verdict arrived(SocketAddress from) {
        if (admitted.incrementAndGet() > maximum) {
            admitted.decrementAndGet();
            hits.hit(Limit.CONNECTIONS_MAXIMUM);
        } else if (from instanceof InetSocketAddress remote
                && byAddress.merge(key(remote.getAddress()), 1, Integer::sum) > perAddress) {
            forget(from);
            admitted.decrementAndGet();
            hits.hit(Limit.CONNECTIONS_PER_ADDRESS);
        } else {
            return Verdict.ADMITTED;
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return Verdict.TURNED_AWAY;
        }
        return Verdict.REFUSED;
    }

    void left(SocketAddress from, Verdict verdict) {
        if (verdict == Verdict.ADMITTED) {
            forget(from);
            admitted.decrementAndGet();
        } else if (verdict == Verdict.REFUSED) {
            waiting.decrementAndGet();
        }
    }

    private void forget(SocketAddress from) {
        if (from instanceof InetSocketAddress remote) {
            byAddress.computeIfPresent(key(remote.getAddress()), (key, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Whoever has one IPv6 address has 2^64 of them: what counts is the network. */
    private static Object key(InetAddress from) {
        return from instanceof Inet6Address ? ByteBuffer.wrap(from.getAddress()).getLong() : from;
    }

    int admitted() {
        return admitted.get();
    }
}
