/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.store;

import io.bascule.benchmarks.support.Folders;
import io.bascule.mqtt.Message;
import io.bascule.spi.MessageStore.Receiver;
import io.bascule.store.LogMessageStore;
import io.bascule.store.log.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to have one QoS 1 message of 256 bytes back, of 200,000 in the queues of a hundred sessions: from opening the folder, which is
 * in the memory of the operating system, to the last queue handed over.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@Fork(1)
public class ReplayBenchmark {
    private static final int MESSAGES = 200_000;
    private static final int SESSIONS = 100;

    private Path folder;
    private LogMessageStore opened;

    @Setup(Level.Trial)
    public void fill() throws IOException, InterruptedException {
        folder = Files.createTempDirectory("replay");
        try (LogMessageStore store = Stores.open(folder, Durability.FLUSH, new Stores.Counting())) {
            List<List<Receiver>> receivers = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                receivers.add(List.of(Stores.receiver(store, "subscriber-" + i)));
            }
            long position = 0;
            for (int i = 0; i < MESSAGES; i++) {
                Message message = Stores.message();
                position = store.append(message, false, receivers.get(i % SESSIONS), Optional.empty())
                        .position();
            }
            CountDownLatch written = new CountDownLatch(1);
            store.whenDurable(position, written::countDown);
            written.await();
        }
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void replay() throws IOException {
        Stores.Counting messages = new Stores.Counting();
        opened = Stores.open(folder, Durability.FLUSH, messages);
        if (messages.messages() != MESSAGES) {
            throw new IllegalStateException(messages.messages() + " messages");
        }
    }

    @TearDown(Level.Invocation)
    public void close() throws IOException {
        opened.close();
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException {
        Folders.delete(folder);
    }
}
