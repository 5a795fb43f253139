/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.support.Histogram;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Messages that the broker is to keep for somebody who comes later. */
record Supply(Stage stage, List<Publisher> publishers) {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

    /**
     * Connects the publishers, and has each publish so many with QoS 1; ends when all are acknowledged.
     *
     * @throws IOException when nothing is acknowledged for five seconds
     */
    Figure publish(String row, int each) throws IOException {
        long all = (long) each * publishers.size();
        stage.loop().open(publishers);
        Usage begin = Usage.of(stage.server());
        Pace pace = new Pace.Limit(each);
        publishers.forEach(publisher -> publisher.keepTo(pace));
        long before;
        do {
            before = acknowledged();
            stage.loop().turnUntil(() -> acknowledged() == all, PATIENCE);
        } while (acknowledged() > before && acknowledged() < all);
        if (acknowledged() < all) {
            throw new IOException(acknowledged() + " messages are acknowledged, and no more for five seconds");
        }
        Usage end = Usage.of(stage.server());
        return end.since(begin, row, all, new Histogram(), Faults.NONE);
    }

    private long acknowledged() {
        return publishers.stream()
                .mapToLong(publisher -> publisher.sent() - publisher.inFlight())
                .sum();
    }
}
