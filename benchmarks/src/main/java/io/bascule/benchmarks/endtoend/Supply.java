/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.support.Histogram;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Messages that the broker is to keep for somebody who comes later. */
record Supply(Stage stage, List<Publisher> publishers) {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    /**
     * Connects the publishers, and has each publish so many with QoS 1; ends when all are acknowledged.
     *
     * @throws IOException when that takes longer than half a minute
     */
    Figure publish(String row, int each) throws IOException {
        stage.loop().open(publishers);
        Usage begin = Usage.of(stage.server());
        Pace pace = new Pace.Limit(each);
        publishers.forEach(publisher -> publisher.keepTo(pace));
        if (!stage.loop().turnUntil(() -> publishers.stream().allMatch(one -> isDone(one, each)), PATIENCE)) {
            throw new IOException("not all messages are acknowledged after half a minute");
        }
        Usage end = Usage.of(stage.server());
        return end.since(begin, row, (long) each * publishers.size(), new Histogram(), Faults.NONE);
    }

    private static boolean isDone(Publisher publisher, int each) {
        return publisher.sent() == each && publisher.inFlight() == 0;
    }
}
