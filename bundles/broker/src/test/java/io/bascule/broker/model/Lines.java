/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * All that may have happened. Where the broker is free, or a crash may have left the one or the other, there are several lines, of which
 * those go on that agree with what is seen.
 */
final class Lines {
    private static final int MOST_TOLD = 6;

    private List<Line> lines = List.of(Line.from(new World()));

    /** Does this to every line there is; where something has several outcomes there is a line for each afterwards. */
    void change(Consumer<World> change) {
        List<Line> next = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (Line line : lines) {
            List<Line> outcomes = explore(line, change);
            if (outcomes.size() == 1) {
                next.add(outcomes.get(0));
            } else {
                outcomes.stream()
                        .filter(each -> known.add(each.world.toString()))
                        .forEach(next::add);
            }
        }
        lines = next;
    }

    private static List<Line> explore(Line line, Consumer<World> change) {
        boolean free = line.world.sessions.values().stream()
                .anyMatch(each -> each.subs.values().stream().anyMatch(Sub::isShared));
        if (!free) {
            change.accept(line.world);
            return List.of(line);
        }
        return outcomes(line, change);
    }

    private static List<Line> outcomes(Line line, Consumer<World> change) {
        List<Line> outcomes = new ArrayList<>();
        Deque<List<Integer>> scripts = new ArrayDeque<>(List.of(List.of()));
        while (!scripts.isEmpty()) {
            List<Integer> script = scripts.poll();
            List<Integer> taken = new ArrayList<>();
            Line outcome = line.copy();
            outcome.world.choice(several -> {
                int index = taken.size();
                boolean isNew = index >= script.size();
                for (int other = 1; isNew && other < several; other++) {
                    List<Integer> another = new ArrayList<>(taken);
                    another.add(other);
                    scripts.add(another);
                }
                int choice = isNew ? 0 : script.get(index);
                taken.add(choice);
                return choice;
            });
            change.accept(outcome.world);
            outcomes.add(outcome);
        }
        return outcomes;
    }

    /** Goes on with the lines of which this holds. */
    void each(Consumer<Line> check) {
        List<Line> left = new ArrayList<>();
        AssertionError error = null;
        for (Line line : lines) {
            try {
                check.accept(line);
                left.add(line);
            } catch (AssertionError e) {
                error = e;
            }
        }
        if (left.isEmpty()) {
            throw error;
        }
        lines = left;
    }

    /** Goes on with what a process may have found that has begun now and that has what is seen. */
    void restarted(View view, long now) {
        List<Line> found = new ArrayList<>();
        Set<String> known = new HashSet<>();
        List<String> others = new ArrayList<>();
        for (Line line : lines) {
            for (World each : line.left()) {
                World left = each.reread(now);
                if (!view.resolve(left, line)) {
                    others.add("what is in flight: " + left);
                    continue;
                }
                for (Line next : outcomes(begin(left), World::resume)) {
                    Optional<String> difference = view.difference(next.world);
                    if (difference.isPresent()) {
                        others.add(difference.get() + ": " + next.world);
                    } else if (known.add(next.world.toString())) {
                        found.add(next);
                    }
                }
            }
        }
        if (found.isEmpty()) {
            throw new AssertionError("There is, after a restart, what cannot be: " + view
                    + "\nThere could have been, the last first:\n"
                    + String.join("\n", latest(others)));
        }
        lines = found;
    }

    private static List<String> latest(List<String> all) {
        List<String> latest = new ArrayList<>();
        for (int i = all.size() - 1; i >= Math.max(0, all.size() - MOST_TOLD); i--) {
            latest.add(all.get(i));
        }
        return latest;
    }

    /** What is read is on disk. */
    private static Line begin(World world) {
        Line line = Line.from(world);
        world.sessions
                .values()
                .forEach(each -> each.out.stream().filter(Out::isInFlight).forEach(line::certain));
        return line;
    }
}
