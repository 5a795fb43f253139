/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** QoS 1 messages that are queued for 10 sessions whose clients are away, and delivered when they return. */
record Backlog(String name, int messages, int payload) implements Scenario {
    private static final int SESSIONS = 10;
    private static final long SETTLE = TimeUnit.MILLISECONDS.toNanos(500);

    @Override
    public List<Figure> play(Stage stage) throws IOException {
        Deliveries deliveries = new Deliveries(SESSIONS, SESSIONS, false);
        List<Subscriber> subscribers = subscribers(stage, deliveries, false);
        stage.loop().open(subscribers);
        leave(subscribers);
        stage.loop().turnFor(SETTLE);
        Publisher.Kind kind = new Publisher.Kind(1, false, payload);
        Shape shape = Shape.of(Topology.PAIRS, SESSIONS, SESSIONS, 0, 1);
        Supply supply = new Supply(
                stage,
                IntStream.range(0, SESSIONS)
                        .mapToObj(i -> new Publisher(
                                stage.loop(),
                                stage.identity("publisher", i, 4, true),
                                i,
                                shape.topology().topics(shape, i),
                                kind))
                        .toList());
        Figure queued = supply.publish(name + " queued", messages / SESSIONS);
        Figure delivered = Arrival.measure(stage, name + " delivered", subscribers, deliveries, messages, true);
        leave(subscribers);
        List<Subscriber> clean = subscribers(stage, deliveries, true);
        stage.loop().open(clean);
        leave(clean);
        return List.of(queued, delivered);
    }

    private static List<Subscriber> subscribers(Stage stage, Deliveries deliveries, boolean clean) {
        return IntStream.range(0, SESSIONS)
                .mapToObj(i -> new Subscriber(
                        stage.loop(),
                        stage.identity("session", i, 4, clean),
                        i,
                        clean ? List.of() : List.of("pair/" + i),
                        1,
                        (index, publisher, number, due) -> deliveries.take(
                                index, publisher, number, due, stage.loop().now())))
                .toList();
    }

    private static void leave(List<Subscriber> subscribers) throws IOException {
        for (Subscriber subscriber : subscribers) {
            subscriber.disconnect();
        }
    }
}
