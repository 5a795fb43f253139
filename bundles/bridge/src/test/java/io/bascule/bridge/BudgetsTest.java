/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.BridgeReader;
import io.bascule.bridge.config.BudgetLimits;
import io.bascule.bridge.link.Budget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BudgetsTest {
    private static final Instant NOW = Instant.parse("2026-11-29T20:00:00Z");
    private static final Budget.Figures SPENT = new Budget.Figures(20_786, 42, 24_322, 42);

    @TempDir
    Path folder;

    private Budgets budgets() {
        return new Budgets(Optional.of(folder), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static BridgeDefinition bridge(String... lines) {
        Map<String, String> file = new HashMap<>(Map.of("server", "mqtt://h", "forward.a", "a"));
        for (int i = 0; i < lines.length; i += 2) {
            file.put(lines[i], lines[i + 1]);
        }
        BridgeReader.Result read = BridgeReader.read("b/ü", file);
        assertThat(read.errors()).isEmpty();
        return read.definition().orElseThrow();
    }

    private static Budget spend(Budgets budgets) {
        Budget budget =
                budgets.open(bridge("budget.day", "1MiB"), Runnable::run).orElseThrow();
        budget.sent(42);
        return budget;
    }

    private static void assertFigures(Budget budget, Budget.Figures figures) {
        assertThat(budget.figures()).usingRecursiveComparison().isEqualTo(figures);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void readsWhatABridgeMaySpend() {
        assertThat(bridge().budget().isUnbounded()).isTrue();
        BudgetLimits limits =
                bridge("budget.day", "50MiB", "budget.month", "1GiB").budget();
        assertThat(limits.perDay()).hasValue(50 << 20);
        assertThat(limits.perMonth()).hasValue(1 << 30);
        assertThat(BridgeReader.read("b", Map.of("server", "mqtt://h", "forward.a", "a", "budget.day", "1B"))
                        .errors())
                .singleElement()
                .asString()
                .startsWith("budget.day: 1B is out of bounds; allowed is 1KiB to ");
    }

    @Test
    void givesNoneToABridgeWithoutOne() throws IOException {
        assertThat(budgets().open(bridge(), Runnable::run)).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void keepsWhatWasSentThroughARestartOfTheProcess() throws IOException {
        Budgets before = budgets();
        before.keep("b/ü", spend(before));

        assertFigures(
                budgets().open(bridge("budget.day", "1MiB"), Runnable::run).orElseThrow(), SPENT);
        assertThat(files()).hasSize(1);
    }

    @Test
    void keepsWhatWasSentThroughAnEditOfTheFile() {
        Budgets nowhere = new Budgets(Optional.empty(), Clock.fixed(NOW, ZoneOffset.UTC));
        nowhere.keep("b/ü", spend(nowhere));

        assertFigures(
                nowhere.open(bridge("budget.month", "1MiB"), Runnable::run).orElseThrow(), SPENT);
    }

    @Test
    void countsAnewWhereTheFileIsDamaged() throws IOException {
        Budgets before = budgets();
        before.keep("b/ü", spend(before));
        for (int length : new int[] {0, 31, 33}) {
            Files.write(files().get(0), new byte[length]);
            assertFigures(
                    budgets().open(bridge("budget.day", "1MiB"), Runnable::run).orElseThrow(), Budget.Figures.NONE);
        }
    }

    @Test
    void writesNothingWhenItIsOver() throws IOException {
        Budgets budgets = budgets();
        Budget budget = spend(budgets);
        budgets.deactivate();
        budgets.keep("b/ü", budget);
        assertThat(files()).isEmpty();
    }

    /** What an instance of the bridge that is gone has still to say is not the last word. */
    @Test
    void keepsWhatTheLastInstanceSays() {
        Budgets budgets = budgets();
        Budget gone = spend(budgets);
        Budget present = spend(budgets);
        budgets.keep("b/ü", present);
        gone.sent(1000);
        budgets.keep("b/ü", gone);

        assertThat(budgets()
                        .open(bridge("budget.day", "1MiB"), Runnable::run)
                        .orElseThrow()
                        .figures()
                        .ofDay())
                .isEqualTo(84);
    }

    private static void keep(Budgets budgets, BridgeDefinition bridge) {
        Budget budget = budgets.open(bridge, Runnable::run).orElseThrow();
        budget.sent(42);
        budgets.keep("b/ü", budget);
    }

    private static void assertForgotten(Budgets budgets) {
        assertFigures(budgets.open(bridge("budget.day", "1MiB"), Runnable::run).orElseThrow(), Budget.Figures.NONE);
    }

    @Test
    void forgetsABridgeThatIsGone() throws IOException {
        BridgeDefinition bridge = bridge("budget.day", "1MiB");
        Budgets budgets = budgets();
        keep(budgets, bridge);
        assertThat(files()).hasSize(1);

        budgets.forget(bridge, Runnable::run);

        assertThat(files()).isEmpty();
        assertForgotten(budgets);
    }

    /** Its instance may close after the grace, where that is 0s, and has the last word no more. */
    @Test
    void writesNothingMoreOfABridgeThatIsGone() throws IOException {
        BridgeDefinition bridge = bridge("budget.day", "1MiB");
        Budgets budgets = budgets();
        Budget budget = budgets.open(bridge, Runnable::run).orElseThrow();
        budget.sent(42);
        budgets.forget(bridge, Runnable::run);
        budgets.keep("b/ü", budget);

        assertThat(files()).isEmpty();
    }

    @Test
    void forgetsNothingOfABridgeThatHasComeAgain() throws IOException {
        BridgeDefinition gone = bridge("budget.day", "1MiB");
        Budgets budgets = budgets();
        keep(budgets, gone);
        keep(budgets, bridge("budget.day", "2MiB"));

        budgets.forget(gone, Runnable::run);

        assertThat(files()).hasSize(1);
        assertThat(budgets.open(bridge("budget.day", "1MiB"), Runnable::run)
                        .orElseThrow()
                        .figures()
                        .ofDay())
                .isEqualTo(84);
    }

    @Test
    void forgetsWhatABridgeHadSentBeforeItsBudgetWasTakenAway() throws IOException {
        Budgets budgets = budgets();
        keep(budgets, bridge("budget.day", "1MiB"));
        BridgeDefinition unbounded = bridge();
        assertThat(budgets.open(unbounded, Runnable::run)).isEmpty();
        assertThat(files()).as("it may have one again").hasSize(1);

        budgets.forget(unbounded, Runnable::run);

        assertThat(files()).isEmpty();
        assertForgotten(budgets);
    }

    @Test
    void forgetsOfABridgeWithoutABudgetWhatAnEarlierProcessHasLeft() throws IOException {
        Budgets before = budgets();
        keep(before, bridge("budget.day", "1MiB"));
        Budgets now = budgets();
        now.forget(bridge(), Runnable::run);
        assertThat(files()).isEmpty();
    }

    @Test
    void deletesWhatIsOfNoUseAnyMore() throws IOException {
        Budgets before = budgets();
        before.keep("b/ü", spend(before));
        Path file = files().get(0);
        Files.setLastModifiedTime(file, FileTime.from(NOW.minus(Duration.ofDays(61))));
        budgets();
        assertThat(file).exists();
        Files.setLastModifiedTime(file, FileTime.from(NOW.minus(Duration.ofDays(63))));
        budgets();
        assertThat(file).doesNotExist();
    }
}
