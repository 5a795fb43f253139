/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks;

import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.subscriptions.MatchVisitor;
import io.bascule.subscriptions.SubscriptionTree;
import io.bascule.subscriptions.internal.RadixSubscriptionTree;
import java.util.List;
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
import org.openjdk.jmh.infra.Blackhole;

/** What it costs to match one topic of eight levels, as the number of filters grows of which three match. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MatchBenchmark {
    /** So many that the paths to them do not all stay in the processor's caches. */
    private static final int TOPICS = 1 << 16;

    @Param({"1000", "10000", "100000", "1000000"})
    int filters;

    private final SubscriptionTree<String, String> tree = new RadixSubscriptionTree<>();
    private Topic[] topics;
    private int next;

    @Setup(Level.Trial)
    public void subscribe() {
        Fleet fleet = Fleet.ofFilters(filters);
        for (TopicFilter filter : fleet.filters()) {
            tree.subscribe(filter, "subscriber", "subscription");
        }
        topics = fleet.topics(TOPICS);
    }

    /** Each time the topic of another device. */
    @Benchmark
    public void manyTopics(Blackhole blackhole) {
        next = (next + 1) & (TOPICS - 1);
        tree.match(topics[next], new Sink(blackhole));
    }

    /** The same topic over and over: the tree's part without the misses of the caches. */
    @Benchmark
    public void oneTopic(Blackhole blackhole) {
        tree.match(topics[0], new Sink(blackhole));
    }

    private record Sink(Blackhole blackhole) implements MatchVisitor<String> {
        @Override
        public void subscription(String subscription) {
            blackhole.consume(subscription);
        }

        @Override
        public void shared(String shareName, List<String> members) {
            blackhole.consume(members);
        }
    }
}
