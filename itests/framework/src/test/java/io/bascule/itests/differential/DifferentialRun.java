/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.differential;

import io.bascule.itests.differential.Connection.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Random sequences, several at a time, until so many steps have been made. */
final class DifferentialRun {
    private static final int LONGEST = 40;
    private static final int CLIENTS = 2;
    private static final int DIGITS = 36;
    private static final int A_BATCH = 64;
    private static final int AT_A_TIME = 4;

    /** Of all runs, which may have the same brokers. */
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    private final int basculePort;
    private final int mosquittoPort;
    private final Random seeds;
    private final UnaryOperator<List<Event>> harm;
    private final Duration late;
    private final Map<KnownDifference, Integer> known = new EnumMap<>(KnownDifference.class);
    private int sequences;
    private int steps;

    DifferentialRun(int basculePort, int mosquittoPort, long seed) {
        this(basculePort, mosquittoPort, seed, UnaryOperator.identity(), Sequence.VERY_LATE);
    }

    /** For a control: what is done to the events of each of Bascule's connections before they are compared. */
    DifferentialRun(int basculePort, int mosquittoPort, long seed, UnaryOperator<List<Event>> harm) {
        this(basculePort, mosquittoPort, seed, harm, Sequence.LATE);
    }

    private DifferentialRun(
            int basculePort, int mosquittoPort, long seed, UnaryOperator<List<Event>> harm, Duration late) {
        this.harm = harm;
        this.late = late;
        this.basculePort = basculePort;
        this.mosquittoPort = mosquittoPort;
        this.seeds = new Random(seed);
    }

    /** Goes on until so many steps have been made in all; returns the first difference that is not known. */
    Optional<Difference> until(int all) throws InterruptedException, ExecutionException {
        ExecutorService players = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            while (steps < all) {
                for (Future<Played> played : players.invokeAll(batch())) {
                    sequences++;
                    steps += played.get().steps();
                    Optional<Difference> found = played.get().difference();
                    Optional<KnownDifference> like = found.flatMap(KnownDifference::of);
                    if (found.isPresent() && like.isEmpty()) {
                        return found;
                    }
                    like.ifPresent(each -> known.merge(each, 1, Integer::sum));
                }
            }
            return Optional.empty();
        } finally {
            players.shutdownNow();
        }
    }

    /** What came of a sequence. */
    private record Played(int steps, Optional<Difference> difference) {}

    private List<Callable<Played>> batch() {
        List<Callable<Played>> batch = new ArrayList<>();
        for (int i = 0; i < A_BATCH; i++) {
            Chance chance = new Chance(seeds.nextLong());
            batch.add(() -> play(chance));
        }
        return batch;
    }

    private Played play(Chance chance) throws IOException {
        boolean overlapping = chance.oneIn(4);
        Author author = new Author(chance, overlapping);
        int length = 1 + chance.below(LONGEST);
        try (Sequence sequence = begin(overlapping)) {
            for (int made = 1; ; made++) {
                int client = chance.below(CLIENTS);
                Step step = author.next(client, sequence.isOpen(client));
                Optional<Difference> found = sequence.make(step);
                if (found.isPresent() || made == length || step.isLast()) {
                    return new Played(made, found);
                }
            }
        }
    }

    private Sequence begin(boolean overlapping) {
        String number = Integer.toString(PREFIXES.incrementAndGet(), DIGITS);
        String prefix = "p" + "0".repeat(Step.PREFIX.length() - 1 - number.length()) + number;
        return new Sequence(
                new Side(basculePort, prefix, harm),
                new Side(mosquittoPort, prefix, UnaryOperator.identity()),
                overlapping,
                late);
    }

    /** Leaves out each step without which there is an unknown difference still. */
    Difference shortened(Difference found) throws IOException {
        Difference shortest = found;
        for (int i = found.steps().size() - 2; i >= 0; i--) {
            List<Step> fewer = new ArrayList<>(shortest.steps());
            fewer.remove(i);
            Optional<Difference> still = again(fewer, found.overlapping());
            if (still.isPresent() && KnownDifference.of(still.get()).isEmpty()) {
                shortest = still.get();
                i = Math.min(i, shortest.steps().size() - 1);
            }
        }
        return shortest;
    }

    /** Makes these steps; the first difference. */
    Optional<Difference> again(List<Step> script, boolean overlapping) throws IOException {
        try (Sequence sequence = begin(overlapping)) {
            for (Step step : script) {
                Optional<Difference> found = sequence.make(step);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return steps + " steps in " + sequences + " sequences; known differences " + known;
    }
}
