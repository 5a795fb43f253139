/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.kill;

import io.bascule.itests.kill.Finding.Fault;
import io.bascule.itests.peers.BasculeProcess;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.peers.Wire;
import io.bascule.itests.support.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A broker that is killed again and again, at random moments, and how it does. The way of its bridge is blocked at times. */
final class KillRun implements AutoCloseable {
    private static final String BRIDGE = """
            server = mqtt://127.0.0.1:%d
            reconnect.min = 50ms
            reconnect.max = 500ms
            """;
    private static final String UNBOUNDED_QUEUES = """
            queue.messages = 100000000
            queue.bytes = 8GiB
            """;

    private static final Duration TO_START = Duration.ofMinutes(3);
    /** For the JVM and the framework, on a machine that has other things to do. */
    private static final long START_MILLIS = 60_000;

    private static final long START_MILLIS_PER_MILLION_QUEUED = 5_000;

    private static final int SHORTEST_MILLIS = 300;
    private static final int LONGEST_MILLIS = 2_000;
    private static final int ONE_STARTS_TWICE_IN = 8;

    private final Random random;
    private final MosquittoProcess mosquitto;
    private final Wire wire;
    private final BasculeProcess bascule;
    private final Traffic traffic;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Integer> startMillis = new ArrayList<>();
    private int mostQueued;
    private int rounds;

    /** What is done to the store of a broker that has been killed. */
    @FunctionalInterface
    interface Harm {
        void to(Path store) throws IOException;
    }

    /** Starts broker and traffic. */
    KillRun(long seed) throws IOException {
        random = new Random(seed);
        mosquitto = MosquittoProcess.start();
        wire = new Wire(mosquitto.port());
        bascule = BasculeProcess.configure(Map.of(
                "io.bascule.bridge-far.cfg",
                BRIDGE.formatted(wire.port()) + Traffic.ROUTES,
                "io.bascule.broker.cfg",
                UNBOUNDED_QUEUES));
        traffic = new Traffic(bascule.port(), mosquitto.port());
        start();
        Eventually.eventually(
                "the bridge is connected",
                () -> bascule.output().stream().anyMatch(line -> line.contains("bridge far connected")));
        traffic.start();
    }

    /** Lets it work for a while, kills it, and starts it again. */
    void round(Harm harm) throws IOException {
        rounds++;
        traffic.comeOrGo(random);
        if (random.nextBoolean()) {
            wire.block();
        } else {
            wire.unblock();
        }
        pass(SHORTEST_MILLIS + random.nextInt(LONGEST_MILLIS - SHORTEST_MILLIS));
        bascule.kill();
        traffic.hold();
        harm.to(bascule.store());
        if (random.nextInt(ONE_STARTS_TWICE_IN) == 0) {
            bascule.launch();
            pass(random.nextInt(lastStartMillis()));
            bascule.kill();
        }
        start();
        findings.addAll(traffic.check(rounds));
        bascule.output().stream()
                .filter(line -> line.contains(" ERROR "))
                .forEach(line -> findings.add(new Finding(Fault.ERROR, line)));
    }

    /** A random moment is nothing that could be waited for. */
    private static void pass(int millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private int lastStartMillis() {
        return startMillis.get(startMillis.size() - 1);
    }

    private void start() {
        int queued = traffic.queued();
        mostQueued = Math.max(mostQueued, queued);
        long start = System.nanoTime();
        bascule.launch();
        bascule.awaitListening(TO_START);
        int millis = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        startMillis.add(millis);
        if (millis > START_MILLIS + START_MILLIS_PER_MILLION_QUEUED * queued / 1_000_000) {
            findings.add(new Finding(Fault.SLOW, millis + " ms with " + queued + " queued"));
        }
    }

    /** Lets everything arrive, and says what was wrong. */
    List<Finding> finish() throws InterruptedException {
        wire.unblock();
        findings.addAll(traffic.finish());
        return findings;
    }

    @Override
    public void close() {
        traffic.close();
        bascule.close();
        wire.close();
        mosquitto.close();
    }

    @Override
    public String toString() {
        List<Integer> sorted = startMillis.stream().sorted().toList();
        return rounds + " rounds, start ms p50 " + sorted.get(sorted.size() / 2) + ", max " + Collections.max(sorted)
                + ", last " + lastStartMillis() + ", at most " + mostQueued + " queued\n"
                + traffic;
    }
}
