/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.endtoend.Contenders.Contender;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What all rounds say, as Markdown tables with a row a scenario and a column a broker. */
final class Results {
    private static final String NOTHING = "–";

    private final List<Contender> contenders;
    private final Set<String> rows = new LinkedHashSet<>();
    private final Map<String, List<Figure>> figures = new LinkedHashMap<>();

    Results(List<Contender> contenders) {
        this.contenders = contenders;
    }

    void add(Contender contender, Figure figure) {
        rows.add(figure.row());
        figures.computeIfAbsent(key(contender, figure.row()), ignored -> new ArrayList<>())
                .add(figure);
    }

    private static String key(Contender contender, String row) {
        return contender.key() + " " + row;
    }

    private List<Figure> of(Contender contender, String row) {
        return figures.getOrDefault(key(contender, row), List.of());
    }

    private static Spread spread(List<Figure> rounds, ToDoubleFunction<Figure> value) {
        return new Spread(rounds.stream().mapToDouble(value).toArray());
    }

    void print() {
        System.out.println("\nProcessor seconds of the broker per million messages delivered"
                + " (queued, set, clients connected); median (least–most) of the rounds\n");
        table(
                " | Bascule to Mosquitto",
                (row, rounds) -> spread(rounds, Figure::costPerMillion).toString(),
                this::ratio);
        System.out.println("\nThousands of them a second\n");
        table(
                "",
                (row, rounds) ->
                        spread(rounds, figure -> figure.perSecond() / 1e3).toString(),
                row -> "");
        System.out.println(
                "\nMilliseconds from when a message was due until it arrived, p50 / p99 / p99.9, the medians of"
                        + " the rounds. But for half-load that is how long a closed loop takes: the window over the rate;"
                        + " for churn it is from connecting to CONNACK\n");
        table("", (row, rounds) -> latencies(rounds), row -> "");
        System.out.println(
                "\nShares of a processor that broker / generator used: where only the generator used all of one, the broker"
                        + " could do more\n");
        table("", (row, rounds) -> busy(rounds), row -> "");
        System.out.println();
        lateness();
        faults();
    }

    private interface Cell {
        String of(String row, List<Figure> rounds);
    }

    private void table(String more, Cell cell, Function<String, String> last) {
        StringBuilder head = new StringBuilder("| scenario");
        StringBuilder line = new StringBuilder("|---");
        for (Contender contender : contenders) {
            head.append(" | ").append(contender);
            line.append("|---");
        }
        System.out.println(head + more + " |\n" + line + (more.isEmpty() ? "|" : "|---|"));
        for (String row : rows) {
            StringBuilder cells = new StringBuilder("| ").append(row);
            for (Contender contender : contenders) {
                List<Figure> rounds = of(contender, row);
                cells.append(" | ").append(rounds.isEmpty() ? NOTHING : cell.of(row, rounds));
            }
            System.out.println(cells + last.apply(row) + " |");
        }
    }

    private String ratio(String row) {
        double ours = Double.NaN;
        double theirs = Double.NaN;
        for (Contender contender : contenders) {
            List<Figure> rounds = of(contender, row);
            if (!rounds.isEmpty() && contender.isOurs()) {
                ours = spread(rounds, Figure::costPerMillion).median();
            } else if (!rounds.isEmpty() && contender.key().equals(Contenders.MOSQUITTO)) {
                theirs = spread(rounds, Figure::costPerMillion).median();
            }
        }
        return " | " + (Double.isNaN(ours / theirs) ? NOTHING : Spread.digits(ours / theirs));
    }

    private static String busy(List<Figure> rounds) {
        return String.format(
                "%.2f / %.2f",
                spread(rounds, Figure::brokerBusy).median(),
                spread(rounds, Figure::generatorBusy).median());
    }

    private static String latencies(List<Figure> rounds) {
        if (rounds.stream().anyMatch(figure -> figure.latencies().count() == 0)) {
            return NOTHING;
        }
        return millis(rounds, 0.5) + " / " + millis(rounds, 0.99) + " / " + millis(rounds, 0.999);
    }

    private static String millis(List<Figure> rounds, double share) {
        return Spread.digits(
                spread(rounds, figure -> figure.latencies().millisAt(share)).median());
    }

    private void lateness() {
        each((contender, row, rounds) -> {
            if (rounds.get(0).lateness().count() > 0) {
                System.out.println(contender + ", " + row + ": the generator sent p50 / p99, ms, later than due: "
                        + Spread.digits(spread(rounds, one -> one.lateness().millisAt(0.5))
                                .median()) + " / "
                        + Spread.digits(spread(rounds, one -> one.lateness().millisAt(0.99))
                                .median()));
            }
        });
        System.out.println();
    }

    private void faults() {
        for (Contender contender : contenders) {
            Faults all = Faults.NONE;
            List<String> where = new ArrayList<>();
            for (String row : rows) {
                Faults faults = of(contender, row).stream().map(Figure::faults).reduce(Faults.NONE, Faults::plus);
                all = all.plus(faults);
                if (!faults.equals(Faults.NONE)) {
                    where.add(row + ": " + faults);
                }
            }
            System.out.println(
                    "- " + contender + ": " + all + (where.isEmpty() ? "" : " (" + String.join("; ", where) + ")"));
        }
    }

    private interface Visitor {
        void visit(Contender contender, String row, List<Figure> rounds);
    }

    private void each(Visitor visitor) {
        for (Contender contender : contenders) {
            for (String row : rows) {
                List<Figure> rounds = of(contender, row);
                if (!rounds.isEmpty()) {
                    visitor.visit(contender, row, rounds);
                }
            }
        }
    }
}
