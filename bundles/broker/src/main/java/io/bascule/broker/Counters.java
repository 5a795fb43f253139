/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What went through one event loop. Written by that loop alone, read by anyone. */
public final class Counters {
    private final Tally received = new Tally();
    private final Tally delivered = new Tally();
    private final Tally accepted = new Tally();
    private final Tally expired = new Tally();
    private final Map<DropReason, LongAdder> dropped = new EnumMap<>(DropReason.class);

    /** Counters at 0. */
    public Counters() {
        for (DropReason reason : DropReason.values()) {
            dropped.put(reason, new LongAdder());
        }
    }

    /** A message was published to the broker. */
    public void received() {
        received.increment();
    }

    /** A message was sent to a subscriber. */
    public void delivered() {
        delivered.increment();
    }

    /** A network client was accepted. */
    public void accepted() {
        accepted.increment();
    }

    /** A session has ended because its time was up. */
    public void expired() {
        expired.increment();
    }

    /** A message was given up; from any thread. */
    public void dropped(DropReason reason) {
        dropped.get(reason).increment();
    }

    /** Messages published to the broker. */
    public long receivedCount() {
        return received.sum();
    }

    /** Messages sent to subscribers. */
    public long deliveredCount() {
        return delivered.sum();
    }

    /** Network clients that were accepted. */
    public long acceptedCount() {
        return accepted.sum();
    }

    /** Sessions that ended because their time was up. */
    public long expiredCount() {
        return expired.sum();
    }

    /** Adds what was dropped to the sums, by label. */
    public void addDroppedTo(Map<String, Long> sums) {
        dropped.forEach((reason, count) -> sums.merge(reason.label(), count.sum(), Long::sum));
    }

    /** Every reason with 0. */
    public static Map<String, Long> noDrops() {
        Map<String, Long> none = new LinkedHashMap<>();
        for (DropReason reason : DropReason.values()) {
            none.put(reason.label(), 0L);
        }
        return none;
    }
}
