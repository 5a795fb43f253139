/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import io.bascule.api.Bridge.Direction;
import io.bascule.bridge.route.Route;
import io.bascule.bridge.route.RouteParser;
import io.bascule.bridge.route.RouteTable;
import io.bascule.mqtt.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to find the route of a message, and its topic on the other side, in a bridge of so many routes: with the Subscription Identifier
 * that the local broker and one of 5.0 give, and without, as one of 3.1.1 has it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RoutesBenchmark {
    private static final int[] NONE = {};

    @Param({"1", "10", "200", "1000"})
    int routes;

    private RouteTable table;
    private Topic[] topics;
    private int[][] identifiers;
    private int next;

    @Setup(Level.Trial)
    public void make() {
        List<Route> all = new ArrayList<>();
        topics = new Topic[routes];
        identifiers = new int[routes][];
        for (int i = 0; i < routes; i++) {
            Route route =
                    RouteParser.parse(Direction.FORWARD, "line" + i, "line/" + i + "/+/value -> plant7/{2}/{3}/value");
            all.add(route);
            topics[i] = Topic.of("line/" + i + "/press/value");
            identifiers[i] = new int[] {route.identifier()};
        }
        table = new RouteTable("b", Direction.FORWARD, all);
    }

    @Benchmark
    public Optional<RouteTable.Match> byIdentifier() {
        int message = next();
        return table.match(identifiers[message], topics[message]);
    }

    @Benchmark
    public Optional<RouteTable.Match> byTopic() {
        return table.match(NONE, topics[next()]);
    }

    private int next() {
        next = next + 1 == routes ? 0 : next + 1;
        return next;
    }
}
