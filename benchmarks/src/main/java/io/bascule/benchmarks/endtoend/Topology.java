/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.support.Packets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Who subscribes to what, and so how many copies of a message there are to be. */
enum Topology {
    /** Each subscriber has a publisher of its own. */
    PAIRS {
        @Override
        List<String> filters(Shape shape, int subscriber) {
            return List.of("pair/" + subscriber);
        }

        @Override
        byte[][] topics(Shape shape, int publisher) {
            return only("pair/" + publisher);
        }
    },
    /** One subscriber has all publishers. */
    FAN_IN {
        @Override
        List<String> filters(Shape shape, int subscriber) {
            return List.of("in/#");
        }

        @Override
        byte[][] topics(Shape shape, int publisher) {
            return only("in/" + publisher);
        }
    },
    /** Every subscriber has every publisher. */
    FAN_OUT {
        @Override
        List<String> filters(Shape shape, int subscriber) {
            return IntStream.range(0, shape.publishers())
                    .mapToObj(publisher -> "out/" + publisher)
                    .toList();
        }

        @Override
        byte[][] topics(Shape shape, int publisher) {
            return only("out/" + publisher);
        }

        @Override
        int copies(Shape shape) {
            return shape.subscribers();
        }
    },
    /** The subscribers share what all publishers send. */
    SHARED {
        @Override
        List<String> filters(Shape shape, int subscriber) {
            return List.of("$share/group/shared/#");
        }

        @Override
        byte[][] topics(Shape shape, int publisher) {
            return only("shared/" + publisher);
        }
    },
    /** Each topic is matched by three filters among very many: one without wildcards, one with {@code +} and one with {@code #}. */
    WIDE {
        @Override
        List<String> filters(Shape shape, int subscriber) {
            List<String> filters = new ArrayList<>();
            for (int place = 0; place < WIDE_TOPICS; place++) {
                switch (Math.floorMod(subscriber - place, shape.subscribers())) {
                    case 0 -> filters.add(wide(place));
                    case 1 -> filters.add("+/" + place + "/+/value");
                    case 2 -> filters.add("wide/" + place + "/#");
                    default -> {
                        // of others
                    }
                }
            }
            return filters;
        }

        @Override
        byte[][] topics(Shape shape, int publisher) {
            return IntStream.range(0, WIDE_TOPICS)
                    .mapToObj(place -> Packets.utf8(wide(place)))
                    .toArray(byte[][]::new);
        }

        @Override
        int copies(Shape shape) {
            return 3;
        }
    };

    private static final int WIDE_TOPICS = 33_333;
    private static final int DEVICES = 997;

    private static String wide(int place) {
        return "wide/" + place + "/" + place % DEVICES + "/value";
    }

    private static byte[][] only(String topic) {
        return new byte[][] {Packets.utf8(topic)};
    }

    abstract List<String> filters(Shape shape, int subscriber);

    /** The topics of one publisher. */
    abstract byte[][] topics(Shape shape, int publisher);

    int copies(Shape shape) {
        return 1;
    }
}
