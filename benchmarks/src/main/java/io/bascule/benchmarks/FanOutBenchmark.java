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

/** What it costs to go through all subscribers of one filter, beside a walk over an array of as many. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FanOutBenchmark {
    private static final Topic TOPIC = Topic.of("alarms/fire");

    @Param({"10", "1000", "100000"})
    int subscribers;

    private final SubscriptionTree<Integer, Integer> tree = new RadixSubscriptionTree<>();
    private Integer[] array;

    @Setup(Level.Trial)
    public void subscribe() {
        TopicFilter filter = TopicFilter.of(TOPIC.name());
        array = new Integer[subscribers];
        for (int i = 0; i < subscribers; i++) {
            array[i] = i;
            tree.subscribe(filter, array[i], array[i]);
        }
    }

    @Benchmark
    public long match() {
        Sum sum = new Sum();
        tree.match(TOPIC, sum);
        return sum.value;
    }

    @Benchmark
    public long walkOverAnArray() {
        Sum sum = new Sum();
        for (Integer subscription : array) {
            sum.subscription(subscription);
        }
        return sum.value;
    }

    private static final class Sum implements MatchVisitor<Integer> {
        private long value;

        @Override
        public void subscription(Integer subscription) {
            value += subscription;
        }

        @Override
        public void shared(String shareName, List<Integer> members) {
            members.forEach(this::subscription);
        }
    }
}
