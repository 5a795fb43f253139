/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.storm;

import com.sun.management.UnixOperatingSystemMXBean;
import io.bascule.benchmarks.support.BrokerProcess;
import io.bascule.benchmarks.support.Cores;
import io.bascule.benchmarks.support.Load;
import io.bascule.benchmarks.support.Options;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;

/**
 * Drops thousands of clients at once and has them return at once, again and again, while a hundred others go on, and prints what those felt.
 *
 * <pre>
 * java -Xmn768m -cp benchmarks/target/benchmarks.jar io.bascule.benchmarks.storm.Storm \
 *     bundles/launcher/target/io.bascule.launcher-0.1.0-SNAPSHOT.jar [key=value ...]
 * </pre>
 *
 * Keys: {@code clients=10000} that drop and return, {@code pairs=50} of steady publishers and subscribers, {@code rate=1000} messages/s
 * among them in all, {@code rounds=3}, {@code quiet=10} seconds of the phase that the others are compared with, {@code pin=true} to part
 * broker and generator by processor, {@code jvm=-Xmx512m} options for the broker's JVM, separated by spaces.
 */
public final class Storm {
    private static final long WARM_UP_MILLIS = 10_000;
    private static final long SETTLE_MILLIS = 3_000;
    private static final int PAYLOAD_BYTES = 64;
    private static final int OTHER_FILES = 500;
    private static final String STORM_THREAD = "storm";

    private final Options options;
    private final BrokerProcess broker;
    private Traffic steady;
    private StormClients storm;
    private double quietP99;

    private Storm(BrokerProcess broker, Options options) {
        this.broker = broker;
        this.options = options;
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(
                List.of("clients=10000", "pairs=50", "rate=1000", "rounds=3", "quiet=10", "pin=true", "jvm=-Xmx512m"),
                arguments);
        checkOpenFiles(options.number("clients"));
        String before = Load.now();
        Cores cores = Cores.divide(options.flag("pin"));
        System.out.println("load average " + before + "; " + cores.description());
        try (BrokerProcess broker = new BrokerProcess(Path.of(arguments[0]), cores, options.text("jvm"), "")) {
            Storm run = new Storm(broker, options);
            FutureTask<Void> measuring = new FutureTask<>(run::measure);
            Thread thread = new Thread(measuring, STORM_THREAD);
            thread.start();
            try {
                measuring.get();
            } finally {
                thread.interrupt();
            }
            System.out.println(
                    "before: " + before + "; after: " + Load.now() + "; the broker's log is in " + broker.folder());
        }
    }

    private static void checkOpenFiles(int clients) {
        long needed = clients + OTHER_FILES;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                && system.getMaxFileDescriptorCount() < needed) {
            throw new IllegalStateException(clients + " clients need " + needed + " open files in each process, and "
                    + system.getMaxFileDescriptorCount() + " are allowed: ulimit -n " + needed
                    + " (as root, or up to the hard limit), or clients="
                    + (system.getMaxFileDescriptorCount() - OTHER_FILES));
        }
    }

    private Void measure() throws Exception {
        if (!Cores.yieldToAll(STORM_THREAD)) {
            System.out.println(
                    "no chrt: the clients that drop and return may hold up the steady ones in the generator itself");
        }
        Traffic.Shape shape =
                new Traffic.Shape("steady", options.number("pairs"), 1, 1, PAYLOAD_BYTES, options.number("rate"));
        try (Traffic traffic = new Traffic(broker.address(), shape);
                StormClients stormClients = new StormClients(broker.address(), options.number("clients"))) {
            steady = traffic;
            traffic.start();
            storm = stormClients;
            System.out.println(
                    "| phase | steady p50, ms | p99, ms | max, ms | p99 / quiet p99 | sent late p99, ms"
                            + " | phase, s | all back after, s | connects/s | sessions resumed | tried again | wills once | again | broker CPU, s | RSS, MiB |");
            System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
            storm.serve(WARM_UP_MILLIS);
            quiet("quiet, steady clients alone");
            arrive();
            storm.serve(SETTLE_MILLIS);
            quiet("quiet, all connected");
            for (int round = 1; round <= options.number("rounds"); round++) {
                dropAndReturn(round);
                storm.serve(SETTLE_MILLIS);
            }
            quiet("quiet, after");
            steady.drain();
            System.out.println(steady.account());
        }
        return null;
    }

    private void quiet(String name) throws Exception {
        Phase phase = new Phase(name);
        storm.serve(options.number("quiet") * 1000L);
        phase.end();
        if (quietP99 == 0) {
            quietP99 = phase.felt.latencies().millisAt(0.99);
        }
        phase.print("- | - | - | - | - | -");
    }

    private void arrive() throws Exception {
        Phase phase = new Phase("all arrive");
        StormClients.Arrival arrival = storm.arrive();
        phase.end();
        phase.print(cells(arrival) + " | - | -");
    }

    private void dropAndReturn(int round) throws Exception {
        Phase phase = new Phase("drop and return " + round);
        storm.drop();
        StormClients.Arrival arrival = storm.arrive();
        storm.awaitWills();
        phase.end();
        phase.print(cells(arrival) + " | " + storm.willsOnce() + " | " + storm.willsAgain());
    }

    private String cells(StormClients.Arrival arrival) {
        return String.format(
                "%.2f | %.0f | %d | %d",
                arrival.seconds(), storm.connected() / arrival.seconds(), arrival.resumed(), arrival.failed());
    }

    /** One row: what the steady clients felt from its beginning to its end. */
    private final class Phase {
        final Traffic.Felt felt = steady.begin();
        final String name;
        final long begin = System.nanoTime();
        final double cpuBefore = broker.cpu().toMillis() / 1e3;
        double seconds;

        Phase(String name) {
            this.name = name;
        }

        /** What was due in this phase and has not arrived yet is waited for. */
        void end() throws Exception {
            seconds = (System.nanoTime() - begin) / 1e9;
            steady.begin();
            storm.serve(1000);
        }

        void print(String others) throws Exception {
            System.out.printf(
                    "| %s | %s | %.1f | %.2f | %.1f | %s | %.1f | %.0f |%n",
                    name,
                    felt.latencies().cells(),
                    felt.latencies().millisAt(0.99) / quietP99,
                    felt.lateness().millisAt(0.99),
                    seconds,
                    others,
                    broker.cpu().toMillis() / 1e3 - cpuBefore,
                    broker.vitals().residentMiB());
        }
    }
}
