/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import io.bascule.benchmarks.support.Cores;
import io.bascule.benchmarks.support.Histogram;
import io.bascule.benchmarks.support.Judgement;
import io.bascule.benchmarks.support.Load;
import io.bascule.benchmarks.support.Options;
import io.bascule.benchmarks.support.Peer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * How much a bridge to Mosquitto forwards at each QoS, what that costs, and by how much it delays: Bascule's bridge and Mosquitto's own, in turns.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar io.bascule.benchmarks.bridge.Throughput \
 *     bundles/launcher/target/io.bascule.launcher-0.1.0-SNAPSHOT.jar [key=value ...]
 * </pre>
 *
 * As much as there can be goes through the bridge for {@code seconds=10}, in {@code streams=4} with 200 messages of {@code payload=256} bytes on
 * their way in each; then {@code rate=1000} messages/s for as long through the bridge, and again as many straight to the remote broker: the
 * difference is the added latency. {@code rounds=2} of all that; the best round of each counts for the verdict, which is that Bascule loses
 * nothing and forwards {@code at.least=1.0} times as much as Mosquitto at every QoS.
 *
 * <p>The broker whose bridge it is has a processor to itself where {@code taskset} is there, and the remote broker shares another with the
 * generator; {@code pin=false} lets all share all. {@code jvm=-Xmx512m}. 9 minutes.
 */
public final class Throughput {
    private static final int LEVELS = 3;
    private static final long WARM_UP_MILLIS = 10_000;
    private static final long SETTLE_MILLIS = 2_000;
    private static final int DRAIN_SECONDS = 30;

    private final Options options;
    private final Path launcher;
    private final Cores cores;
    private final double[] ours = new double[LEVELS];
    private final double[] theirs = new double[LEVELS];
    private final Judgement judgement = new Judgement();

    private Throughput(Options options, Path launcher, Cores cores) {
        this.options = options;
        this.launcher = launcher;
        this.cores = cores;
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(
                List.of(
                        "seconds=10",
                        "streams=4",
                        "payload=256",
                        "rate=1000",
                        "rounds=2",
                        "at.least=1.0",
                        "pin=true",
                        "jvm=-Xmx512m"),
                arguments);
        String before = Load.now();
        Cores cores = Cores.divide(options.flag("pin"));
        System.out.println("load average " + before + "; " + cores.description());
        Throughput run = new Throughput(options, Path.of(arguments[0]), cores);
        System.out.println(
                "| round | bridge of | QoS | messages/s | lost | CPU s per million | through it p50, ms | p99, ms"
                        + " | direct p50, ms | p99, ms | added p50, ms | p99, ms |\n|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (int round = 1; round <= options.number("rounds"); round++) {
            run.measure(round, true);
            run.measure(round, false);
        }
        System.out.println();
        run.judge();
        System.out.println(Load.account(before));
        System.exit(run.judgement.print() ? 0 : 1);
    }

    private void judge() {
        double atLeast = options.decimal("at.least");
        for (int qos = 0; qos < LEVELS; qos++) {
            double ratio = ours[qos] / theirs[qos];
            System.out.printf("QoS %d: %.2f times as much as Mosquitto%n", qos, ratio);
            judgement.demand(ratio >= atLeast, String.format("QoS %d: %.2f times as much as Mosquitto", qos, ratio));
        }
    }

    private void measure(int round, boolean bascule) throws Exception {
        try (Peer far = Peer.mosquitto(List.of(), "");
                Near near = bascule
                        ? Near.Bascule.start(launcher, cores, options.text("jvm"), far.address(), "")
                        : Near.Mosquitto.start(cores.brokerPrefix(), far.address(), "")) {
            Streams.warmUp(near.address(), far.address(), WARM_UP_MILLIS);
            for (int qos = 0; qos < LEVELS; qos++) {
                Most most = most(near, far, qos);
                Histogram through = latency(near.address(), "up/paced", far.address(), qos);
                Histogram direct = latency(far.address(), "far/up/paced", far.address(), qos);
                System.out.printf(
                        "| %d | %s | %d | %.0f | %d | %.1f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
                        round,
                        near,
                        qos,
                        most.perSecond,
                        most.lost,
                        most.cpuPerMillion,
                        through.millisAt(0.5),
                        through.millisAt(0.99),
                        direct.millisAt(0.5),
                        direct.millisAt(0.99),
                        through.millisAt(0.5) - direct.millisAt(0.5),
                        through.millisAt(0.99) - direct.millisAt(0.99));
                double[] best = bascule ? ours : theirs;
                best[qos] = Math.max(best[qos], most.perSecond);
                if (bascule) {
                    judgement.demand(most.lost == 0, "QoS " + qos + ": " + most.lost + " lost");
                }
            }
        }
    }

    private record Most(double perSecond, long lost, double cpuPerMillion) {}

    private Most most(Near near, Peer far, int qos) throws Exception {
        try (Streams streams = new Streams(options.number("payload"))) {
            for (int i = 0; i < options.number("streams"); i++) {
                String topic = "up/most/" + i;
                streams.add("most-" + i, qos, new Streams.Way(near.address(), topic, far.address(), "far/" + topic));
            }
            streams.startClosedLoop(Streams.ON_THEIR_WAY);
            Thread.sleep(SETTLE_MILLIS);
            long received = received(streams);
            double cpu = near.cpu().toNanos() / 1e9;
            long begin = System.nanoTime();
            Thread.sleep(options.number("seconds") * 1000L);
            received = received(streams) - received;
            cpu = near.cpu().toNanos() / 1e9 - cpu;
            double seconds = (System.nanoTime() - begin) / 1e9;
            streams.stop();
            streams.awaitSettled(DRAIN_SECONDS);
            return new Most(received / seconds, streams.lost(), cpu / received * 1e6);
        }
    }

    private static long received(Streams streams) {
        return streams.accounts().stream().mapToLong(Account::received).sum();
    }

    private Histogram latency(InetSocketAddress from, String topic, InetSocketAddress far, int qos) throws Exception {
        try (Streams streams = new Streams(options.number("payload"))) {
            Account account = streams.add("paced", qos, new Streams.Way(from, topic, far, "far/up/paced"));
            streams.start(options.number("rate"));
            Thread.sleep(SETTLE_MILLIS);
            Histogram latencies = account.begin();
            Thread.sleep(options.number("seconds") * 1000L);
            streams.stop();
            streams.awaitSettled(DRAIN_SECONDS);
            return latencies;
        }
    }
}
