/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import static io.bascule.benchmarks.endtoend.Topology.FAN_IN;
import static io.bascule.benchmarks.endtoend.Topology.FAN_OUT;
import static io.bascule.benchmarks.endtoend.Topology.PAIRS;
import static io.bascule.benchmarks.endtoend.Topology.SHARED;
import static io.bascule.benchmarks.endtoend.Topology.WIDE;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The scenarios by their names; what one leaves behind does not change what those after it say. */
final class Scenarios {
    /** What every broker goes through before it is measured. */
    static final List<Scenario> WARM_UP =
            List.of(new Traffic("", Shape.of(PAIRS, 10, 10, 50, 0)), new Traffic("", Shape.of(PAIRS, 100, 100, 2, 1)));

    private static final Map<String, Scenario> ALL = new LinkedHashMap<>();

    static {
        traffic("p2p-10-flood-q0", Shape.of(PAIRS, 10, 10, 200, 0));
        traffic("p2p-10-flood-q1", Shape.of(PAIRS, 10, 10, 200, 1));
        traffic("p2p-10-flood-q2", Shape.of(PAIRS, 10, 10, 200, 2));
        traffic("p2p-500-ping-q0", Shape.of(PAIRS, 500, 500, 1, 0));
        traffic("p2p-500-ping-q1", Shape.of(PAIRS, 500, 500, 1, 1));
        traffic("fanout-1-1000-q0", Shape.of(FAN_OUT, 1, 1000, 4, 0));
        traffic("fanout-5-1000-q1", Shape.of(FAN_OUT, 5, 1000, 2, 1));
        traffic("fanin-1000-1-q0", Shape.of(FAN_IN, 1000, 1, 4, 0));
        traffic("sharedsub-1000-5-q1", Shape.of(SHARED, 1000, 5, 4, 1).withVersion5());
        traffic("p2p-10-1K-q0", Shape.of(PAIRS, 10, 10, 100, 0).withPayload(1024));
        traffic("p2p-10-16K-q0", Shape.of(PAIRS, 10, 10, 20, 0).withPayload(16 * 1024));
        add("half-load", new HalfLoad("half-load", Shape.of(PAIRS, 1000, 1000, 1, 1)));
        add("churn", new Churn("churn", 50));
        add("backlog-100K", new Backlog("backlog-100K", 100_000, 256));
        add("retained-100K", new Retained("retained-100K", 100_000));
        // Last, since Moquette serves nobody for a while when so many subscriptions have ended.
        traffic("wide-100k-q0", Shape.of(WIDE, 10, 100, 20, 0));
    }

    private Scenarios() {}

    private static void traffic(String name, Shape shape) {
        add(name, new Traffic(name, shape));
    }

    private static void add(String name, Scenario scenario) {
        ALL.put(name, scenario);
    }

    /** Those of a list that is separated by commas, or {@code all} of them. */
    static Map<String, Scenario> named(String names) {
        if (names.equals("all")) {
            return ALL;
        }
        Map<String, Scenario> chosen = new LinkedHashMap<>();
        Stream.of(names.split(",")).forEach(name -> {
            if (!ALL.containsKey(name)) {
                throw new IllegalArgumentException("there is no scenario " + name + ", but " + ALL.keySet());
            }
            chosen.put(name, ALL.get(name));
        });
        return chosen;
    }
}
