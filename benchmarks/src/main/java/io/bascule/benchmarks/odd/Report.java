/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd;

import io.bascule.benchmarks.odd.Verdict.Grade;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The page: who was compared, how often each is right, and a row for each sequence. */
final class Report {
    private static final String HEAD = """
            # Odd packets: what Bascule, Mosquitto and HiveMQ CE do

            What three brokers do when they are sent the same odd packets, and who is right by the specification. This page is generated, by

                ./mvnw -q package -DskipTests && java -cp benchmarks/target/benchmarks.jar \\
                    io.bascule.benchmarks.odd.OddPackets docs/differences.md

            Right is computed: each sequence has a predicate for what the specification allows, and that is often more than one thing. Where a
            server must close the connection, 5.0 leaves it free to say why in a DISCONNECT (or CONNACK) first; a reason code other than the one
            that the specification names counts as *nearly* right. Every broker runs with the defaults it comes with.

            """;

    private final List<Broker> brokers;
    private final List<Sequence> sequences;
    private final Map<Broker, List<Outcome>> outcomes;

    Report(List<Broker> brokers, List<Sequence> sequences, Map<Broker, List<Outcome>> outcomes) {
        this.brokers = brokers;
        this.sequences = sequences;
        this.outcomes = outcomes;
    }

    @Override
    public String toString() {
        StringBuilder page = new StringBuilder(HEAD);
        page.append("Of ").append(sequences.size()).append(" sequences:\n\n");
        for (Broker broker : brokers) {
            page.append("- ").append(broker.name()).append(' ').append(broker.version());
            page.append(": right ").append(count(broker, Grade.RIGHT));
            page.append(", nearly ").append(count(broker, Grade.NEARLY));
            page.append(", wrong ").append(count(broker, Grade.WRONG));
            long unplayed = count(broker, Grade.UNPLAYED);
            page.append(unplayed == 0 ? "\n" : ", not played " + unplayed + "\n");
        }
        page.append(
                "\n✔ right, ≈ nearly, ✘ wrong, – not played: the broker does not offer what the sequence needs.\n\n");
        page.append("| Sequence | ").append(brokers.stream().map(Broker::name).collect(Collectors.joining(" | ")));
        page.append(" | By the specification | Right |\n");
        page.append("|---".repeat(brokers.size() + 3)).append("|\n");
        for (int i = 0; i < sequences.size(); i++) {
            page.append(row(i));
        }
        return page.toString();
    }

    private long count(Broker broker, Grade grade) {
        return outcomes.get(broker).stream()
                .filter(outcome -> outcome.verdict().grade() == grade)
                .count();
    }

    private String row(int index) {
        Sequence sequence = sequences.get(index);
        List<String> cells = new ArrayList<>();
        cells.add("**" + sequence.name() + "**, " + sequence.version() + "<br>" + sequence.does());
        List<String> right = new ArrayList<>();
        List<String> nearly = new ArrayList<>();
        for (Broker broker : brokers) {
            Outcome outcome = outcomes.get(broker).get(index);
            cells.add(mark(outcome.verdict().grade()) + " " + outcome.did());
            if (outcome.verdict().grade() == Grade.RIGHT) {
                right.add(broker.name());
            } else if (outcome.verdict().grade() == Grade.NEARLY) {
                nearly.add(broker.name());
            }
        }
        cells.add(sequence.law().in(sequence.version()));
        cells.add(who(right, nearly));
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private String who(List<String> right, List<String> nearly) {
        if (right.size() == brokers.size()) {
            return "all";
        }
        String fully = right.isEmpty() ? "none" : String.join(", ", right);
        return nearly.isEmpty() ? fully : fully + "; nearly " + String.join(", ", nearly);
    }

    private static String mark(Grade grade) {
        return switch (grade) {
            case RIGHT -> "✔";
            case NEARLY -> "≈";
            case WRONG -> "✘";
            case UNPLAYED -> "–";
        };
    }
}
