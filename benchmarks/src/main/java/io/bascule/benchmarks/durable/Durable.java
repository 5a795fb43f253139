/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.durable;

import io.bascule.benchmarks.durable.Contenders.Contender;
import io.bascule.benchmarks.support.Cores;
import io.bascule.benchmarks.support.Folders;
import io.bascule.benchmarks.support.Histogram;
import io.bascule.benchmarks.support.Judgement;
import io.bascule.benchmarks.support.Load;
import io.bascule.benchmarks.support.Options;
import io.bascule.benchmarks.support.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How many QoS 1 messages a second a broker takes that it has to keep, since their only subscriber is away, and how long it takes to
 * acknowledge one; then it is killed while it is at it, started again, and asked for what it had acknowledged. Bascule, Mosquitto and
 * HiveMQ CE in turns, each time with nothing to begin with.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar io.bascule.benchmarks.durable.Durable \
 *     bundles/launcher/target/io.bascule.launcher-0.1.0-SNAPSHOT.jar [key=value ...]
 * </pre>
 *
 * Keys: {@code brokers=bascule-fsync,bascule-flush,mosquitto,mosquitto-autosave,hivemq}, of which {@code mosquitto-autosave} is one with
 * {@code autosave_on_changes true} and {@code autosave_interval 1}, and there is {@code bascule-memory} besides;
 * {@code in.flight=1,64,1024} messages that are not acknowledged, of each of {@code connections=1} publishers with a topic each;
 * {@code payload=256} bytes; {@code warm.up=5} and {@code seconds=10} of each measurement; {@code rounds=2} of all that, of which the best one of
 * each counts for the ratios; {@code pin=true} to part broker and generator by processor; {@code jvm=-Xmx512m} options for Bascule's JVM,
 * separated by spaces; {@code store=} lines for its {@code io.bascule.store.cfg}, separated by semicolons; {@code hivemq=itests/hivemq/target/lib}.
 * Files are where {@code -Djava.io.tmpdir} says: on a disk, please. 15 minutes.
 *
 * <p>The verdict is that Bascule, whether it forces the disk or only hands over to the system, has lost nothing that it acknowledged and has kept the order,
 * and that with {@code flush} it takes {@code at.least=1.0} times as much as any other that has lost nothing either.
 */
public final class Durable {
    private static final long SETTLE_MILLIS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int WARM_UP_IN_FLIGHT = 64;

    private final Options options;
    private final List<Contender> contenders;
    private final List<Integer> windows;
    private final Map<String, Best> bests = new LinkedHashMap<>();
    private final Judgement judgement = new Judgement();

    /** The best round of one broker with so many in flight, and what it lost in all of them. */
    private record Best(double perSecond, long lost) {
        Best with(double otherPerSecond, long more) {
            return new Best(Math.max(perSecond, otherPerSecond), lost + more);
        }
    }

    /** What one measurement says. */
    private record Taken(double perSecond, Histogram latencies, double cpuPerMillion, double writtenPerMessage) {}

    private Durable(Options options, Contenders contenders) {
        this.options = options;
        this.contenders = contenders.named(options.text("brokers"));
        this.windows = Stream.of(options.text("in.flight").split(","))
                .map(Integer::valueOf)
                .toList();
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(
                List.of(
                        "brokers=bascule-fsync,bascule-flush,mosquitto,mosquitto-autosave,hivemq",
                        "in.flight=1,64,1024",
                        "connections=1",
                        "payload=256",
                        "warm.up=5",
                        "seconds=10",
                        "rounds=2",
                        "at.least=1.0",
                        "pin=true",
                        "jvm=-Xmx512m",
                        "store=",
                        "hivemq=itests/hivemq/target/lib"),
                arguments);
        String before = Load.now();
        Cores cores = Cores.divide(options.flag("pin"));
        System.out.println("load average " + before + "; " + cores.description() + "; " + DiskProbe.describe());
        Durable run = new Durable(
                options,
                new Contenders(
                        Path.of(arguments[0]),
                        cores,
                        options.text("jvm"),
                        Path.of(options.text("hivemq")),
                        options.text("store")));
        run.measure();
        run.compare();
        System.out.println(Load.account(before));
        System.exit(run.judgement.print() ? 0 : 1);
    }

    private void measure() throws Exception {
        System.out.println("| round | in flight | broker | messages/s | p50, ms | p99, ms | max, ms | CPU s per million"
                + " | bytes written per message | acknowledged | lost by kill -9 | twice | out of order | restart, ms |"
                + "\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (int round = 1; round <= options.number("rounds"); round++) {
            for (int window : windows) {
                for (Contender contender : contenders) {
                    System.out.printf("| %d | %d | %s | ", round, window, contender);
                    Server server = contender.start().start();
                    try (server) {
                        measure(server, contender, window);
                    }
                    Folders.delete(server.folder());
                }
            }
        }
    }

    private void measure(Server server, Contender contender, int window) throws Exception {
        warmUp(server);
        Taker.subscribe(server.address(), "kept", "kept/#");
        List<Book> books = new ArrayList<>();
        for (int i = 0; i < options.number("connections"); i++) {
            books.add(new Book(i, "kept/" + i));
        }
        Taken taken = killedAtTheEnd(server, books, window);
        double restart = Restarts.millis(server);
        try (Taker taker = new Taker(server.address(), "kept", books, 0)) {
            if (taker.sessionPresent()) {
                taker.takeAll(books, PATIENCE);
            }
        }
        long lost = Book.sum(books, Book::missing);
        long outOfOrder = Book.sum(books, Book::outOfOrder);
        System.out.printf(
                "%.0f | %s | %.1f | %.0f | %d | %d | %d | %d | %.0f |%n",
                taken.perSecond(),
                taken.latencies().cells(),
                taken.cpuPerMillion(),
                taken.writtenPerMessage(),
                Book.sum(books, Book::acknowledged),
                lost,
                Book.sum(books, Book::repeated),
                outOfOrder,
                restart);
        bests.put(key(contender, window), best(contender, window).with(taken.perSecond(), lost));
        if (contender.isOurs()) {
            long refused = Book.sum(books, Book::refused);
            String who = contender + ", " + window + " in flight: ";
            judgement.demand(lost == 0, who + lost + " lost");
            judgement.demand(outOfOrder == 0, who + outOfOrder + " out of order");
            judgement.demand(refused == 0, who + refused + " refused");
        }
    }

    /** Has it run hot, with a queue that is forgotten then. */
    private void warmUp(Server server) throws Exception {
        Taker.subscribe(server.address(), "warm", "warm");
        Publisher.Shape shape = new Publisher.Shape(WARM_UP_IN_FLIGHT, options.number("payload"), false);
        long end = System.nanoTime()
                + Duration.ofSeconds(options.number("warm.up")).toNanos();
        try (Publisher publisher = new Publisher(server.address(), "warming", List.of(new Book(0, "warm")), shape)) {
            publisher.publish(() -> System.nanoTime() - end < 0);
        }
        Taker.forget(server.address(), "warm");
    }

    private Taken killedAtTheEnd(Server server, List<Book> books, int window) throws Exception {
        Publisher.Shape shape = new Publisher.Shape(window, options.number("payload"), false);
        List<Publishing> publishing = new ArrayList<>();
        for (Book book : books) {
            publishing.add(
                    new Publishing(new Publisher(server.address(), "publisher-" + book.index(), List.of(book), shape)));
        }
        Thread.sleep(SETTLE_MILLIS);
        Histogram latencies = new Histogram();
        publishing.forEach(each -> each.publisher().count(latencies));
        double cpu = server.cpu().toNanos() / 1e9;
        double written = server.vitals().writtenBytes();
        long begin = System.nanoTime();
        Thread.sleep(options.number("seconds") * 1000L);
        publishing.forEach(each -> each.publisher().count(new Histogram()));
        double seconds = (System.nanoTime() - begin) / 1e9;
        cpu = server.cpu().toNanos() / 1e9 - cpu;
        written = server.vitals().writtenBytes() - written;
        for (Publishing each : publishing) {
            each.checkIsPublishing();
        }
        server.kill();
        for (Publishing each : publishing) {
            each.await();
        }
        long count = latencies.count();
        return new Taken(count / seconds, latencies, cpu / count * 1e6, written / count);
    }

    private static String key(Contender contender, int window) {
        return contender.key() + " " + window;
    }

    private Best best(Contender contender, int window) {
        return bests.getOrDefault(key(contender, window), new Best(0, 0));
    }

    private void compare() throws IOException {
        double atLeast = options.decimal("at.least");
        System.out.println();
        for (int window : windows) {
            for (Contender ours : contenders.stream().filter(Contender::isOurs).toList()) {
                for (Contender theirs :
                        contenders.stream().filter(each -> !each.isOurs()).toList()) {
                    Best other = best(theirs, window);
                    double ratio = best(ours, window).perSecond() / other.perSecond();
                    String sentence = String.format(
                            "%s, %d in flight: %.2f times as much as %s, which lost %d",
                            ours, window, ratio, theirs, other.lost());
                    System.out.println(sentence);
                    if (ours.key().equals("bascule-flush") && other.lost() == 0) {
                        judgement.demand(ratio >= atLeast, sentence);
                    }
                }
            }
        }
    }
}
