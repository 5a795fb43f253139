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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The scenes that a bridge of NanoMQ was once measured by: forwarding QoS 1 messages of 256 bytes to Mosquitto. Beside Bascule stands
 * Mosquitto with its own bridge to the same broker, in the scenes that it can do without a restart.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar io.bascule.benchmarks.bridge.Original \
 *     bundles/launcher/target/io.bascule.launcher-0.1.0-SNAPSHOT.jar [key=value ...]
 * </pre>
 *
 * Key {@code scenes=abcdefg}:
 *
 * <ul>
 *   <li>a: {@code edits=1000} of the bridge's file at 1,000 messages/s, each as soon as messages flow again. The file is in a folder that
 *       File Install looks at every 100 ms, five times as often as is usual. 6 minutes.
 *   <li>b: a second bridge comes and goes {@code bridges=50} times while the first carries 1,000 messages/s. 2 minutes.
 *   <li>c: 5,000 messages/s for {@code seconds=20}.
 *   <li>d: 1,000 messages/s for as long over a link with 40 ms there and back.
 *   <li>e: {@code cuts=12} of the link for 2.5 s each at 300 messages/s, with a queue of 1,024 messages.
 *   <li>f: 20,000 messages at 2,100/s.
 *   <li>g: 19,045 messages for a remote broker that is away, with a queue of 1,000: the counter of what was dropped against what is missing
 *       in the end.
 * </ul>
 *
 * Other keys: {@code near=bascule,mosquitto}, {@code jvm=-Xmx512m}. All of it takes 14 minutes. Mosquitto's figures are printed and not judged.
 */
public final class Original {
    private static final int PAYLOAD_BYTES = 256;
    private static final int WARM_UP_MILLIS = 8_000;
    private static final int DRAIN_SECONDS = 60;
    private static final Duration FAR = Duration.ofMillis(20);
    private static final double SUSTAINED = 0.95;
    private static final double UNDISTURBED = 1.5;
    private static final double UNDISTURBED_MILLIS = 2;
    private static final int DROPPED_FIRST = 18_045;
    private static final int DROPPED_THEN = 1_000;
    private static final int TO_TELL_SECONDS = 25;

    private final Options options;
    private final Path launcher;
    private final Judgement judgement = new Judgement();

    private Original(Options options, Path launcher) {
        this.options = options;
        this.launcher = launcher;
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(
                List.of(
                        "scenes=abcdefg",
                        "near=bascule,mosquitto",
                        "edits=1000",
                        "bridges=50",
                        "seconds=20",
                        "cuts=12",
                        "jvm=-Xmx512m"),
                arguments);
        String before = Load.now();
        Original original = new Original(options, Path.of(arguments[0]));
        System.out.println(
                "| scene | bridge of | sent | lost | duplicates | out of order | latency p50, ms | p99, ms | max, ms"
                        + " | most on their way | besides |\n|---|---|---|---|---|---|---|---|---|---|---|");
        for (char scene : options.text("scenes").toCharArray()) {
            for (String near : options.text("near").split(",")) {
                original.play(scene, near.equals("bascule"));
            }
        }
        System.out.println("\n" + Load.account(before));
        System.exit(original.judgement.print() ? 0 : 1);
    }

    private void play(char scene, boolean ours) throws Exception {
        switch (scene) {
            case 'a' -> onlyOurs(ours, this::edits);
            case 'b' -> onlyOurs(ours, this::secondBridge);
            case 'c' -> stage(ours, Duration.ZERO, "", stage -> steady(stage, "c: 5,000/s", 5_000));
            case 'd' -> stage(ours, FAR, "", stage -> steady(stage, "d: 1,000/s, 40 ms there and back", 1_000));
            case 'e' -> stage(ours, Duration.ZERO, queue(ours, 1_024), this::cuts);
            case 'f' -> stage(ours, Duration.ZERO, "", this::numbered);
            case 'g' -> stage(ours, Duration.ZERO, queue(ours, 1_000), this::dropped);
            default -> throw new IllegalArgumentException("there is no scene " + scene);
        }
    }

    private static String queue(boolean ours, int messages) {
        return ours ? "queue.messages = " + messages + "\n" : "max_queued_messages " + messages + "\nsys_interval 1\n";
    }

    private void onlyOurs(boolean ours, Scene scene) throws Exception {
        if (ours) {
            stage(true, Duration.ZERO, "", scene);
        }
    }

    /** What a scene plays on, with one stream through the bridge. */
    private record Stage(
            Near near, Peer far, Proxy proxy, AtomicInteger connections, Streams streams, Account account) {
        BrokerProcess broker() {
            return ((Near.Bascule) near).broker();
        }

        boolean ours() {
            return near instanceof Near.Bascule;
        }
    }

    private interface Scene {
        void play(Stage stage) throws Exception;
    }

    private void stage(boolean ours, Duration oneWay, String more, Scene scene) throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (Peer far = Peer.mosquitto(List.of(), "");
                Streams streams = new Streams(PAYLOAD_BYTES);
                Proxy proxy = new Proxy(far.address(), oneWay, () -> {
                    streams.mark();
                    connections.incrementAndGet();
                });
                Near near = ours
                        ? Near.Bascule.start(launcher, Cores.divide(false), options.text("jvm"), proxy.address(), more)
                        : Near.Mosquitto.start(List.of(), proxy.address(), more)) {
            if (!Streams.await(DRAIN_SECONDS, () -> connections.get() > 0)) {
                throw new IOException("the bridge of " + near + " does not connect");
            }
            Account account =
                    streams.add("forward", 1, new Streams.Way(near.address(), "up/1", far.address(), "far/up/1"));
            scene.play(new Stage(near, far, proxy, connections, streams, account));
        }
    }

    /** Begins to send; what comes after the warm-up counts for the latency. */
    private static Histogram begin(Stage stage, double rate) throws InterruptedException {
        stage.streams().start(rate);
        Thread.sleep(WARM_UP_MILLIS);
        Streams.await(DRAIN_SECONDS, () -> stage.account().behind() < rate / 10);
        return stage.account().begin();
    }

    /** Sends no more, waits for the rest, and prints the row of a scene in which nothing may be lost. */
    private void end(Stage stage, String scene, Histogram latencies, String besides) throws InterruptedException {
        stage.streams().stop();
        boolean settled = stage.streams().awaitSettled(DRAIN_SECONDS);
        print(stage, scene, latencies, besides);
        demand(
                stage,
                scene,
                settled && stage.account().lost() == 0,
                stage.account().lost() + " lost");
        demand(stage, scene, stage.account().outOfOrder() == 0, stage.account().outOfOrder() + " out of order");
    }

    private static void print(Stage stage, String scene, Histogram latencies, String besides) {
        Account account = stage.account();
        System.out.printf(
                "| %s | %s | %d | %d | %d | %d | %s | %d | %s |%n",
                scene,
                stage.near(),
                account.sent(),
                account.lost(),
                account.duplicates(),
                account.outOfOrder(),
                latencies.cells(),
                account.mostBehind(),
                besides);
    }

    private void demand(Stage stage, String scene, boolean met, String otherwise) {
        if (stage.ours()) {
            judgement.demand(met, scene + ": " + otherwise);
        }
    }

    private void edits(Stage stage) throws Exception {
        int edits = options.number("edits");
        String scene = "a: " + edits + " edits at 1,000/s";
        Path often = Files.createDirectories(stage.broker().folder().resolve("often"));
        stage.broker()
                .write(
                        "org.apache.felix.fileinstall-often.cfg",
                        "felix.fileinstall.dir = " + often
                                + "\nfelix.fileinstall.poll = 100\nfelix.fileinstall.filter = .*\\\\.cfg\n"
                                + "felix.fileinstall.enableConfigSave = false\n");
        stage.broker().delete("io.bascule.bridge-" + Near.BRIDGE + ".cfg");
        stage.account().expectTrouble();
        edit(often, stage, 0);
        Histogram latencies = begin(stage, 1_000);
        Recoveries recoveries = new Recoveries();
        for (int i = 1; i <= edits && recoveries.failed() == 0; i++) {
            stage.account().expectTrouble();
            long from = System.nanoTime();
            edit(often, stage, i % 2);
            recoveries.await(stage.streams().accounts(), from);
        }
        stage.streams().stop();
        stage.streams().awaitSettled(DRAIN_SECONDS);
        String residue = stage.broker().ask("mqtt:bridge-residue --json");
        long live = BrokerProcess.figure(residue, "live");
        long closings = BrokerProcess.figure(residue, "closings");
        end(
                stage,
                scene,
                latencies,
                String.format(
                        "closed %d times, residue %d; flows again after %s ms (p50, p99, max)",
                        closings, live, recoveries.flowingMillis()));
        demand(stage, scene, recoveries.failed() == 0, "does not recover");
        demand(stage, scene, closings >= edits, "closed " + closings + " times only");
        demand(stage, scene, live == 0, "residue " + live);
    }

    private static void edit(Path often, Stage stage, int i) throws IOException {
        Path temporary = often.resolve("bridge.tmp");
        Files.writeString(
                temporary, Near.Bascule.text(Near.BRIDGE, stage.proxy().address(), "keepalive = " + (60 + i) + "s\n"));
        Files.move(
                temporary,
                often.resolve("io.bascule.bridge-" + Near.BRIDGE + ".cfg"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void secondBridge(Stage stage) throws Exception {
        int times = options.number("bridges");
        String scene = "b: a second bridge " + times + " times at 1,000/s";
        AtomicInteger seconds = new AtomicInteger();
        try (Proxy proxy = new Proxy(stage.far().address(), Duration.ZERO, seconds::incrementAndGet)) {
            String second = "server = mqtt://127.0.0.1:" + proxy.address().getPort()
                    + "\nforward.other = other/# -> far/other/{#}\ndelete.grace = 0s\n";
            Histogram without = begin(stage, 1_000);
            Thread.sleep(options.number("seconds") * 1000L);
            Histogram with = stage.account().begin();
            boolean came = true;
            for (int i = 1; i <= times && came; i++) {
                int wanted = i;
                stage.broker().write("io.bascule.bridge-second.cfg", second);
                came = Streams.await(DRAIN_SECONDS, () -> seconds.get() >= wanted);
                stage.broker().delete("io.bascule.bridge-second.cfg");
                awaitOneBridge(stage.broker());
            }
            int connections = stage.connections().get();
            end(
                    stage,
                    scene,
                    with,
                    String.format(
                            "p99 without it %.2f ms, ratio %.2f; the second connected %d times, the first %d",
                            without.millisAt(0.99),
                            with.millisAt(0.99) / without.millisAt(0.99),
                            seconds.get(),
                            connections));
            demand(stage, scene, came, "the second bridge does not connect");
            demand(stage, scene, connections == 1, "the first bridge has connected " + connections + " times");
            demand(
                    stage,
                    scene,
                    with.millisAt(0.99) <= without.millisAt(0.99) * UNDISTURBED
                            || with.millisAt(0.99) - without.millisAt(0.99) <= UNDISTURBED_MILLIS,
                    "p99 has grown");
        }
    }

    private static void awaitOneBridge(BrokerProcess broker) throws IOException, InterruptedException {
        for (int i = 0; i < 300 && broker.ask("mqtt:bridges --json").contains("\"second\""); i++) {
            Thread.sleep(50);
        }
    }

    private void steady(Stage stage, String scene, int rate) throws Exception {
        Histogram latencies = begin(stage, rate);
        long receivedBefore = stage.account().received();
        long begin = System.nanoTime();
        Thread.sleep(options.number("seconds") * 1000L);
        double perSecond = (stage.account().received() - receivedBefore) / ((System.nanoTime() - begin) / 1e9);
        end(stage, scene, latencies, String.format("%.0f/s arrived", perSecond));
        demand(stage, scene, perSecond >= SUSTAINED * rate, String.format("%.0f/s arrived", perSecond));
    }

    private void cuts(Stage stage) throws Exception {
        int cuts = options.number("cuts");
        String scene = "e: " + cuts + " cuts of 2.5 s at 300/s";
        Histogram latencies = begin(stage, 300);
        Recoveries recoveries = new Recoveries();
        for (int i = 0; i < cuts && recoveries.failed() == 0; i++) {
            stage.account().expectTrouble();
            stage.proxy().down();
            Thread.sleep(2_500);
            stage.proxy().up();
            Streams.await(DRAIN_SECONDS, () -> stage.account().marked() != 0);
            recoveries.await(stage.streams().accounts(), stage.account().marked());
        }
        end(
                stage,
                scene,
                latencies,
                String.format("backlog gone %.0f ms after the connection at most", recoveries.slowestCaughtUpMillis()));
        demand(stage, scene, recoveries.failed() == 0, "does not recover");
        demand(stage, scene, recoveries.slowestCaughtUpMillis() < 1_000, "the backlog takes longer than 1 s");
        demand(
                stage,
                scene,
                stage.account().duplicates() <= (long) Streams.BRIDGE_WINDOW * cuts,
                stage.account().duplicates() + " duplicates");
    }

    private void numbered(Stage stage) throws Exception {
        Histogram latencies = stage.account().begin();
        stage.streams().start(2_100);
        Streams.await(DRAIN_SECONDS, () -> stage.account().sent() >= 20_000);
        end(stage, "f: 20,000 numbered at 2,100/s", latencies, "-");
    }

    private void dropped(Stage stage) throws Exception {
        String scene = "g: dropped against missing";
        Histogram latencies = stage.account().begin();
        stage.proxy().down();
        stage.streams().publish(DROPPED_FIRST);
        stage.streams().publish(DROPPED_THEN);
        Streams.await(DRAIN_SECONDS, () -> stage.account().acknowledged() >= DROPPED_FIRST + DROPPED_THEN);
        stage.proxy().up();
        long missing = missing(stage.account());
        long dropped = -1;
        for (int i = 0; i < TO_TELL_SECONDS && dropped != missing; i++) {
            Thread.sleep(1000);
            dropped = SysTopic.dropped(stage.near().address(), stage.near().droppedTopic());
        }
        print(stage, scene, latencies, String.format("%d dropped, it says; %d are missing", dropped, missing));
        demand(stage, scene, dropped == missing, dropped + " dropped and " + missing + " missing");
        demand(stage, scene, missing > 0, "nothing is missing");
    }

    /** What is missing once nothing has come for three seconds. */
    private static long missing(Account account) throws InterruptedException {
        long before = -1;
        for (int i = 0; i < 10 && (account.received() == 0 || account.received() != before); i++) {
            before = account.received();
            Thread.sleep(3_000);
        }
        return account.lost();
    }
}
