/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.durable;

import io.bascule.benchmarks.support.Cores;
import io.bascule.benchmarks.support.Folders;
import io.bascule.benchmarks.support.Judgement;
import io.bascule.benchmarks.support.Load;
import io.bascule.benchmarks.support.Options;
import io.bascule.benchmarks.support.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The disk and the heap under a long flow through one queue: as many messages as there are, as fast as they go, to a subscriber with a persistent session that is always some
 * thousand behind and now and then reads nothing. The files of the store are measured all the time, against what the generator's own books say is
 * live: topics and payloads of what was published and not yet taken.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar io.bascule.benchmarks.durable.Day \
 *     bundles/launcher/target/io.bascule.launcher-0.1.0-SNAPSHOT.jar [key=value ...]
 * </pre>
 *
 * Keys: {@code messages=5000000}, of {@code payload=256} bytes; {@code behind=5000} messages that the subscriber is behind by at least, until the end,
 * and {@code behind.most=200000} beyond which the publisher waits; {@code stall.every=5} seconds of reading the subscriber reads nothing for {@code stall=2}
 * seconds; {@code in.flight=1024} of the publisher; {@code durability=fsync}; {@code segment.bytes=32} MiB; {@code rows=10} of the table; {@code heap.growth=16} MiB
 * that the live heap may have more in the last row than in the second; {@code pin=true} to part broker and generator by processor;
 * {@code jvm=-Xmx512m} options for the broker's JVM, separated by spaces. Files are where {@code -Djava.io.tmpdir} says: on a disk, please. 5 minutes.
 *
 * <p>The verdict is that all came, once and in order; that at every sample the files took at most three times what was live, and two segments; that
 * the heap did not grow.
 */
public final class Day {
    private static final String TOPIC = "day/0";
    private static final String CLIENT_ID = "day";
    private static final long PAUSE_NANOS = 100_000;
    private static final long BETWEEN_SAMPLES_MILLIS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** In bytes: enough to read on, and not so much that what is in there counts. */
    private static final int RECEIVE_BUFFER = 16 * 1024;

    private static final double MIB = 1 << 20;

    private final Options options;
    private final Server server;
    private final Path store;
    private final Judgement judgement;
    private final Book book = new Book(0, TOPIC);
    private final int bytesOfOne;
    private final double twoSegments;
    private volatile boolean over;
    private volatile IOException failure;
    private int samples;
    private int beyond;

    /** The sample in which the files were closest to what they may take. */
    private record Worst(double share, double live, double files) {}

    private Day(Options options, Server server, Judgement judgement) {
        this.options = options;
        this.server = server;
        this.store = server.folder().resolve("data").resolve("store");
        this.judgement = judgement;
        this.bytesOfOne = TOPIC.length() + options.number("payload");
        this.twoSegments = 2 * options.number("segment.bytes") * MIB;
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(
                List.of(
                        "messages=5000000",
                        "payload=256",
                        "behind=5000",
                        "behind.most=200000",
                        "stall.every=5",
                        "stall=2",
                        "in.flight=1024",
                        "durability=fsync",
                        "segment.bytes=32",
                        "rows=10",
                        "heap.growth=16",
                        "pin=true",
                        "jvm=-Xmx512m"),
                arguments);
        String before = Load.now();
        Cores cores = Cores.divide(options.flag("pin"));
        System.out.println("load average " + before + "; " + cores.description() + "; " + DiskProbe.describe());
        Contenders contenders = new Contenders(
                Path.of(arguments[0]),
                cores,
                options.text("jvm"),
                Path.of(""),
                "segment.bytes = " + options.number("segment.bytes") + "MiB");
        Judgement judgement = new Judgement();
        Server server = contenders
                .named(Contenders.BASCULE + options.text("durability"))
                .get(0)
                .start()
                .start();
        try (server) {
            new Day(options, server, judgement).measure();
        }
        Folders.delete(server.folder());
        System.out.println(Load.account(before));
        System.exit(judgement.print() ? 0 : 1);
    }

    private void measure() throws Exception {
        Taker.subscribe(server.address(), CLIENT_ID, TOPIC);
        int messages = options.number("messages");
        Publisher.Shape shape = new Publisher.Shape(options.number("in.flight"), options.number("payload"), false);
        Publishing publishing = new Publishing(
                new Publisher(server.address(), "publisher", List.of(book), shape), () -> mayPublish(messages));
        Thread taking = new Thread(this::take, "take");
        taking.start();
        System.out.println(
                "| messages | messages/s | behind | live, MiB | files, MiB | most of what files may take, % | live then, MiB"
                        + " | files then, MiB | written per message, B | live heap, MiB | RSS, MiB |"
                        + "\n|---|---|---|---|---|---|---|---|---|---|---|");
        List<Double> heaps = new ArrayList<>();
        int rows = options.number("rows");
        for (int i = 1; i <= rows; i++) {
            long until = (long) messages * i / rows;
            if (book.acknowledged() < until) { // a row takes its time
                heaps.add(row(until, publishing));
            }
        }
        publishing.await();
        over = true;
        taking.join();
        checkAlive(publishing);
        double files = awaitSmall();
        System.out.printf("%n%d samples; when all was taken, the files had %.1f MiB%n", samples, files / MIB);
        judge(heaps, files);
    }

    private boolean mayPublish(int messages) {
        while (behind() >= options.number("behind.most") && failure == null) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return book.published() < messages && failure == null;
    }

    private long behind() {
        return book.published() - book.received();
    }

    private void take() {
        long stallEvery = Duration.ofSeconds(options.number("stall.every")).toNanos();
        long stall = Duration.ofSeconds(options.number("stall")).toNanos();
        int behind = options.number("behind");
        try (Taker taker = new Taker(server.address(), CLIENT_ID, List.of(book), RECEIVE_BUFFER)) {
            long begin = System.nanoTime();
            while (!over) {
                if ((System.nanoTime() - begin) % (stallEvery + stall) >= stallEvery
                        || behind() <= behind
                        || !taker.turn()) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
            taker.takeAll(List.of(book), PATIENCE);
        } catch (IOException e) {
            failure = e;
        }
    }

    private void checkAlive(Publishing publishing) throws IOException {
        publishing.checkIsPublishing();
        if (failure != null) {
            throw new IOException("the subscriber has lost its connection", failure);
        }
    }

    /** Samples until so many are acknowledged, prints a row, and returns the live heap. */
    private double row(long until, Publishing publishing) throws Exception {
        Worst worst = new Worst(0, 0, 0);
        long count = book.acknowledged();
        long begin = System.nanoTime();
        double written = server.vitals().writtenBytes();
        do {
            Worst sample = sample();
            worst = sample.share() > worst.share() ? sample : worst;
            checkAlive(publishing);
            Thread.sleep(BETWEEN_SAMPLES_MILLIS);
        } while (book.acknowledged() < until);
        count = book.acknowledged() - count;
        double seconds = (System.nanoTime() - begin) / 1e9;
        written = server.vitals().writtenBytes() - written;
        Worst last = sample();
        double heap = server.vitals().liveHeapMiB();
        System.out.printf(
                "| %d | %.0f | %d | %.1f | %.1f | %.0f | %.1f | %.1f | %.0f | %.0f | %.0f |%n",
                book.acknowledged(),
                count / seconds,
                behind(),
                last.live() / MIB,
                last.files() / MIB,
                worst.share() * 100,
                worst.live() / MIB,
                worst.files() / MIB,
                written / count,
                heap,
                server.vitals().residentMiB());
        return heap;
    }

    private Worst sample() throws IOException {
        double before = behind();
        double files = Folders.bytes(store);
        double live = Math.max(before, behind()) * bytesOfOne; // what comes or goes while it is measured
        double share = files / (3 * live + twoSegments);
        samples++;
        beyond += share > 1 ? 1 : 0;
        return new Worst(share, live, files);
    }

    /** Waits until the files are down to two segments, for a while. */
    private double awaitSmall() throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        double files = Folders.bytes(store);
        while (files > twoSegments && System.nanoTime() - end < 0) {
            Thread.sleep(BETWEEN_SAMPLES_MILLIS);
            files = Folders.bytes(store);
        }
        return files;
    }

    private void judge(List<Double> heaps, double files) {
        judgement.demand(book.missing() == 0, book.missing() + " lost");
        judgement.demand(book.repeated() == 0, book.repeated() + " came twice");
        judgement.demand(book.outOfOrder() == 0, book.outOfOrder() + " out of order");
        judgement.demand(book.refused() == 0, book.refused() + " refused");
        judgement.demand(
                beyond == 0, beyond + " of " + samples + " samples beyond three times what is live, and two segments");
        judgement.demand(files <= twoSegments, String.format("%.1f MiB of files when all was taken", files / MIB));
        if (heaps.size() > 2) {
            double growth = heaps.get(heaps.size() - 1) - heaps.get(1);
            judgement.demand(
                    growth <= options.number("heap.growth"), String.format("the live heap grew by %.0f MiB", growth));
        }
    }
}
