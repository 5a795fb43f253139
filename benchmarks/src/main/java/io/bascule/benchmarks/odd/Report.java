/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd;

import io.bascule.benchmarks.odd.Verdict.Grade;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The page: who was compared, how often each is right, and a row for each sequence. */
final class Report {
    private static final String HEAD = """
            # Odd packets: what Bascule, Mosquitto and HiveMQ CE do

            What three brokers do when they are sent the same odd packets, and who is right by the specification. This page is generated, by

                ./mvnw -q package -DskipTests && java -cp benchmarks/target/benchmarks.jar \\
                    io.bascule.benchmarks.odd.OddPackets docs/differences.md

            Right is computed: each sequence has a predicate for what the specification allows, and that is often more than one thing. Where a
            server must close the connection, 5.0 leaves it free to say why in a DISCONNECT (or CONNACK) first; a reason code other than the one
            that the specification names counts as *nearly* right. Every broker runs with the defaults it comes with. *Open* is what answers a PINGREQ
            sent behind the odd packet, *silent* what does not within five seconds. Where a sequence comes out the same in several versions of the
            protocol, it has one row.

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
        page.append("Of ")
                .append(sequences.size())
                .append(" sequences, each counted in each version of the protocol it is played in:\n\n");
        for (Broker broker : brokers) {
            page.append("- ").append(broker.name()).append(' ').append(broker.version());
            page.append(": right ").append(count(broker, Grade.RIGHT));
            page.append(", nearly ").append(count(broker, Grade.NEARLY));
            page.append(", wrong ").append(count(broker, Grade.WRONG));
            long unplayed = count(broker, Grade.UNPLAYED);
            page.append(unplayed == 0 ? "\n" : ", not played " + unplayed + "\n");
        }
        if (brokers.stream().anyMatch(broker -> broker.name().equals(Broker.BASCULE))) {
            page.append("\nWhere Bascule is not right: ").append(faults()).append(".\n");
        }
        page.append(
                "\n✔ right, ≈ nearly, ✘ wrong, – not played: the broker does not offer what the sequence needs.\n\n");
        page.append("| Sequence | ").append(brokers.stream().map(Broker::name).collect(Collectors.joining(" | ")));
        page.append(" | By the specification | Right |\n");
        page.append("|---".repeat(brokers.size() + 3)).append("|\n");
        for (int first = 0; first < sequences.size(); ) {
            int end = first + 1;
            while (end < sequences.size() && isSame(first, end)) {
                end++;
            }
            page.append(row(first, end));
            first = end;
        }
        return page.toString();
    }

    /** Whether it is one sequence in two versions, and makes no difference. */
    private boolean isSame(int one, int other) {
        Sequence first = sequences.get(one);
        Sequence second = sequences.get(other);
        return first.name().equals(second.name())
                && first.does().equals(second.does())
                && first.law().text().equals(second.law().text())
                && brokers.stream().allMatch(broker -> {
                    Outcome outcome = outcomes.get(broker).get(one);
                    Outcome another = outcomes.get(broker).get(other);
                    return outcome.did().equals(another.did())
                            && outcome.verdict().grade() == another.verdict().grade();
                });
    }

    private String faults() {
        return brokers.stream()
                .filter(broker -> broker.name().equals(Broker.BASCULE))
                .flatMap(broker -> IntStream.range(0, sequences.size())
                        .filter(i -> outcomes.get(broker).get(i).verdict().grade() != Grade.RIGHT)
                        .mapToObj(i -> sequences.get(i).name() + " ("
                                + sequences.get(i).version() + ")"))
                .collect(Collectors.collectingAndThen(
                        Collectors.joining("; "), names -> names.isEmpty() ? "nowhere" : names));
    }

    private long count(Broker broker, Grade grade) {
        return outcomes.get(broker).stream()
                .filter(outcome -> outcome.verdict().grade() == grade)
                .count();
    }

    /** The row of the sequences from the first to the one before the end, which differ in the version alone. */
    private String row(int first, int end) {
        Sequence sequence = sequences.get(first);
        List<Sequence> versions = sequences.subList(first, end);
        List<String> cells = new ArrayList<>();
        cells.add("**" + sequence.name() + "**, "
                + versions.stream().map(each -> each.version().toString()).collect(Collectors.joining(", ")) + "<br>"
                + sequence.does());
        List<String> right = new ArrayList<>();
        List<String> nearly = new ArrayList<>();
        for (Broker broker : brokers) {
            Outcome outcome = outcomes.get(broker).get(first);
            cells.add(mark(outcome.verdict().grade()) + " " + outcome.did());
            if (outcome.verdict().grade() == Grade.RIGHT) {
                right.add(broker.name());
            } else if (outcome.verdict().grade() == Grade.NEARLY) {
                nearly.add(broker.name());
            }
        }
        String places = versions.stream()
                .map(each -> each.law().place(each.version()))
                .distinct()
                .collect(Collectors.joining("; "));
        cells.add(sequence.law().text() + " [" + places + "]");
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
