/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.store;

import io.bascule.benchmarks.support.Folders;
import io.bascule.mqtt.Message;
import io.bascule.spi.MessageStore.Receiver;
import io.bascule.spi.SessionStore;
import io.bascule.spi.StoredMessage;
import io.bascule.store.LogMessageStore;
import io.bascule.store.log.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many QoS 1 messages of 256 bytes a second the store takes for one session: appended, sent under a Packet Identifier, awaited until they
 * are durable, and completed. What is over is compacted meanwhile. The folder is in {@code java.io.tmpdir}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class AppendBenchmark {
    private static final int MANY = 1000;

    @Param({"FLUSH", "FSYNC"})
    Durability durability;

    private final StoredMessage[] messages = new StoredMessage[MANY];
    private final Semaphore durable = new Semaphore(0);
    private Path folder;
    private LogMessageStore store;
    private SessionStore session;
    private List<Receiver> receivers;

    @Setup(Level.Trial)
    public void open() throws IOException {
        folder = Files.createTempDirectory("append");
        store = Stores.open(folder, durability, new Stores.Counting());
        Receiver receiver = Stores.receiver(store, "subscriber");
        session = receiver.session();
        receivers = List.of(receiver);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        store.close();
        Folders.delete(folder);
    }

    /** The group of a commit is one message. */
    @Benchmark
    public void oneAtATime() throws InterruptedException {
        keep(1);
    }

    /** As many publishers wait for one commit as it can take. */
    @Benchmark
    @OperationsPerInvocation(MANY)
    public void thousandAtATime() throws InterruptedException {
        keep(MANY);
    }

    private void keep(int count) throws InterruptedException {
        long position = 0;
        for (int i = 0; i < count; i++) {
            Message message = Stores.message();
            messages[i] = store.append(message, false, receivers, Optional.empty())
                    .forReceiver(session, 0)
                    .orElseThrow();
            position = Math.max(messages[i].position(), session.sent(messages[i], 1 + i));
        }
        store.whenDurable(position, durable::release);
        durable.acquire();
        for (int i = 0; i < count; i++) {
            session.completed(1 + i);
        }
    }
}
