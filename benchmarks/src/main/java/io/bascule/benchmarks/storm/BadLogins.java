/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.storm;

import io.bascule.benchmarks.support.BrokerProcess;
import io.bascule.benchmarks.support.Cores;
import io.bascule.benchmarks.support.Judgement;
import io.bascule.benchmarks.support.Load;
import io.bascule.benchmarks.support.Options;
import io.bascule.benchmarks.support.Ports;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.function.IntFunction;

/**
 * Logs in with wrong passwords, a thousand times a second, at a listener that has a password file, beside a hundred clients that go on at QoS 1, and
 * prints what those felt: with an expensive hash and a cheap one, by one user, who is soon banned, and by a new one each time, of whom none is. All
 * come from loopback, which is not banned as a whole.
 *
 * <pre>
 * java -Xmn256m -cp benchmarks/target/benchmarks.jar io.bascule.benchmarks.storm.BadLogins \
 *     bundles/launcher/target/io.bascule.launcher-0.1.0-SNAPSHOT.jar [key=value ...]
 * </pre>
 *
 * Keys: {@code logins=1000} a second, {@code pairs=50} of steady publishers and subscribers, {@code rate=1000} messages/s among them in all,
 * {@code seconds=15} of each phase, {@code factor=3} by which their p99 may grow, {@code pin=true} to part broker and generator by processor,
 * {@code jvm=-Xmx512m} options for the broker's JVM, separated by spaces. It takes 16,000 open files. It ends with {@code PASS} or {@code FAIL}, and an
 * exit status to match.
 */
public final class BadLogins {
    private static final long WARM_UP_SECONDS = 10;
    private static final int PAYLOAD_BYTES = 64;
    private static final String STORM_THREAD = "storm";
    private static final String USER = "alice";
    /** Hashes of nothing, since nobody is to get in. */
    private static final Map<String, String> HASHES = Map.of(
            "Argon2id", "$argon2id$v=19$m=19456,t=2,p=1$" + base64(16) + "$" + base64(32),
            "PBKDF2", "$7$101$" + padded(12) + "$" + padded(64));

    private final Options options;
    private final Judgement judgement;
    private final BrokerProcess broker;
    private final InetSocketAddress guarded;
    private final String hash;
    private Traffic steady;
    private double quietP99;

    private BadLogins(
            Options options, Judgement judgement, BrokerProcess broker, InetSocketAddress guarded, String hash) {
        this.options = options;
        this.judgement = judgement;
        this.broker = broker;
        this.guarded = guarded;
        this.hash = hash;
    }

    private static String padded(int bytes) {
        return Base64.getEncoder().encodeToString(new byte[bytes]);
    }

    private static String base64(int bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(new byte[bytes]);
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(
                List.of("logins=1000", "pairs=50", "rate=1000", "seconds=15", "factor=3", "pin=true", "jvm=-Xmx512m"),
                arguments);
        String before = Load.now();
        Cores cores = Cores.divide(options.flag("pin"));
        System.out.println("load average " + before + "; " + cores.description());
        System.out.println(
                "| hash | phase | steady p50, ms | p99, ms | max, ms | p99 / quiet p99 | sent late p99, ms"
                        + " | answers | without one yet | broker CPU, s | RSS, MiB |\n|---|---|---|---|---|---|---|---|---|---|---|");
        Judgement judgement = new Judgement();
        for (String hash : List.of("Argon2id", "PBKDF2")) {
            run(Path.of(arguments[0]), options, cores, judgement, hash);
        }
        System.out.println(Load.account(before));
        System.exit(judgement.print() ? 0 : 1);
    }

    private static void run(Path launcher, Options options, Cores cores, Judgement judgement, String hash)
            throws Exception {
        InetSocketAddress guarded = Ports.free();
        Path users = Files.writeString(Files.createTempFile("bascule-users", ""), USER + ":" + HASHES.get(hash) + "\n");
        Map<String, String> configuration = Map.of(
                BrokerProcess.LISTENER,
                "authenticators = none\n",
                "io.bascule.listener-guarded.cfg",
                "port = " + guarded.getPort() + "\nauthenticators = plant\n",
                "io.bascule.passwords-plant.cfg",
                "file = " + users + "\n");
        try (BrokerProcess broker = new BrokerProcess(launcher, cores, options.text("jvm"), configuration)) {
            BadLogins run = new BadLogins(options, judgement, broker, guarded, hash);
            FutureTask<Void> measuring = new FutureTask<>(run::measure);
            Thread thread = new Thread(measuring, STORM_THREAD);
            thread.start();
            try {
                measuring.get();
            } finally {
                thread.interrupt();
            }
        } finally {
            Files.delete(users);
        }
    }

    private Void measure() throws Exception {
        Cores.yieldToAll(STORM_THREAD); // those who intrude are not to hold up those who measure
        Traffic.Shape shape =
                new Traffic.Shape("steady", options.number("pairs"), 1, 1, PAYLOAD_BYTES, options.number("rate"));
        try (Traffic traffic = new Traffic(broker.address(), shape);
                Intruders intruders = new Intruders(guarded)) {
            steady = traffic;
            traffic.start();
            intruders.intrude(options.number("logins"), WARM_UP_SECONDS, number -> "warm-up-" + number);
            intruders.intrude(0, WARM_UP_SECONDS, String::valueOf); // what waits for its answer gets it
            judgement.demand(intruders.waiting() == 0, hash + ": intruders still wait as the quiet phase begins");
            phase(intruders, "quiet", 0, String::valueOf);
            phase(intruders, "one user", options.number("logins"), number -> USER);
            phase(intruders, "a new user each time", options.number("logins"), number -> "nobody-" + number);
            steady.drain();
            System.out.println("| " + hash + " | " + steady.account() + " | | | | | | | | | |");
            judgement.demand(steady.lost() == 0, hash + ": messages of the steady clients are lost");
        }
        return null;
    }

    private void phase(Intruders intruders, String name, int logins, IntFunction<String> user) throws Exception {
        double cpuBefore = broker.cpu().toMillis() / 1e3;
        Traffic.Felt felt = steady.begin();
        Map<String, Integer> answers = intruders.intrude(logins, options.number("seconds"), user);
        int waiting = intruders.waiting();
        double cpu = broker.cpu().toMillis() / 1e3 - cpuBefore;
        steady.begin();
        intruders.intrude(0, WARM_UP_SECONDS, String::valueOf); // for what was due, and for who waits
        double p99 = felt.latencies().millisAt(0.99);
        quietP99 = quietP99 == 0 ? p99 : quietP99;
        System.out.printf(
                "| %s | %s | %s | %.2f | %.1f | %s | %d | %.1f | %.0f |%n",
                hash,
                name,
                felt.latencies().cells(),
                p99 / quietP99,
                felt.lateness().millisAt(0.99),
                answers,
                waiting,
                cpu,
                broker.vitals().residentMiB());
        judgement.demand(
                p99 <= quietP99 * options.number("factor"),
                String.format("%s, %s: p99 is %.2f times that of the quiet phase", hash, name, p99 / quietP99));
    }
}
