/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd;

import io.bascule.benchmarks.odd.sequences.Answers;
import io.bascule.benchmarks.odd.sequences.ConnectFields;
import io.bascule.benchmarks.odd.sequences.ConnectProperties;
import io.bascule.benchmarks.odd.sequences.Connecting;
import io.bascule.benchmarks.odd.sequences.Delivering;
import io.bascule.benchmarks.odd.sequences.Ending;
import io.bascule.benchmarks.odd.sequences.Extremes;
import io.bascule.benchmarks.odd.sequences.Framing;
import io.bascule.benchmarks.odd.sequences.Identity;
import io.bascule.benchmarks.odd.sequences.Overlapping;
import io.bascule.benchmarks.odd.sequences.PublishProperties;
import io.bascule.benchmarks.odd.sequences.Publishing;
import io.bascule.benchmarks.odd.sequences.Receiving;
import io.bascule.benchmarks.odd.sequences.Resuming;
import io.bascule.benchmarks.odd.sequences.Retaining;
import io.bascule.benchmarks.odd.sequences.Sharing;
import io.bascule.benchmarks.odd.sequences.Subscribing;
import io.bascule.benchmarks.odd.sequences.Texts;
import io.bascule.benchmarks.odd.sequences.Unsubscribing;
import io.bascule.benchmarks.odd.sequences.Versions;
import io.bascule.benchmarks.odd.sequences.Wills;
import io.bascule.benchmarks.odd.sequences.Windows;
import io.bascule.benchmarks.odd.wire.Version;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Plays odd packet sequences to Bascule, Mosquitto and HiveMQ CE, as far as they are there, each in a process of its own on loopback, and
 * writes what each did, what the specification says, and who is right. It wants to be started in the root of the repository, after a build.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar io.bascule.benchmarks.odd.OddPackets [file [part of a name]]
 * </pre>
 *
 * Without a file, the page goes to standard output. Of a file, what stands behind the tables under a heading is kept. What is not right is told on standard error, with the reason.
 */
public final class OddPackets {
    private OddPackets() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        String part = arguments.length > 1 ? arguments[1] : "";
        List<Sequence> sequences = sequences().stream()
                .filter(sequence -> sequence.name().contains(part))
                .toList();
        List<Broker> brokers = Broker.start(Path.of(""));
        brokers.forEach(System.err::println);
        String page;
        try {
            page = new Report(brokers, sequences, play(brokers, sequences)).toString();
        } finally {
            brokers.forEach(Broker::close);
        }
        if (arguments.length > 0) {
            Path file = Path.of(arguments[0]);
            Files.writeString(file, page + notGenerated(file));
        } else {
            new PrintStream(System.out, true, StandardCharsets.UTF_8).print(page);
        }
    }

    /** What stands behind the tables, from the first heading on. */
    private static String notGenerated(Path file) throws IOException {
        String old = Files.exists(file) ? Files.readString(file) : "";
        int heading = old.indexOf("\n## ");
        return heading < 0 ? "" : old.substring(heading);
    }

    /** All sequences, in the order of the page. */
    static List<Sequence> sequences() {
        Book book = new Book();
        Connecting.addTo(book);
        ConnectFields.addTo(book);
        Identity.addTo(book);
        ConnectProperties.addTo(book);
        Framing.addTo(book);
        Extremes.addTo(book);
        Ending.addTo(book);
        Publishing.addTo(book);
        Texts.addTo(book);
        PublishProperties.addTo(book);
        Subscribing.addTo(book);
        Unsubscribing.addTo(book);
        Overlapping.addTo(book);
        Sharing.addTo(book);
        Retaining.addTo(book);
        Receiving.addTo(book);
        Answers.addTo(book);
        Delivering.addTo(book);
        Windows.addTo(book);
        Resuming.addTo(book);
        Versions.addTo(book);
        Wills.addTo(book);
        return book.sequences();
    }

    /** Brokers side by side. */
    private static Map<Broker, List<Outcome>> play(List<Broker> brokers, List<Sequence> sequences)
            throws ExecutionException, InterruptedException {
        ExecutorService players = Executors.newCachedThreadPool();
        try {
            Map<Broker, Future<List<Outcome>>> running = new LinkedHashMap<>();
            for (Broker broker : brokers) {
                running.put(broker, players.submit(() -> broker.play(sequences)));
            }
            Map<Broker, List<Outcome>> outcomes = new LinkedHashMap<>();
            for (Map.Entry<Broker, Future<List<Outcome>>> each : running.entrySet()) {
                List<Outcome> all = each.getValue().get();
                for (int i = 0; i < all.size(); i++) {
                    tell(each.getKey(), sequences.get(i), all.get(i));
                }
                outcomes.put(each.getKey(), all);
            }
            return outcomes;
        } finally {
            players.shutdownNow();
        }
    }

    private static void tell(Broker broker, Sequence sequence, Outcome outcome) {
        if (outcome.verdict().grade() == Verdict.Grade.RIGHT) {
            return;
        }
        Version version = sequence.version();
        System.err.printf(
                "%s, %s, %s: %s, %s | %s%n",
                broker.name(),
                sequence.name(),
                version,
                outcome.verdict().grade(),
                outcome.verdict().why(),
                outcome.did());
    }
}
