/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.endtoend.Contenders.Contender;
import io.bascule.benchmarks.support.Cores;
import io.bascule.benchmarks.support.Folders;
import io.bascule.benchmarks.support.Judgement;
import io.bascule.benchmarks.support.Load;
import io.bascule.benchmarks.support.Options;
import io.bascule.benchmarks.support.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a message costs a broker in processor time, how many messages a second it moves and how long they take, in scenarios that have names:
 * Bascule, Mosquitto, HiveMQ CE and Moquette, whichever of them are there, in turns.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar io.bascule.benchmarks.endtoend.EndToEnd \
 *     bundles/launcher/target/io.bascule.launcher-0.1.0-SNAPSHOT.jar [key=value ...]
 * </pre>
 *
 * Keys: {@code scenarios=all}, or some of them, separated by commas; {@code brokers=bascule,mosquitto,hivemq,moquette}; {@code rounds=2} of
 * all that, of which the median counts; {@code seconds=1.5} of each measurement, after a second that is not counted; {@code pin=true} to part
 * broker and generator by processor; {@code jvm=-Xms256m -Xmx1g} options for Bascule's JVM, separated by spaces;
 * {@code hivemq=itests/hivemq/target/lib} and {@code moquette=itests/moquette/target/lib}. 15 minutes.
 *
 * <p>But for {@code half-load} publishers are in a closed loop: each has so many messages at most on their way. {@code p2p-10-flood-q0} to
 * {@code -q2} are 10 pairs of a publisher and a subscriber, with 200 messages on their way each, {@code p2p-10-1K-q0} and
 * {@code p2p-10-16K-q0} with 100 and 20 that are longer; {@code p2p-500-ping-q0} and {@code -q1} are 500 pairs with one. Of
 * {@code fanout-1-1000-q0}, {@code fanout-5-1000-q1} and {@code fanin-1000-1-q0} the names say how many publish to how many.
 * {@code sharedsub-1000-5-q1} is a shared subscription of MQTT 5.0, and in {@code wide-100k-q0} three filters of 99,999 match each message.
 * {@code half-load} is 1,000 pairs at half of the rate that they reach in a closed loop, at fixed moments. {@code churn} connects and disconnects
 * 50 clients at a time, {@code backlog-100K} queues for 10 sessions that are away and then return, and {@code retained-100K} sets retained
 * messages, and then gets them.
 *
 * <p>The verdict is that Bascule has lost, duplicated and reordered nothing, and ended no connection.
 */
public final class EndToEnd {
    private static final int SETTLE_MILLIS = 300;

    private final Map<String, Scenario> scenarios;
    private final List<Contender> contenders;
    private final long nanos;
    private final Results results;
    private final Set<String> failed = new HashSet<>();
    private final Judgement judgement = new Judgement();

    private EndToEnd(Options options, Contenders contenders) {
        this.scenarios = Scenarios.named(options.text("scenarios"));
        this.contenders = new ArrayList<>(contenders.named(options.text("brokers")));
        this.nanos = (long) (options.decimal("seconds") * 1e9);
        this.results = new Results(this.contenders);
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(
                List.of(
                        "scenarios=all",
                        "brokers=bascule,mosquitto,hivemq,moquette",
                        "rounds=2",
                        "seconds=1.5",
                        "pin=true",
                        "jvm=-Xms256m -Xmx1g",
                        "hivemq=itests/hivemq/target/lib",
                        "moquette=itests/moquette/target/lib"),
                arguments);
        String before = Load.now();
        Cores cores = Cores.divide(options.flag("pin"));
        System.out.println("load average " + before + "; " + cores.description() + "\n");
        EndToEnd run = new EndToEnd(
                options,
                new Contenders(
                        Path.of(arguments[0]),
                        cores,
                        options.text("jvm"),
                        Path.of(options.text("hivemq")),
                        Path.of(options.text("moquette"))));
        for (int round = 1; round <= options.number("rounds"); round++) {
            run.measure(round);
        }
        run.results.print();
        System.out.println("\n" + Load.account(before));
        System.exit(run.judgement.print() ? 0 : 1);
    }

    private void measure(int round) throws Exception {
        for (Contender contender : List.copyOf(contenders)) {
            Server server;
            try {
                server = contender.start().start();
            } catch (IOException e) {
                System.out.println("- without " + contender + ": " + e.getMessage());
                contenders.remove(contender);
                judgement.demand(!contender.isOurs(), contender + " does not start");
                continue;
            }
            System.err.println("round " + round + ": " + contender);
            try (server) {
                measure(contender, server);
            }
            Folders.delete(server.folder());
        }
    }

    private void measure(Contender contender, Server server) throws Exception {
        for (Scenario scenario : Scenarios.WARM_UP) {
            play(scenario, server, "warm-up");
        }
        for (Map.Entry<String, Scenario> entry : scenarios.entrySet()) {
            Scenario scenario = entry.getValue();
            // What a broker could not do once is not asked of it again.
            String what = contender + ", " + entry.getKey() + ": ";
            if (failed.contains(what) || scenario.wantsVersion5() && !contender.speaksVersion5()) {
                continue;
            }
            try {
                for (Figure figure : play(scenario, server, entry.getKey())) {
                    results.add(contender, figure);
                    if (contender.isOurs()) {
                        judgement.demand(figure.faults().equals(Faults.NONE), figure.row() + ": " + figure.faults());
                    }
                }
            } catch (IOException e) {
                failed.add(what);
                System.out.println("- " + what + e.getMessage());
                judgement.demand(!contender.isOurs(), entry.getKey() + ": " + e.getMessage());
            }
        }
    }

    private List<Figure> play(Scenario scenario, Server server, String name) throws Exception {
        Thread.sleep(SETTLE_MILLIS);
        System.gc(); // what earlier scenarios leave is not to hold up this one
        try (Loop loop = new Loop(server.address())) {
            return scenario.play(new Stage(server, loop, name + "-", nanos));
        }
    }
}
