/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.durable;

import io.bascule.benchmarks.durable.Contenders.Contender;
import io.bascule.benchmarks.support.Cores;
import io.bascule.benchmarks.support.Folders;
import io.bascule.benchmarks.support.Judgement;
import io.bascule.benchmarks.support.Load;
import io.bascule.benchmarks.support.Options;
import io.bascule.benchmarks.support.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How long a broker is away that has a million messages in the queues of sessions whose clients are away, and a hundred thousand retained ones, and what they take
 * of its memory and of the disk. It is filled over MQTT, ended and started again, each time with a clock running until a client that comes
 * at once has its CONNACK; then all clients come back, and it is counted what they get.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar io.bascule.benchmarks.durable.Restart \
 *     bundles/launcher/target/io.bascule.launcher-0.1.0-SNAPSHOT.jar [key=value ...]
 * </pre>
 *
 * Keys: {@code brokers=bascule-fsync,mosquitto}, and what else {@link Durable} knows; {@code messages=1000000} in {@code sessions=1},
 * {@code retained=100000}; {@code payload=256} bytes of each; {@code ends=stop,kill} in this order, of which others than Bascule are spared the
 * {@code kill}; {@code in.flight=1024} while it is filled; {@code pin=true} to part broker and generator by processor; {@code jvm=-Xmx512m} options for Bascule's JVM,
 * separated by spaces; {@code store=} lines for its {@code io.bascule.store.cfg}, separated by semicolons; {@code hivemq=itests/hivemq/target/lib}.
 * Files are where {@code -Djava.io.tmpdir} says: on a disk, please. 5 minutes.
 *
 * <p>The verdict is Bascule's: nothing is lost nor out of order, it is back within {@code seconds.per.million=5}, and what it takes longer than with an empty
 * store is within {@code seconds.per.100MB=2} of its files.
 */
public final class Restart {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double MB = 1e6;

    private final Options options;
    private final Contender contender;
    private final Server server;
    private final Judgement judgement;
    private final List<Book> queued;
    private final List<Book> retained;
    private long bytesBefore;

    private Restart(Options options, Contender contender, Server server, Judgement judgement) {
        this.options = options;
        this.contender = contender;
        this.server = server;
        this.judgement = judgement;
        this.queued = books("queued/", options.number("sessions"));
        this.retained = books("retained/", options.number("retained"));
    }

    private static List<Book> books(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> new Book(i, prefix + i)).toList();
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(
                List.of(
                        "brokers=bascule-fsync,mosquitto",
                        "messages=1000000",
                        "sessions=1",
                        "retained=100000",
                        "payload=256",
                        "ends=stop,kill",
                        "in.flight=1024",
                        "seconds.per.million=5",
                        "seconds.per.100MB=2",
                        "pin=true",
                        "jvm=-Xmx512m",
                        "store=",
                        "hivemq=itests/hivemq/target/lib"),
                arguments);
        String before = Load.now();
        Cores cores = Cores.divide(options.flag("pin"));
        System.out.println("load average " + before + "; " + cores.description() + "; " + DiskProbe.describe());
        Contenders contenders = new Contenders(
                Path.of(arguments[0]),
                cores,
                options.text("jvm"),
                Path.of(options.text("hivemq")),
                options.text("store"));
        System.out.println(
                "| broker | ended by | start to CONNACK, s | empty, s | files, MB | live heap, MiB | RSS, MiB |"
                        + "\n|---|---|---|---|---|---|---|");
        Judgement judgement = new Judgement();
        StringBuilder accounts = new StringBuilder("\n");
        for (Contender contender : contenders.named(options.text("brokers"))) {
            Server server = contender.start().start();
            try (server) {
                accounts.append(new Restart(options, contender, server, judgement).measure());
            }
            Folders.delete(server.folder());
        }
        System.out.print(accounts);
        System.out.println(Load.account(before));
        System.exit(judgement.print() ? 0 : 1);
    }

    /** Prints its rows, and returns what else there is to say. */
    private String measure() throws Exception {
        server.stop();
        Restarts.millis(server); // with all its own files in the system's cache from now on
        server.stop();
        double empty = Restarts.millis(server) / 1e3;
        bytesBefore = Folders.bytes(server.folder());
        String account = contender + ": " + fill();
        for (String end : options.text("ends").split(",")) {
            if (contender.isOurs() || end.equals("stop")) {
                restart(end, empty);
            }
        }
        return account + "; " + take() + "\n";
    }

    private String fill() throws IOException {
        for (Book each : queued) {
            String topic = "queued/" + each.index();
            Taker.subscribe(server.address(), topic, topic);
        }
        int messages = options.number("messages");
        double seconds = publish(queued, messages, false) + publish(retained, retained.size(), true);
        return String.format("filled with %.0f messages/s", (messages + retained.size()) / seconds);
    }

    private double publish(List<Book> books, int count, boolean retain) throws IOException {
        if (count == 0) {
            return 0;
        }
        Publisher.Shape shape = new Publisher.Shape(options.number("in.flight"), options.number("payload"), retain);
        int[] left = {count};
        long begin = System.nanoTime();
        try (Publisher publisher = new Publisher(server.address(), "filling", books, shape)) {
            publisher.publish(() -> left[0]-- > 0);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private void restart(String end, double empty) throws Exception {
        if (end.equals("kill")) {
            server.kill();
        } else {
            server.stop();
        }
        double megabytes = megabytes();
        double seconds = Restarts.millis(server) / 1e3;
        System.out.printf(
                "| %s | %s | %.2f | %.2f | %.0f | %s | %.0f |%n",
                contender,
                end,
                seconds,
                empty,
                megabytes,
                contender.isJava() ? String.format("%.0f", server.vitals().liveHeapMiB()) : "",
                server.vitals().residentMiB());
        if (contender.isOurs()) {
            double most = options.decimal("seconds.per.million") * Math.max(1, options.number("messages") / 1e6);
            judgement.demand(seconds <= most, String.format("%s after %s: back after %.2f s", contender, end, seconds));
            double perHundred = (seconds - empty) / megabytes * 100;
            judgement.demand(
                    perHundred <= options.decimal("seconds.per.100MB"),
                    String.format("%s after %s: %.2f s per 100 MB", contender, end, perHundred));
        }
    }

    /** What its files take, without those that were there before it was filled. */
    private double megabytes() throws IOException {
        return (Folders.bytes(server.folder()) - bytesBefore) / MB;
    }

    private String take() throws IOException {
        long begin = System.nanoTime();
        for (Book each : queued) {
            try (Taker taker = new Taker(server.address(), "queued/" + each.index(), queued, 0)) {
                taker.takeAll(List.of(each), PATIENCE);
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        try (Taker taker = new Taker(server.address(), "retained", retained, 0)) {
            taker.subscribe("retained/#");
            taker.take(() -> taker.received() >= retained.size(), PATIENCE);
        }
        Taker.forget(server.address(), "retained");
        String account = String.format("all taken in %.1f s", seconds)
                + missing("queued", queued)
                + missing("retained", retained);
        return account
                + String.format("; files then %.0f MB", megabytes())
                + (contender.isJava()
                        ? String.format(", live heap %.0f MiB", server.vitals().liveHeapMiB())
                        : "");
    }

    private String missing(String what, List<Book> books) {
        long lost = Book.sum(books, Book::missing);
        long outOfOrder = Book.sum(books, Book::outOfOrder);
        long refused = Book.sum(books, Book::refused);
        String account = String.format(
                "; of %d %s: %d lost, %d twice, %d out of order, %d refused",
                Book.sum(books, Book::published), what, lost, Book.sum(books, Book::repeated), outOfOrder, refused);
        if (contender.isOurs()) {
            judgement.demand(lost + outOfOrder + refused == 0, contender + account);
        }
        return account;
    }
}
