/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * A sequence of changes and the topics that are matched after each of them; plays itself to a tree and to the model and demands the same of
 * both at every step. Few words, so that filters meet.
 */
record TreeScript(List<Step> steps, List<String> topics) {

    /** A change, which needs the model where it speaks of what is there. */
    private interface Step {
        void play(Player player);
    }

    private record Subscribe(String filter, String subscriber) implements Step {
        @Override
        public void play(Player player) {
            player.subscribe(TopicFilter.of(filter), subscriber);
        }
    }

    private record Unsubscribe(String filter, String subscriber) implements Step {
        @Override
        public void play(Player player) {
            player.unsubscribe(TopicFilter.of(filter), subscriber);
        }
    }

    private record UnsubscribeOneThatIsThere(int index) implements Step {
        @Override
        public void play(Player player) {
            player.unsubscribeOneThatIsThere(index);
        }
    }

    /** Scripts over all kinds of filters. */
    static Arbitrary<TreeScript> any() {
        return Combinators.combine(
                        anyStep(anyFilter(), Arbitraries.of("s", "t"))
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(50),
                        anyTopic().list().ofSize(12))
                .as(TreeScript::new);
    }

    /** Scripts in which many subscribe to the same few filters. */
    static Arbitrary<TreeScript> anyOfCrowds() {
        Arbitrary<String> filters = Arbitraries.of("a", "$share/g/a");
        Arbitrary<String> subscribers =
                Arbitraries.integers().between(0, 60).map(i -> "s" + i).withoutEdgeCases();
        return Combinators.combine(
                        anyStep(filters, subscribers).list().ofMinSize(100).ofMaxSize(300),
                        Arbitraries.just(List.of("a")))
                .as(TreeScript::new);
    }

    /** Plays the steps and then, from what is left, removes one subscription after the other. */
    void playTo(SubscriptionTree<String, String> tree) {
        Player player = new Player(tree, new ModelTree(), topics);
        for (Step step : steps) {
            step.play(player);
        }
        while (player.model.size() > 0) {
            player.unsubscribeOneThatIsThere(7);
        }
    }

    private record Player(SubscriptionTree<String, String> tree, ModelTree model, List<String> topics) {

        void subscribe(TopicFilter filter, String subscriber) {
            long before = tree.version();
            String value = subscriber + "@" + filter + "#" + before;
            assertThat(tree.subscribe(filter, subscriber, value))
                    .as("replaced by %s", value)
                    .isEqualTo(model.subscribe(filter, subscriber, value));
            assertThat(tree.version()).as("version after %s", value).isNotEqualTo(before);
            compare("+" + value);
        }

        void unsubscribe(TopicFilter filter, String subscriber) {
            long before = tree.version();
            Optional<String> removed = model.unsubscribe(filter, subscriber);
            assertThat(tree.unsubscribe(filter, subscriber))
                    .as("removed: %s of %s", filter, subscriber)
                    .isEqualTo(removed);
            assertThat(tree.version() != before)
                    .as("new version without %s of %s", filter, subscriber)
                    .isEqualTo(removed.isPresent());
            compare("-" + removed);
        }

        void unsubscribeOneThatIsThere(int index) {
            if (model.subscriptions.isEmpty()) {
                return;
            }
            List<TopicFilter> filters = List.copyOf(model.subscriptions.keySet());
            TopicFilter filter = filters.get(index % filters.size());
            List<String> subscribers =
                    List.copyOf(model.subscriptions.get(filter).keySet());
            unsubscribe(filter, subscribers.get(index % subscribers.size()));
        }

        private void compare(String change) {
            assertThat(tree.size()).as("size after %s", change).isEqualTo(model.size());
            assertThat(tree.nodes()).as("nodes after %s", change).isEqualTo(model.nodes());
            for (String topic : topics) {
                assertThat(MatchRecorder.found(tree, Topic.of(topic)))
                        .as("match of %s after %s", topic, change)
                        .isEqualTo(MatchRecorder.found(model, Topic.of(topic)));
            }
        }
    }

    private static Arbitrary<Step> anyStep(Arbitrary<String> filters, Arbitrary<String> subscribers) {
        return Arbitraries.frequencyOf(
                Tuple.of(6, Combinators.combine(filters, subscribers).as(Subscribe::new)),
                Tuple.of(1, Combinators.combine(filters, subscribers).as(Unsubscribe::new)),
                Tuple.of(3, Arbitraries.integers().between(0, 1_000).map(UnsubscribeOneThatIsThere::new)));
    }

    static Arbitrary<String> anyFilter() {
        Arbitrary<String> level = Arbitraries.frequency(
                Tuple.of(6, "a"),
                Tuple.of(3, "b"),
                Tuple.of(2, "ab"),
                Tuple.of(2, ""),
                Tuple.of(1, "$x"),
                Tuple.of(1, "ü"),
                Tuple.of(4, "+"));
        Arbitrary<String> withoutHash = paths(level);
        Arbitrary<String> filter = Combinators.combine(withoutHash, Arbitraries.of("", "", "/#"))
                .as(String::concat)
                .map(text -> text.equals("a/#") ? "#" : text);
        Arbitrary<String> share = Arbitraries.of("", "", "", "$share/g/", "$share/h/");
        return Combinators.combine(share, filter).as(String::concat);
    }

    private static Arbitrary<String> anyTopic() {
        return paths(Arbitraries.frequency(
                Tuple.of(6, "a"),
                Tuple.of(3, "b"),
                Tuple.of(2, "ab"),
                Tuple.of(2, ""),
                Tuple.of(1, "$x"),
                Tuple.of(1, "ü")));
    }

    private static Arbitrary<String> paths(Arbitrary<String> level) {
        Arbitrary<Integer> depth = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.integers().between(1, 4)),
                Tuple.of(1, Arbitraries.integers().between(5, 12)));
        return depth.flatMap(levels -> level.list().ofSize(levels))
                .map(levels -> String.join("/", levels))
                .filter(text -> !text.isEmpty());
    }
}
