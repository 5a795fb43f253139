/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import io.bascule.api.SessionOptions;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/** Random sequences of actions, of few clients at few topics, so that they have to do with each other. */
final class Actions {
    static final List<String> TOPICS = List.of("a", "a/b", "a/c", "d");
    static final List<String> FILTERS = List.of("a", "a/b", "a/+", "a/#", "#", "+", "d", "$share/g/a/#", "$share/g/d");
    static final int CLIENTS = 4;

    private Actions() {}

    static Arbitrary<List<Action>> sequences() {
        return Combinators.combine(
                        connect().list().ofMinSize(1).ofMaxSize(3),
                        action().list().ofMaxSize(50).withSizeDistribution(RandomDistribution.uniform()))
                .as((first, then) -> {
                    List<Action> all = new ArrayList<>(first);
                    all.addAll(then);
                    return all;
                });
    }

    private static Arbitrary<Action> action() {
        Arbitrary<Integer> one = Arbitraries.integers().between(0, CLIENTS - 1);
        Arbitrary<Integer> pause = Arbitraries.of(0, 10, 50, 200);
        return Arbitraries.frequencyOf(
                Tuple.of(12, connect()),
                Tuple.of(
                        3,
                        Combinators.combine(one, coin(), Arbitraries.of(-1L, -1L, -1L, 0L, 15L, 75L))
                                .as(Action.Disconnect::new)),
                Tuple.of(5, one.map(Action.Cut::new)),
                Tuple.of(14, subscribe(one)),
                Tuple.of(2, Combinators.combine(one, Arbitraries.of(FILTERS)).as(Action.Unsubscribe::new)),
                Tuple.of(32, publish(one)),
                Tuple.of(
                        16, Combinators.combine(one, Arbitraries.of(1, 1, 2, 9)).as(Action.Answer::new)),
                Tuple.of(6, one.map(Action.Release::new)),
                Tuple.of(4, Arbitraries.of(10, 20, 50, 100).map(Action.Pass::new)),
                Tuple.of(5, Arbitraries.create(Action.Hold::new)),
                Tuple.of(3, Arbitraries.create(Action.Commit::new)),
                Tuple.of(3, Arbitraries.of(1, 2, 5).map(Action.Compact::new)),
                Tuple.of(1, pause.map(Action.Stop::new)),
                Tuple.of(2, pause.map(Action.Kill::new)),
                Tuple.of(
                        4,
                        Combinators.combine(Arbitraries.of(0, 0, 1, 2, 3, 4, 6, 9), pause)
                                .as(Action.PowerCut::new)));
    }

    private static Arbitrary<Boolean> coin() {
        return Arbitraries.of(false, true);
    }

    private static Arbitrary<Boolean> seldom() {
        return Arbitraries.frequency(Tuple.of(4, false), Tuple.of(1, true));
    }

    private static Arbitrary<Action> connect() {
        Arbitrary<Action.Will> will = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(null)),
                Tuple.of(
                        1,
                        Combinators.combine(
                                        Arbitraries.of(TOPICS),
                                        Arbitraries.of(0, 1, 2),
                                        coin(),
                                        Arbitraries.of(0L, 25L, 95L))
                                .as(Action.Will::new)));
        return Combinators.combine(
                        Arbitraries.integers().between(0, CLIENTS - 1),
                        coin(),
                        seldom(),
                        Arbitraries.of(0L, 35L, 105L, 1_000L, 1_000L, SessionOptions.NEVER),
                        Arbitraries.of(1, 2, 3, 65_535, 65_535),
                        will)
                .as(Action.Connect::new);
    }

    private static Arbitrary<Action> subscribe(Arbitrary<Integer> one) {
        return Combinators.combine(
                        one,
                        Arbitraries.of(FILTERS),
                        Arbitraries.of(0, 1, 2, 2),
                        seldom(),
                        coin(),
                        Arbitraries.of(0, 1, 2),
                        Arbitraries.of(0, 0, 1, 2))
                .as(Action.Subscribe::new);
    }

    private static Arbitrary<Action> publish(Arbitrary<Integer> one) {
        return Combinators.combine(
                        one,
                        Arbitraries.of(TOPICS),
                        Arbitraries.of(0, 1, 1, 2, 2),
                        seldom(),
                        seldom(),
                        Arbitraries.of(0L, 0L, 0L, 5L, 45L, 155L))
                .as(Action.Publish::new);
    }
}
