/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.support.Packets;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** Retained messages with QoS 1, each with a topic of its own: 10 publishers set them, then one subscriber comes and gets all. */
record Retained(String name, int messages) implements Scenario {
    private static final int PUBLISHERS = 10;

    @Override
    public List<Figure> play(Stage stage) throws IOException {
        int each = messages / PUBLISHERS;
        Publisher.Kind kind = new Publisher.Kind(1, true, Shape.LEAST_PAYLOAD);
        Supply supply = new Supply(
                stage,
                IntStream.range(0, PUBLISHERS)
                        .mapToObj(i -> new Publisher(
                                stage.loop(), stage.identity("publisher", i, 4, true), i, topics(i, each), kind))
                        .toList());
        Figure set = supply.publish(name + " set", each);
        Deliveries deliveries = new Deliveries(PUBLISHERS, 1, false);
        Subscriber subscriber = new Subscriber(
                stage.loop(),
                stage.identity("subscriber", 0, 4, true),
                0,
                List.of("retained/#"),
                1,
                (index, publisher, number, due) -> deliveries.take(
                        index, publisher, number, due, stage.loop().now()));
        return List.of(
                set, Arrival.measure(stage, name + " delivered", List.of(subscriber), deliveries, messages, false));
    }

    private static byte[][] topics(int publisher, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Packets.utf8("retained/" + publisher + "/" + i))
                .toArray(byte[][]::new);
    }
}
