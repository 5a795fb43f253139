/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Cve;
import io.bascule.mqtt.TopicFilter;
import io.bascule.subscriptions.internal.RadixSubscriptionTree;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The tree does what the model does; and the comparison is sharp enough to find trees that do not. */
class ModelTest {

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    @Cve("CVE-2024-8376")
    void doesWhatTheModelDoes(@ForAll("scripts") TreeScript script) {
        script.playTo(new RadixSubscriptionTree<>());
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void doesWhatTheModelDoesWhenManySubscribeToOneFilter(@ForAll("crowds") TreeScript script) {
        script.playTo(new RadixSubscriptionTree<>());
    }

    @Provide
    Arbitrary<TreeScript> scripts() {
        return TreeScript.any();
    }

    @Provide
    Arbitrary<TreeScript> crowds() {
        return TreeScript.anyOfCrowds();
    }

    @Example
    void findsNothingInAnotherModel() {
        assertThat(isCaught(ModelTree::new)).isFalse();
    }

    @Example
    void catchesATreeThatDoesNotPrune() {
        assertThat(isCaught(() -> new ModelTree() {
                    private int most;

                    @Override
                    public int nodes() {
                        most = Math.max(most, super.nodes());
                        return most;
                    }
                }))
                .isTrue();
    }

    @Example
    void catchesATreeThatKeepsANodeWhereFiltersPartedBefore() {
        assertThat(isCaught(() -> new ModelTree() {
                    private boolean parted;

                    @Override
                    public int nodes() {
                        parted |= super.nodes() > subscriptions.size();
                        return super.nodes() + (parted && subscriptions.size() == 1 ? 1 : 0);
                    }
                }))
                .isTrue();
    }

    @Example
    void catchesATreeThatMatchesReservedTopicsWithWildcards() {
        assertThat(isCaught(() -> new ModelTree() {
                    @Override
                    boolean matches(List<String> filter, String topic) {
                        return super.matches(filter, topic.replaceFirst("^\\$x", "x")) || super.matches(filter, topic);
                    }
                }))
                .isTrue();
    }

    @Example
    void catchesATreeWhoseHashLeavesTheParentOut() {
        assertThat(isCaught(() -> new ModelTree() {
                    @Override
                    boolean matches(List<String> filter, String topic) {
                        int levels = topic.split("/", -1).length;
                        boolean hash = filter.get(filter.size() - 1).equals("#");
                        return super.matches(filter, topic) && !(hash && levels < filter.size());
                    }
                }))
                .isTrue();
    }

    @Example
    void catchesATreeThatDropsEmptyLevels() {
        assertThat(isCaught(() -> new ModelTree() {
                    @Override
                    boolean matches(List<String> filter, String topic) {
                        return super.matches(filter, topic.replace("//", "/"));
                    }
                }))
                .isTrue();
    }

    @Example
    void catchesATreeThatKeepsTheOldValue() {
        assertThat(isCaught(() -> new ModelTree() {
                    @Override
                    public Optional<String> subscribe(TopicFilter filter, String subscriber, String subscription) {
                        Optional<String> replaced = super.subscribe(filter, subscriber, subscription);
                        replaced.ifPresent(old -> super.subscribe(filter, subscriber, old));
                        return replaced;
                    }
                }))
                .isTrue();
    }

    @Example
    void catchesATreeThatMixesUpSharedAndOther() {
        assertThat(isCaught(() -> new ModelTree() {
                    @Override
                    public Optional<String> unsubscribe(TopicFilter filter, String subscriber) {
                        Optional<String> removed = super.unsubscribe(filter, subscriber);
                        subscriptions
                                .getOrDefault(TopicFilter.of(String.join("/", filter.levels())), new HashMap<>())
                                .remove(subscriber);
                        return removed;
                    }
                }))
                .isTrue();
    }

    private static boolean isCaught(Supplier<SubscriptionTree<String, String>> tree) {
        return TreeScript.any().sampleStream().limit(500).anyMatch(script -> {
            try {
                script.playTo(tree.get());
                return false;
            } catch (AssertionError expected) {
                return true;
            }
        });
    }
}
