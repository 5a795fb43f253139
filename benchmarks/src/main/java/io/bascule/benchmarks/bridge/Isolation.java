/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import io.bascule.benchmarks.support.BrokerProcess;
import io.bascule.benchmarks.support.Cores;
import io.bascule.benchmarks.support.Histogram;
import io.bascule.benchmarks.support.Judgement;
import io.bascule.benchmarks.support.Load;
import io.bascule.benchmarks.support.Options;
import io.bascule.benchmarks.support.Peer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What local clients and a healthy bridge feel of bridges whose remote brokers are away, silent or hostile; and what such a bridge takes
 * of memory at most.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar io.bascule.benchmarks.bridge.Isolation \
 *     bundles/launcher/target/io.bascule.launcher-0.1.0-SNAPSHOT.jar [key=value ...]
 * </pre>
 *
 * Each of three phases has {@code seconds=30} in which {@code rate=1000} messages/s go from a local client to another at QoS 1, and as many
 * through the bridge; and as long again in which messages go through the bridge as fast as they arrive. The phases: without bad bridges; with
 * {@code holes=20} black holes, of which one half accepts connections and never answers and the other has a full backlog, with a remote broker that
 * never acknowledges, and with one whose name does not resolve; with all these and one that floods as fast as TCP takes it; and without them again.
 * All that {@code rounds=3} times, since a JVM gets faster and a machine has its moods; what counts is the median of each. The flood takes
 * processors from everybody on the machine, so what it does stands by itself.
 *
 * <p>Then a bridge whose remote broker cannot be reached has QoS 0 and QoS 1 messages published to it as fast as they are taken, for {@code full=60}
 * seconds (up to 300), with a queue of {@code queue=16} MiB: neither may the queue grow beyond that nor the live heap by twice as much.
 *
 * <p>Other keys: {@code within=1.1}, the ratio that passes, {@code jvm=-Xmx512m}. 13 minutes.
 */
public final class Isolation {
    private static final int PAYLOAD_BYTES = 256;
    private static final int WARM_UP_MILLIS = 10_000;
    private static final int SETTLE_MILLIS = 3_000;
    private static final int TRICKLE = 20;
    private static final int TO_CONNECT_SECONDS = 30;
    private static final long MIB = 1 << 20;

    private final Options options;
    private final BrokerProcess broker;
    private final InetSocketAddress far;
    private final Judgement judgement = new Judgement();
    private final List<String> bad = new ArrayList<>();

    private Isolation(Options options, BrokerProcess broker, InetSocketAddress far) {
        this.options = options;
        this.broker = broker;
        this.far = far;
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(
                List.of(
                        "rounds=3",
                        "seconds=30",
                        "rate=1000",
                        "holes=20",
                        "full=60",
                        "queue=16",
                        "within=1.1",
                        "jvm=-Xmx512m"),
                arguments);
        String before = Load.now();
        boolean passed;
        try (Peer far = Peer.mosquitto(List.of(), "");
                Near.Bascule near = Near.Bascule.start(
                        Path.of(arguments[0]), Cores.divide(false), options.text("jvm"), far.address(), "")) {
            System.out.println("Bascule, with its log in " + near.broker().folder() + ", and a bridge to " + far);
            Isolation isolation = new Isolation(options, near.broker(), far.address());
            isolation.phases();
            isolation.full();
            System.out.println(Load.account(before));
            passed = isolation.judgement.print();
        }
        System.exit(passed ? 0 : 1);
    }

    /** Local p99 in ms, the bridge's p99 in ms, and what it carries a second at most. */
    private record Felt(double local, double bridge, double throughput) {
        static Felt median(List<Felt> all) {
            return new Felt(median(all, Felt::local), median(all, Felt::bridge), median(all, Felt::throughput));
        }

        private static double median(List<Felt> all, ToDoubleFunction<Felt> figure) {
            double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
            return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        }
    }

    private void phases() throws Exception {
        System.out.println(
                "| phase | local p50, ms | p99, ms | max, ms | bridge p50, ms | p99, ms | max, ms"
                        + " | bridge at most, messages/s | lost | broker CPU, s | RSS, MiB |\n|---|---|---|---|---|---|---|---|---|---|---|");
        try (BadRemote silent = new BadRemote(BadRemote.Manner.SILENT);
                BadRemote deaf = new BadRemote(BadRemote.Manner.DEAF);
                BadRemote mute = new BadRemote(BadRemote.Manner.NEVER_ACKNOWLEDGES);
                BadRemote flood = new BadRemote(BadRemote.Manner.FLOODS);
                Streams trickle = new Streams(PAYLOAD_BYTES)) {
            trickle.add("trickle", 1, way(broker.address(), "dead/x", broker.address(), "dead/x"));
            trickle.start(TRICKLE);
            Streams.warmUp(broker.address(), far, WARM_UP_MILLIS);
            List<Felt> without = new ArrayList<>(List.of(phase("without")));
            List<Felt> with = new ArrayList<>();
            List<Felt> flooding = new ArrayList<>();
            double floodRate = 0;
            for (int round = 1; round <= options.number("rounds"); round++) {
                for (int i = 0; i < options.number("holes"); i++) {
                    addBad("hole" + i, server(i % 2 == 0 ? silent.address() : deaf.address()), "forward.x = dead/#");
                }
                addBad("mute", server(mute.address()), "forward.x = dead/#");
                addBad("nameless", "mqtt://nowhere.invalid:1883", "forward.x = dead/#");
                with.add(phase("with " + bad.size() + " bad bridges"));
                addBad("flood", server(flood.address()), "subscribe.x = flood/#");
                long floodedBefore = flood.flooded();
                long begin = System.nanoTime();
                flooding.add(phase("and a flood"));
                floodRate =
                        Math.max(floodRate, (flood.flooded() - floodedBefore) / ((System.nanoTime() - begin) / 1e9));
                for (String name : bad) {
                    broker.delete("io.bascule.bridge-" + name + ".cfg");
                }
                bad.clear();
                Thread.sleep(SETTLE_MILLIS);
                without.add(phase("without again"));
            }
            Felt usual = Felt.median(without);
            judge(usual, Felt.median(with), "with bad bridges");
            judge(usual, Felt.median(flooding), String.format("and a flood of %.0f messages/s", floodRate));
        }
    }

    private void judge(Felt without, Felt with, String name) {
        double within = Double.parseDouble(options.text("within"));
        double local = with.local / without.local;
        double bridge = with.bridge / without.bridge;
        double throughput = with.throughput / without.throughput;
        System.out.printf(
                "%n%s, against those without, by their medians: local p99 %.2f, bridge p99 %.2f, bridge at most %.2f%n",
                name, local, bridge, throughput);
        judgement.demand(local <= within, String.format("%s: local p99 is %.2f times as long", name, local));
        judgement.demand(
                throughput >= 1 / within,
                String.format("%s: the healthy bridge carries %.2f times as much", name, throughput));
    }

    private static String server(InetSocketAddress address) {
        return "mqtt://127.0.0.1:" + address.getPort();
    }

    private static Streams.Way way(InetSocketAddress from, String topic, InetSocketAddress to, String arriving) {
        return new Streams.Way(from, topic, to, arriving);
    }

    private void addBad(String name, String server, String route) throws IOException {
        bad.add(name);
        broker.write(
                "io.bascule.bridge-" + name + ".cfg",
                "server = " + server + "\n" + route
                        + "\nconnect.timeout = 1s\nreconnect.min = 100ms\nreconnect.max = 1s\ndelete.grace = 0s\nqueue.messages = 1000\n");
    }

    private Felt phase(String name) throws Exception {
        Thread.sleep(SETTLE_MILLIS);
        double cpuBefore = broker.cpu().toMillis() / 1e3;
        long lost = 0;
        Histogram local;
        Histogram bridge;
        try (Streams streams = new Streams(PAYLOAD_BYTES)) {
            Account inside = streams.add("local", 1, way(broker.address(), "in/x", broker.address(), "in/x"));
            Account across = streams.add("across", 1, way(broker.address(), "up/x", far, "far/up/x"));
            streams.start(options.number("rate"));
            Thread.sleep(SETTLE_MILLIS);
            local = inside.begin();
            bridge = across.begin();
            Thread.sleep(options.number("seconds") * 1000L);
            streams.stop();
            streams.awaitSettled(TO_CONNECT_SECONDS);
            lost += streams.lost();
        }
        double throughput;
        try (Streams streams = new Streams(PAYLOAD_BYTES)) {
            Account account = streams.add("most", 1, way(broker.address(), "up/most", far, "far/up/most"));
            streams.startClosedLoop(Streams.ON_THEIR_WAY);
            Thread.sleep(SETTLE_MILLIS);
            long receivedBefore = account.received();
            long begin = System.nanoTime();
            Thread.sleep(options.number("seconds") * 1000L);
            throughput = (account.received() - receivedBefore) / ((System.nanoTime() - begin) / 1e9);
            streams.stop();
            streams.awaitSettled(TO_CONNECT_SECONDS);
            lost += streams.lost();
        }
        System.out.printf(
                "| %s | %s | %s | %.0f | %d | %.1f | %.0f |%n",
                name,
                local.cells(),
                bridge.cells(),
                throughput,
                lost,
                broker.cpu().toMillis() / 1e3 - cpuBefore,
                broker.vitals().residentMiB());
        judgement.demand(lost == 0, name + ": " + lost + " lost");
        return new Felt(local.millisAt(0.99), bridge.millisAt(0.99), throughput);
    }

    private void full() throws Exception {
        long limit = options.number("queue") * MIB;
        double heapBefore = broker.vitals().liveHeapMiB();
        long most = 0;
        long published;
        try (BadRemote deaf = new BadRemote(BadRemote.Manner.DEAF);
                Streams streams = new Streams(PAYLOAD_BYTES)) {
            broker.write(
                    "io.bascule.bridge-away.cfg",
                    "server = " + server(deaf.address())
                            + "\nforward.x = away/#\nqueue.messages = 1000000\nqueue.bytes = " + options.number("queue")
                            + "MiB\n");
            Thread.sleep(SETTLE_MILLIS);
            for (int qos = 0; qos <= 1; qos++) {
                streams.add("away", qos, way(broker.address(), "away/" + qos, broker.address(), "away/" + qos));
            }
            streams.startClosedLoop(Streams.ON_THEIR_WAY);
            for (int i = 0; i < options.number("full"); i++) {
                Thread.sleep(1000);
                most = Math.max(most, queuedBytes());
            }
            streams.stop();
            published = streams.sent();
        }
        double heap = broker.vitals().liveHeapMiB();
        System.out.printf(
                "%nunreachable for %d s: %d messages at QoS 0 and 1, queue %.1f MiB at most of %d, live heap %.0f MiB before and %.0f after%n%n",
                options.number("full"), published, most / (double) MIB, options.number("queue"), heapBefore, heap);
        judgement.demand(most > 0, "nothing has waited for the bridge that is away");
        judgement.demand(most <= limit, "the queue has " + most + " bytes");
        judgement.demand(
                heap - heapBefore <= 2.0 * options.number("queue"),
                String.format("the live heap has grown by %.0f MiB", heap - heapBefore));
    }

    private long queuedBytes() throws IOException {
        String sessions = broker.ask("mqtt:sessions --json");
        int begin = sessions.indexOf("\"clientId\": \"bridge:away\"");
        if (begin < 0) {
            throw new IOException("there is no session of the bridge that is away");
        }
        return BrokerProcess.figure(sessions.substring(begin, sessions.indexOf('}', begin)), "queuedBytes");
    }
}
