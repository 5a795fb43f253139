/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import io.bascule.benchmarks.support.BrokerProcess;
import io.bascule.benchmarks.support.Cores;
import io.bascule.benchmarks.support.Judgement;
import io.bascule.benchmarks.support.Load;
import io.bascule.benchmarks.support.Options;
import io.bascule.benchmarks.support.Peer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Sends numbered messages through a bridge in both directions, at QoS 1 and 2 at the same time, while one kind of trouble goes on, and
 * prints what was lost, what came twice and what came late.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar io.bascule.benchmarks.bridge.Ledger \
 *     bundles/launcher/target/io.bascule.launcher-0.1.0-SNAPSHOT.jar [key=value ...]
 * </pre>
 *
 * The trouble is one of these keys, how often; each time it is waited for that the bridge has recovered:
 *
 * <ul>
 *   <li>{@code edits=500}, where no other is named: the bridge's file is written anew, and the bridge closes and opens. 5 minutes.
 *   <li>{@code updates=100} of the bridge's bundle, by {@code update} on the launcher's console, from the jar that is inside the launcher's:
 *       a new class loader each time. A minute.
 *   <li>{@code cuts=100}: every connection between the two brokers is reset, by a proxy between them. Both brokers keep what they have in
 *       memory, so everything that is lost is the bridge's. Two minutes.
 *   <li>{@code kills=100} of the remote broker, which starts again with what it kept on disk. With {@code signal=TERM} it writes all of it
 *       first, and this shows what {@code cuts} does and besides that the bridge comes back to a broker that was away. With
 *       {@code signal=KILL} it writes nothing: Mosquitto then has its state of up to half an hour before and has lost what it had acknowledged. Where the
 *       client beside the bridge has lost something too, losses are printed and not judged. HiveMQ CE writes every message as it comes, but
 *       keeps in memory alone which QoS 2 identifiers it has received: what is sent to it again after a kill it gives out again. Say
 *       {@code witness=true} there, so that the plain client shows as much.
 *   <li>{@code blackholes=20}, each of {@code seconds=60}: the proxy passes nothing on and says nothing, and accepts new connections and
 *       is silent there too. Half an hour. For Mosquitto 2.0 say {@code rate.in=500}: it looks through its whole queue for a client at each
 *       acknowledgement, and with 50,000 messages in it that takes longer than the next message needs to come. The plain client then never
 *       catches up either, and above 65,535 it gives packet identifiers to two messages.
 * </ul>
 *
 * Other keys: {@code peer=mosquitto} or {@code hivemq}, which {@code itests/hivemq} fetches to {@code hivemq=itests/hivemq/target/lib},
 * {@code rate=2000} messages/s in each direction over all, {@code rate.in=0} another rate from the remote broker to here, {@code payload=256} bytes, {@code jvm=-Xmx1g}, {@code drain=120} seconds at the
 * end. {@code seed-loss=true} has the checker throw one message of each stream away: a run that then does not fail is worth nothing.
 *
 * <p>What the remote broker gives to the bridge is read on the way, and what it gives out of order, or once more under another Packet
 * Identifier, is not held against the bridge. With {@code witness=true} a plain client stands beside the bridge as well, where the connection
 * or the remote broker is the trouble: it has the same subscription at the remote broker, behind a proxy to which the same is done. It doubles what
 * the remote broker has to do.
 */
public final class Ledger {
    private static final long WARM_UP_MILLIS = 5_000;
    private static final long LATE_DUPLICATES_MILLIS = 2_000;
    private static final int MOST_PAUSE_MILLIS = 300;
    private static final double RATE_KEPT = 0.95;
    private static final int SEEDED = 100;
    private static final String OUT = "out";
    private static final String IN = "in";
    private static final List<String> NAMES = List.of(OUT, IN);

    private final Options options;
    private final Trouble trouble;
    private final Rig rig;
    private final Streams streams;
    private final Recoveries recoveries = new Recoveries();
    private final Judgement judgement = new Judgement();

    private Ledger(Options options, Rig rig, Streams streams) {
        this.options = options;
        this.trouble = Trouble.asked(options);
        this.rig = rig;
        this.streams = streams;
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(
                List.of(
                        "edits=500",
                        "updates=0",
                        "cuts=0",
                        "kills=0",
                        "blackholes=0",
                        "seconds=60",
                        "signal=TERM",
                        "peer=mosquitto",
                        "hivemq=itests/hivemq/target/lib",
                        "rate=2000",
                        "rate.in=0",
                        "payload=256",
                        "witness=false",
                        "seed-loss=false",
                        "drain=120",
                        "jvm=-Xmx1g"),
                arguments);
        Path launcher = Path.of(arguments[0]);
        String before = Load.now();
        boolean passed;
        try (Peer peer = startPeer(options);
                BrokerProcess broker = new BrokerProcess(launcher, Cores.divide(false), options.text("jvm"), "");
                Streams streams = new Streams(options.number("payload"));
                Rig rig = new Rig(broker, peer, streams::mark)) {
            System.out.println("Bascule, with its log in " + broker.folder() + ", and a bridge to " + peer);
            Ledger ledger = new Ledger(options, rig, streams);
            ledger.measure(launcher);
            System.out.println(Load.account(before));
            passed = ledger.judgement.print();
        }
        System.exit(passed ? 0 : 1);
    }

    private static Peer startPeer(Options options) throws IOException {
        return switch (options.text("peer")) {
            case "mosquitto" -> Peer.mosquitto(List.of(), "");
            case "hivemq" -> Peer.hiveMq(List.of(), Path.of(options.text("hivemq")), 1_000_000, 1_000, "");
            default -> throw new IllegalArgumentException("peer is mosquitto or hivemq");
        };
    }

    private void measure(Path launcher) throws Exception {
        InetSocketAddress near = rig.broker().address();
        InetSocketAddress far = rig.peer().address();
        rig.writeBridge(Trouble.KEEP_ALIVE);
        rig.awaitConnected();
        for (int qos = 1; qos <= 2; qos++) {
            streams.add(OUT, qos, new Streams.Way(near, "up/" + qos, far, "far/up/" + qos));
            streams.add(IN, qos, new Streams.Way(far, Rig.inwards(qos), near, "down/" + qos));
        }
        BridgeBundle bundle = new BridgeBundle(rig.broker(), launcher);
        try (Witness witness = new Witness(rig.beside().address(), streams.accounts())) {
            if (options.flag("witness") && trouble.isFeltBesideTheBridge()) {
                witness.open();
            }
            for (String name : NAMES) {
                streams.start(name, rate(name) / 2.0);
            }
            Thread.sleep(WARM_UP_MILLIS);
            if (options.flag("seed-loss")) {
                streams.accounts().forEach(account -> account.lose((int) account.sent() + SEEDED));
            }
            Map<String, Long> sentBefore = sent();
            long begin = System.nanoTime();
            makeTrouble(bundle);
            double seconds = (System.nanoTime() - begin) / 1e9;
            Map<String, Long> sentAfter = sent();
            streams.stop();
            boolean settled = streams.awaitSettled(options.number("drain"));
            Streams.await(options.number("drain"), () -> witness.lost() == 0);
            Thread.sleep(LATE_DUPLICATES_MILLIS);
            print(witness);
            for (String name : NAMES) {
                judgeRate(name, (sentAfter.get(name) - sentBefore.get(name)) / seconds);
            }
            judge(witness, settled);
        }
    }

    /** Messages a second in one direction. */
    private int rate(String name) {
        int rate = name.equals(IN) ? options.number("rate.in") : 0;
        return rate > 0 ? rate : options.number("rate");
    }

    private Map<String, Long> sent() {
        return NAMES.stream().collect(Collectors.toMap(Function.identity(), streams::sent));
    }

    private void makeTrouble(BridgeBundle bundle) throws Exception {
        Random random = new Random(1);
        int times = options.number(trouble.key());
        for (int i = 0; i < times; i++) {
            streams.accounts().forEach(Account::expectTrouble);
            long from = trouble.happen(rig, bundle, options, i);
            if (trouble == Trouble.BLACKHOLES) {
                streams.mark();
            }
            if (!recoveries.await(streams.accounts(), from)) {
                return;
            }
            // Or every one would come at the same moment of what the brokers do periodically.
            Thread.sleep(random.nextInt(MOST_PAUSE_MILLIS));
        }
    }

    private void print(Witness witness) {
        System.out.println(Account.header());
        streams.accounts().forEach(account -> System.out.println(account.row()));
        witness.rows().forEach(System.out::println);
        System.out.println();
        System.out.println(Recoveries.header());
        System.out.println(recoveries.row(trouble.key()));
        for (int qos = 1; qos <= 2; qos++) {
            System.out.printf(
                    "%nat QoS %d the remote broker gave the bridge %d messages out of order and %d once more as others",
                    qos, rig.wire().outOfOrder(Rig.inwards(qos)), rig.wire().sentAnew(Rig.inwards(qos)));
        }
        System.out.printf("%n%d sessions of the clients here lost by a broker%n", streams.sessionsLost());
    }

    private void judgeRate(String name, double perSecond) {
        System.out.printf("%s: %.0f messages/s sent%n", name, perSecond);
        judgement.demand(
                perSecond >= RATE_KEPT * rate(name),
                String.format("%s: %.0f messages/s sent in place of %d", name, perSecond, rate(name)));
    }

    private void judge(Witness witness, boolean settled) {
        judgement.demand(recoveries.failed() == 0, "the bridge does not recover");
        if (trouble == Trouble.KILLS && options.text("signal").equals("KILL") && witness.lost() > 0) {
            System.out.println("the remote broker has lost messages itself, so that no loss is judged");
            return;
        }
        judgement.demand(settled, "not everything is acknowledged and received in the end");
        for (Account account : streams.accounts()) {
            String name = account.name() + " at QoS " + account.qos();
            judgement.demand(account.lost() == 0, name + ": " + account.lost() + " lost");
            boolean in = account.name().equals(IN);
            boolean outByKilled = !in && trouble == Trouble.KILLS;
            long outOfOrder = in ? rig.wire().outOfOrder(Rig.inwards(account.qos())) : 0;
            judgement.demand(
                    account.outOfOrder() <= outOfOrder || outByKilled && witness.outOfOrder() > 0,
                    name + ": " + account.outOfOrder() + " out of order");
            long duplicates = (account.qos() == 2 ? 0 : (long) Streams.BRIDGE_WINDOW * options.number(trouble.key()))
                    + (in ? rig.wire().sentAnew(Rig.inwards(account.qos())) : 0);
            judgement.demand(
                    account.duplicates() <= duplicates || outByKilled && witness.duplicatesAtQos2() > 0,
                    name + ": " + account.duplicates() + " duplicates");
        }
    }
}
