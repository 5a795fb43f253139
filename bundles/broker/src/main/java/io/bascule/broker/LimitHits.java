/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often somebody was held to each limit. Safe for use by several threads. */
public final class LimitHits {
    private final Map<Limit, LongAdder> hits = new EnumMap<>(Limit.class);

    /** None yet. */
    public LimitHits() {
        for (Limit limit : Limit.values()) {
            hits.put(limit, new LongAdder());
        }
    }

    /** Somebody was held to it. */
    public void hit(Limit limit) {
        hits.get(limit).increment();
    }

    /** How often that was. */
    public long of(Limit limit) {
        return hits.get(limit).sum();
    }
}
