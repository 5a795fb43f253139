/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks;

import io.bascule.mqtt.TopicFilter;
import io.bascule.subscriptions.SubscriptionTree;
import io.bascule.subscriptions.internal.RadixSubscriptionTree;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one subscribe and one unsubscribe cost while a tree grows to a million subscriptions and shrinks to none. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(1)
public class SubscribeBenchmark {
    private static final int MILLION = 1_000_000;
    private static final int CROWD = 100_000;

    /** A million filters with a subscriber each. */
    @State(Scope.Benchmark)
    public static class Wide {
        private final List<TopicFilter> filters =
                Fleet.ofFilters(MILLION + 10).filters().subList(0, MILLION);
        private SubscriptionTree<String, String> empty;
        private SubscriptionTree<String, String> full;

        @Setup(Level.Iteration)
        public void prepare() {
            empty = new RadixSubscriptionTree<>();
            full = new RadixSubscriptionTree<>();
            fill(full, filters);
        }
    }

    /** One filter with a hundred thousand subscribers. */
    @State(Scope.Benchmark)
    public static class Crowd {
        private final TopicFilter filter = TopicFilter.of("alarms/#");
        private final List<Integer> subscribers =
                IntStream.range(0, CROWD).boxed().toList();
        private SubscriptionTree<Integer, Integer> empty;
        private SubscriptionTree<Integer, Integer> full;

        @Setup(Level.Iteration)
        public void prepare() {
            empty = new RadixSubscriptionTree<>();
            full = new RadixSubscriptionTree<>();
            gather(full, this);
        }
    }

    @Benchmark
    @OperationsPerInvocation(MILLION)
    public void subscribeToAMillionFilters(Wide wide) {
        fill(wide.empty, wide.filters);
    }

    @Benchmark
    @OperationsPerInvocation(MILLION)
    public void unsubscribeFromAMillionFilters(Wide wide) {
        for (TopicFilter filter : wide.filters) {
            wide.full.unsubscribe(filter, "subscriber");
        }
    }

    @Benchmark
    @OperationsPerInvocation(CROWD)
    public void subscribeHundredThousandToOneFilter(Crowd crowd) {
        gather(crowd.empty, crowd);
    }

    @Benchmark
    @OperationsPerInvocation(CROWD)
    public void unsubscribeHundredThousandFromOneFilter(Crowd crowd) {
        for (Integer subscriber : crowd.subscribers) {
            crowd.full.unsubscribe(crowd.filter, subscriber);
        }
    }

    private static void fill(SubscriptionTree<String, String> tree, List<TopicFilter> filters) {
        for (TopicFilter filter : filters) {
            tree.subscribe(filter, "subscriber", "subscription");
        }
    }

    private static void gather(SubscriptionTree<Integer, Integer> tree, Crowd crowd) {
        for (Integer subscriber : crowd.subscribers) {
            tree.subscribe(crowd.filter, subscriber, subscriber);
        }
    }
}
