/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.subscriptions.internal.RadixSubscriptionTree;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubscriptionTreeTest {
    private final SubscriptionTree<String, String> tree = new RadixSubscriptionTree<>();

    @Test
    void startsEmpty() {
        assertThat(tree.size()).isZero();
        assertThat(tree.nodes()).isZero();
        assertThat(MatchRecorder.found(tree, "a")).isEmpty();
        assertThat(tree.unsubscribe(TopicFilter.of("a"), "s")).isEmpty();
    }

    @Test
    void replacesTheValueOfTheSameSubscriber() {
        assertThat(subscribe("a/b", "s", "first")).isEmpty();
        assertThat(subscribe("a/b", "s", "second")).isEqualTo("first");

        assertThat(tree.size()).isEqualTo(1);
        assertThat(MatchRecorder.found(tree, "a/b")).containsExactly("second");
    }

    @Test
    void handsOverASubscriberOnceForEachMatchingFilter() {
        subscribe("a/b", "s", "by name");
        subscribe("a/+", "s", "by wildcard");

        assertThat(MatchRecorder.found(tree, "a/b")).containsExactly("by name", "by wildcard");
    }

    @Test
    void unsubscribesOnlyWhatWasSubscribed() {
        subscribe("a/b/c", "s", "v");

        assertThat(unsubscribe("a/b/c", "other")).isEmpty();
        assertThat(unsubscribe("a/b", "s")).isEmpty();
        assertThat(unsubscribe("a/b/c/d", "s")).isEmpty();
        assertThat(unsubscribe("a/b/+", "s")).isEmpty();
        assertThat(unsubscribe("$share/g/a/b/c", "s")).isEmpty();
        assertThat(tree.size()).isEqualTo(1);

        assertThat(unsubscribe("a/b/c", "s")).isEqualTo("v");
        assertThat(tree.size()).isZero();
    }

    @Test
    void keepsGroupsApartByNameAndByFilter() {
        subscribe("$share/g/a/b", "s1", "1");
        subscribe("$share/g/a/b", "s2", "2");
        subscribe("$share/h/a/b", "s1", "3");
        subscribe("$share/g/a/+", "s1", "4");
        subscribe("a/b", "s1", "5");

        assertThat(tree.size()).isEqualTo(5);
        assertThat(MatchRecorder.found(tree, "a/b")).containsExactly("5", "g=[1, 2]", "g=[4]", "h=[3]");

        assertThat(unsubscribe("$share/g/a/b", "s1")).isEqualTo("1");
        assertThat(MatchRecorder.found(tree, "a/b")).containsExactly("5", "g=[2]", "g=[4]", "h=[3]");
        assertThat(unsubscribe("$share/g/a/b", "s2")).isEqualTo("2");
        assertThat(MatchRecorder.found(tree, "a/b")).containsExactly("5", "g=[4]", "h=[3]");
    }

    @Test
    void handsOverTheSameImmutableListUntilAGroupChanges() {
        for (int members = 1; members <= 40; members++) {
            subscribe("$share/g/a", "s" + members, "v" + members);

            List<String> list = membersOfTheGroupAt("a");
            assertThat(list).hasSize(members);
            assertThat(membersOfTheGroupAt("a")).isSameAs(list);
            assertThatThrownBy(() -> list.set(0, "other")).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void leavesListsAloneThatWereHandedOver() {
        for (int i = 0; i < 40; i++) {
            subscribe("$share/g/a", "s" + i, "v" + i);
        }
        List<String> before = membersOfTheGroupAt("a");
        List<String> copy = List.copyOf(before);

        for (int i = 0; i < 40; i++) {
            unsubscribe("$share/g/a", "s" + i);
        }

        assertThat(before).isEqualTo(copy);
    }

    @Test
    void hasANodeForEachFilterAndForEachPlaceWhereFiltersPart() {
        subscribe("a/b/c/d", "s", "v");
        assertThat(tree.nodes()).isEqualTo(1);
        subscribe("a/b/x/y", "s", "v"); // a/b, c/d, x/y
        assertThat(tree.nodes()).isEqualTo(3);
        subscribe("a/b", "s", "v");
        assertThat(tree.nodes()).isEqualTo(3);
        subscribe("$share/g/a/b", "s", "v");
        assertThat(tree.nodes()).isEqualTo(3);
        subscribe("a/+/#", "s", "v"); // a, b, c/d, x/y, +/#
        assertThat(tree.nodes()).isEqualTo(5);

        unsubscribe("a/b/x/y", "s"); // a, b, c/d, +/#
        assertThat(tree.nodes()).isEqualTo(4);
        unsubscribe("a/b", "s");
        assertThat(tree.nodes()).isEqualTo(4);
        unsubscribe("$share/g/a/b", "s"); // a, b/c/d, +/#
        assertThat(tree.nodes()).isEqualTo(3);
        unsubscribe("a/+/#", "s"); // a/b/c/d
        assertThat(tree.nodes()).isEqualTo(1);
        unsubscribe("a/b/c/d", "s");
        assertThat(tree.nodes()).isZero();
    }

    @Test
    void findsAndPrunesEveryOneOfManySiblings() {
        for (int i = 0; i < 10_000; i++) {
            subscribe("a/" + i, "s", "v" + i);
        }
        for (int i = 0; i < 10_000; i += 7) {
            assertThat(MatchRecorder.found(tree, "a/" + i)).containsExactly("v" + i);
        }

        // Not in the order of insertion: 7919 is a prime, so every sibling has its turn.
        for (int i = 0; i < 10_000; i++) {
            int sibling = i * 7919 % 10_000;
            assertThat(unsubscribe("a/" + sibling, "s")).isEqualTo("v" + sibling);
            assertThat(MatchRecorder.found(tree, "a/" + sibling)).isEmpty();
        }
        assertThat(tree.nodes()).isZero();
    }

    @Test
    void changesTheVersionWithEveryChangeAndOnlyThen() {
        long before = tree.version();
        subscribe("a", "s", "v");
        long subscribed = tree.version();
        assertThat(subscribed).isNotEqualTo(before);

        unsubscribe("a", "other");
        assertThat(tree.version()).isEqualTo(subscribed);
        subscribe("a", "s", "w");
        long replaced = tree.version();
        assertThat(replaced).isNotEqualTo(subscribed);
        unsubscribe("a", "s");
        assertThat(tree.version()).isNotEqualTo(replaced);
    }

    @Test
    void letsTheVisitorChangeTheTree() {
        subscribe("a/b", "s", "v");
        subscribe("a/+", "s", "w");

        tree.match(Topic.of("a/b"), new MatchVisitor<>() {
            @Override
            public void subscription(String subscription) {
                unsubscribe("a/b", "s");
                unsubscribe("a/+", "s");
                subscribe("x", "s", "x");
            }

            @Override
            public void shared(String shareName, List<String> members) {}
        });

        assertThat(tree.size()).isEqualTo(1);
        assertThat(tree.nodes()).isEqualTo(1);
    }

    @Test
    void refusesNullBeforeItChangesAnything() {
        TopicFilter filter = TopicFilter.of("a");

        assertThatNullPointerException().isThrownBy(() -> tree.subscribe(filter, null, "v"));
        assertThatNullPointerException().isThrownBy(() -> tree.subscribe(filter, "s", null));
        assertThatNullPointerException().isThrownBy(() -> tree.unsubscribe(filter, null));
        assertThat(tree.nodes()).isZero();
    }

    /** The value replaced, or the empty text. */
    private String subscribe(String filter, String subscriber, String value) {
        return tree.subscribe(TopicFilter.of(filter), subscriber, value).orElse("");
    }

    /** The value removed, or the empty text. */
    private String unsubscribe(String filter, String subscriber) {
        return tree.unsubscribe(TopicFilter.of(filter), subscriber).orElse("");
    }

    private List<String> membersOfTheGroupAt(String topic) {
        List<List<String>> lists = new ArrayList<>();
        tree.match(Topic.of(topic), new MatchVisitor<>() {
            @Override
            public void subscription(String subscription) {}

            @Override
            public void shared(String shareName, List<String> members) {
                lists.add(members);
            }
        });
        assertThat(lists).hasSize(1);
        return lists.get(0);
    }
}
