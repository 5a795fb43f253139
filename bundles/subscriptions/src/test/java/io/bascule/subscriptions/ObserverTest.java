/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.TopicFilter;
import io.bascule.subscriptions.internal.RadixSubscriptionTree;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Whoever looks at a range of a tree knows what is subscribed to there, and nothing else. */
class ObserverTest {

    /** What it was shown and not yet shown to be gone; nothing twice. */
    private static final class Shown implements SubscriptionObserver<String> {
        final List<String> present = new ArrayList<>();

        @Override
        public void added(String subscription) {
            assertThat(present).doesNotContain(subscription);
            present.add(subscription);
        }

        @Override
        public void removed(String subscription) {
            assertThat(present.remove(subscription)).as(subscription).isTrue();
        }
    }

    private record Change(boolean adds, String filter, String subscriber) {
        void play(SubscriptionTree<String, String> tree) {
            TopicFilter asked = TopicFilter.of(filter);
            if (adds) {
                tree.subscribe(asked, subscriber, filter + " " + subscriber);
            } else {
                tree.unsubscribe(asked, subscriber);
            }
        }
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        return Combinators.combine(Arbitraries.of(true, true, false), TreeScript.anyFilter(), Arbitraries.of("s", "t"))
                .as(Change::new)
                .list()
                .ofMaxSize(30);
    }

    @Provide
    Arbitrary<String> ranges() {
        return TreeScript.anyFilter().filter(text -> !text.startsWith("$share"));
    }

    @Property(tries = 3000)
    void isShownWhatThereIsAndEachChangeAfterIt(
            @ForAll("changes") List<Change> before,
            @ForAll("changes") List<Change> after,
            @ForAll("ranges") String range) {
        SubscriptionTree<String, String> tree = new RadixSubscriptionTree<>();
        ModelTree model = new ModelTree();
        before.forEach(change -> change.play(tree));
        before.forEach(change -> change.play(model));
        Shown shown = new Shown();
        Shown expected = new Shown();
        tree.observe(TopicFilter.of(range), shown);
        model.observe(TopicFilter.of(range), expected);
        assertThat(shown.present).containsExactlyInAnyOrderElementsOf(expected.present);

        for (Change change : after) {
            change.play(tree);
            change.play(model);
            assertThat(shown.present).as("after %s", change).containsExactlyInAnyOrderElementsOf(expected.present);
        }
        tree.unobserve(shown);
        List<String> last = List.copyOf(shown.present);
        after.forEach(change -> change.play(tree));
        assertThat(shown.present).isEqualTo(last);
    }

    /** One of the ranges of the observer overlaps another, and what overlaps both is shown for each. */
    @Test
    void looksAtSeveralRangesUntilItIsTakenOut() {
        SubscriptionTree<String, String> tree = new RadixSubscriptionTree<>();
        List<String> shown = new ArrayList<>();
        SubscriptionObserver<String> observer = new SubscriptionObserver<>() {
            @Override
            public void added(String subscription) {
                shown.add("+" + subscription);
            }

            @Override
            public void removed(String subscription) {
                shown.add("-" + subscription);
            }
        };
        tree.observe(TopicFilter.of("a/#"), observer);
        tree.observe(TopicFilter.of("b"), observer);

        tree.subscribe(TopicFilter.of("a/x"), "s", "1");
        tree.subscribe(TopicFilter.of("b"), "s", "2");
        tree.subscribe(TopicFilter.of("b"), "s", "2 once more");
        tree.subscribe(TopicFilter.of("c"), "s", "3");
        tree.unsubscribe(TopicFilter.of("a/x"), "s");
        tree.unobserve(observer);
        tree.unsubscribe(TopicFilter.of("b"), "s");

        assertThat(shown).containsExactly("+1", "+2", "-1");
    }

    @Test
    void missesNothingThatComesOrGoesWhileItBeginsToLook() throws Exception {
        for (int round = 0; round < 50; round++) {
            SubscriptionTree<String, String> tree = new RadixSubscriptionTree<>();
            CountDownLatch begun = new CountDownLatch(1);
            Thread writer = new Thread(() -> {
                for (int i = 0; i < 400; i++) {
                    tree.subscribe(TopicFilter.of("a/" + i % 40), "s" + i, "v" + i);
                    if (i == 100) {
                        begun.countDown();
                    }
                    if (i % 3 == 0) {
                        tree.unsubscribe(TopicFilter.of("a/" + i % 40), "s" + i);
                    }
                }
            });
            writer.start();
            begun.await();
            Shown shown = new Shown();
            tree.observe(TopicFilter.of("a/#"), shown);
            writer.join();

            assertThat(shown.present).hasSize(tree.size());
        }
    }
}
