/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.support.Histogram;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Subscribers that come and get what the broker has kept. */
final class Arrival {
    private static final long SETTLE = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long LATE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(3);

    private Arrival() {}

    /**
     * Connects them, and measures until the last of so many messages has arrived, or none has for three seconds.
     *
     * @param ordered whether the order of the messages is promised
     */
    static Figure measure(
            Stage stage, String row, List<Subscriber> subscribers, Deliveries deliveries, int messages, boolean ordered)
            throws IOException {
        Loop loop = stage.loop();
        loop.turnFor(SETTLE);
        Usage begin = Usage.of(stage.server());
        loop.open(subscribers);
        long seen;
        boolean complete;
        do {
            seen = deliveries.received();
            complete = loop.turnUntil(() -> deliveries.unique() >= messages, PATIENCE);
        } while (!complete && deliveries.received() > seen);
        Usage end = Usage.of(stage.server());
        loop.turnFor(LATE);
        Faults faults = new Faults(
                messages - deliveries.unique(),
                deliveries.duplicated(),
                ordered ? deliveries.reordered() : 0,
                loop.losses());
        return end.since(
                begin, row, deliveries.unique(), deliveries.lastNanos() - begin.nanos(), new Histogram(), faults);
    }
}
