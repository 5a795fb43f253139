/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Publishers and subscribers of one shape, connected, and what has arrived. */
final class Exchange {
    private static final long SETTLE = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LATE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(3);

    private final Stage stage;
    private final Shape shape;
    private final Deliveries deliveries;
    private final List<Publisher> publishers;
    private Pace pace = Pace.STOPPED;

    /** Connects all and has them subscribe. */
    Exchange(Stage stage, Shape shape) throws IOException {
        this.stage = stage;
        this.shape = shape;
        this.deliveries = new Deliveries(shape.publishers(), shape.subscribers(), shape.topology() == Topology.SHARED);
        Publisher.Kind kind = new Publisher.Kind(shape.qos(), false, shape.payload());
        Topology topology = shape.topology();
        publishers = IntStream.range(0, shape.publishers())
                .mapToObj(i -> new Publisher(
                        stage.loop(),
                        stage.identity("publisher", i, shape.version(), true),
                        i,
                        topology.topics(shape, i),
                        kind))
                .toList();
        List<Subscriber> subscribers = IntStream.range(0, shape.subscribers())
                .mapToObj(i -> new Subscriber(
                        stage.loop(),
                        stage.identity("subscriber", i, shape.version(), true),
                        i,
                        topology.filters(shape, i),
                        shape.qos(),
                        this::take))
                .toList();
        stage.loop().open(subscribers);
        stage.loop().open(publishers);
        stage.loop().turnFor(SETTLE);
    }

    private void take(int subscriber, int publisher, int number, long dueNanos) {
        if (deliveries.take(
                        subscriber, publisher, number, dueNanos, stage.loop().now())
                && pace.mayWait()) {
            stage.loop().touch(publishers.get(publisher));
        }
    }

    Pace closedLoop() {
        return new Pace.Window(shape, deliveries);
    }

    Pace.Schedule openLoop(double perSecond) {
        return new Pace.Schedule(perSecond, publishers);
    }

    /** Has all go on at this pace for so long. */
    void goOn(Pace newPace, long nanos) throws IOException {
        if (pace != newPace) {
            pace = newPace;
            publishers.forEach(publisher -> publisher.keepTo(newPace));
        }
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            pace.wake(stage.loop(), publishers);
            if (pace.mayWait()) {
                stage.loop().turn();
            } else {
                stage.loop().turnAtOnce();
            }
        }
    }

    /** Has all go on at this pace, measures that, and ends it; the figure counts all faults since they began. */
    Figure measure(String row, Pace newPace, long nanos) throws IOException {
        long before = deliveries.received();
        Usage begin = Usage.of(stage.server());
        deliveries.measure(begin.nanos(), begin.nanos() + nanos);
        goOn(newPace, nanos);
        Usage end = Usage.of(stage.server());
        long arrived = deliveries.received() - before;
        Faults faults = stop();
        return end.since(begin, row, arrived, deliveries.latencies(), faults);
    }

    /** Stops the publishers and waits for what is still to arrive, and for what should not. */
    Faults stop() throws IOException {
        goOn(Pace.STOPPED, 0);
        long due = publishers.stream().mapToLong(Publisher::sent).sum() * shape.copies();
        long seen;
        boolean complete;
        do {
            seen = deliveries.received();
            complete = stage.loop().turnUntil(() -> deliveries.unique() >= due, PATIENCE);
        } while (!complete && deliveries.received() > seen);
        stage.loop().turnFor(LATE);
        return new Faults(
                due - deliveries.unique(),
                deliveries.duplicated(),
                deliveries.reordered(),
                stage.loop().losses());
    }
}
