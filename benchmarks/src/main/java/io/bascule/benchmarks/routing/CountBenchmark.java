/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.routing;

import io.bascule.broker.Counters;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to count a message that comes and goes, beside counters that several threads may write. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CountBenchmark {
    private final Counters counters = new Counters();
    private final LongAdder received = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final AtomicLong receivedAtomically = new AtomicLong();
    private final AtomicLong deliveredAtomically = new AtomicLong();

    @Benchmark
    public void ours() {
        counters.received();
        counters.delivered();
    }

    @Benchmark
    public void longAdders() {
        received.increment();
        delivered.increment();
    }

    @Benchmark
    public void atomicLongs() {
        receivedAtomically.incrementAndGet();
        deliveredAtomically.incrementAndGet();
    }

    /** What is left of the others' figures when nothing is counted. */
    @Benchmark
    public void nothing() {}
}
