/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.storm;

import io.bascule.benchmarks.support.BrokerProcess;
import io.bascule.benchmarks.support.Cores;
import io.bascule.benchmarks.support.Load;
import io.bascule.benchmarks.support.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Publishes to a hundred subscribers of one topic, of which one all but stops reading, at QoS 0 and then at QoS 1, and prints what the others
 * felt, what the broker kept for the slow one, and whether its books balance: what was published to it, it has read or it was dropped.
 *
 * <pre>
 * java -Xmn768m -cp benchmarks/target/benchmarks.jar io.bascule.benchmarks.storm.SlowReader \
 *     bundles/launcher/target/io.bascule.launcher-0.1.0-SNAPSHOT.jar [key=value ...]
 * </pre>
 *
 * Keys: {@code subscribers=100}, the slow one among them, {@code rate=1000} messages/s, each of which goes to all, {@code payload=1000}
 * bytes, {@code slow=1000} bytes/s that the slow one reads, 0 for none, {@code seconds=15} of each phase, {@code queue.messages=5000} and
 * {@code queue.bytes=2MiB} of the broker, {@code pin=true} to part broker and generator by processor, {@code jvm=-Xmx512m} options for the
 * broker's JVM, separated by spaces.
 */
public final class SlowReader {
    private static final long WARM_UP_MILLIS = 5_000;
    private static final long CATCH_UP_SECONDS = 30;

    private final Options options;
    private final BrokerProcess broker;
    private long mostQueued;
    private long mostQueuedBytes;
    private double allReadP99;

    private SlowReader(BrokerProcess broker, Options options) {
        this.broker = broker;
        this.options = options;
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(
                List.of(
                        "subscribers=100",
                        "rate=1000",
                        "payload=1000",
                        "slow=1000",
                        "seconds=15",
                        "queue.messages=5000",
                        "queue.bytes=2MiB",
                        "pin=true",
                        "jvm=-Xmx512m"),
                arguments);
        String before = Load.now();
        Cores cores = Cores.divide(options.flag("pin"));
        System.out.println("load average " + before + "; " + cores.description());
        String configuration = "queue.messages = " + options.text("queue.messages") + "\nqueue.bytes = "
                + options.text("queue.bytes") + "\n";
        try (BrokerProcess broker =
                new BrokerProcess(Path.of(arguments[0]), cores, options.text("jvm"), configuration)) {
            SlowReader run = new SlowReader(broker, options);
            System.out.println(
                    "| QoS | phase | others p50, ms | p99, ms | max, ms | p99 / all read | sent late p99, ms"
                            + " | others' messages lost | most queued for it (of " + options.text("queue.messages")
                            + ") | most queue bytes (of " + options.text("queue.bytes")
                            + ") | dropped | broker CPU, s | RSS, MiB |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|");
            StringBuilder books = new StringBuilder();
            for (int qos = 0; qos <= 1; qos++) {
                books.append(run.measure(qos)).append('\n');
            }
            System.out.print(books);
            System.out.println(Load.account(before));
            System.out.println("the broker's log is in " + broker.folder());
        }
    }

    private String measure(int qos) throws Exception {
        Traffic.Shape shape = new Traffic.Shape(
                "feed-" + qos,
                1,
                options.number("subscribers") - 1,
                qos,
                options.number("payload"),
                options.number("rate"));
        String slowId = "slow-" + qos;
        try (Traffic traffic = new Traffic(broker.address(), shape);
                Laggard slow = new Laggard(broker.address(), slowId, shape.topic(0), qos)) {
            traffic.start();
            Thread.sleep(WARM_UP_MILLIS);
            allReadP99 = 0;
            phase(traffic, qos, "all read", slowId);
            slow.read(options.number("slow"));
            phase(traffic, qos, "one reads " + options.number("slow") + " bytes/s", slowId);
            traffic.drain();
            slow.read(Laggard.EVERYTHING);
            return books(traffic, slow, slowId);
        }
    }

    private void phase(Traffic traffic, int qos, String name, String slowId) throws Exception {
        mostQueued = 0;
        mostQueuedBytes = 0;
        double cpuBefore = broker.cpu().toMillis() / 1e3;
        Traffic.Felt felt = traffic.begin();
        for (int i = 0; i < options.number("seconds"); i++) {
            Thread.sleep(1000);
            look(slowId);
        }
        traffic.begin();
        double cpu = broker.cpu().toMillis() / 1e3 - cpuBefore;
        Thread.sleep(1000); // for what was due before and is on its way
        double p99 = felt.latencies().millisAt(0.99);
        allReadP99 = allReadP99 == 0 ? p99 : allReadP99;
        long expected = felt.lateness().count() * (options.number("subscribers") - 1);
        System.out.printf(
                "| %d | %s | %s | %.1f | %.2f | %d | %d | %d | %d | %.1f | %.0f |%n",
                qos,
                name,
                felt.latencies().cells(),
                p99 / allReadP99,
                felt.lateness().millisAt(0.99),
                expected - felt.latencies().count(),
                mostQueued,
                mostQueuedBytes,
                dropped(slowId),
                cpu,
                broker.vitals().residentMiB());
    }

    private void look(String slowId) throws IOException {
        String session = session(slowId);
        mostQueued = Math.max(mostQueued, BrokerProcess.figure(session, "queued"));
        mostQueuedBytes = Math.max(mostQueuedBytes, BrokerProcess.figure(session, "queuedBytes"));
    }

    private long dropped(String slowId) throws IOException {
        return BrokerProcess.figure(session(slowId), "dropped");
    }

    /** What the broker's console says of the slow one's session. */
    private String session(String slowId) throws IOException {
        String clients = broker.ask("mqtt:clients --json");
        int begin = clients.indexOf("\"clientId\": \"" + slowId + '"');
        if (begin < 0) {
            throw new IllegalStateException("the broker does not know " + slowId);
        }
        return clients.substring(begin, clients.indexOf('}', begin));
    }

    private String books(Traffic traffic, Laggard slow, String slowId) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CATCH_UP_SECONDS);
        while (slow.received() + dropped(slowId) < traffic.sent() && System.nanoTime() - deadline < 0) {
            Thread.sleep(100);
        }
        long difference = traffic.sent() - slow.received() - dropped(slowId);
        return traffic.account()
                + String.format(
                        "; %s: %d published to it, %d read in the end, %d dropped, %d unaccounted for, %d out of order",
                        slowId, traffic.sent(), slow.received(), dropped(slowId), difference, slow.outOfOrder());
    }
}
