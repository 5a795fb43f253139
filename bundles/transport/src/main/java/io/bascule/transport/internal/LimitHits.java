/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often somebody was held to each limit. Safe for use by several threads. */
final class LimitHits {
    private final Map<Limit, LongAdder> hits = new EnumMap<>(Limit.class);

    LimitHits() {
        for (Limit limit : Limit.values()) {
            hits.put(limit, new LongAdder());
        }
    }

    void hit(Limit limit) {
        hits.get(limit).increment();
    }

    long of(Limit limit) {
        return hits.get(limit).sum();
    }
}
