/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Filters that match together whatever any of those matches that were added, and of which no two match the same topic: many a broker sends a
 * message once for each subscription that matches. Where two overlap and neither has all of the other they become one that is wider than both.
 */
final class DisjointFilters {
    private final Set<TopicFilter> impossible;
    private final FilterTree<TopicFilter> tree = new FilterTree<>();
    private final Set<TopicFilter> filters = new LinkedHashSet<>();

    /** Two that would become one of the impossible stay two. */
    DisjointFilters(Set<TopicFilter> impossible) {
        this.impossible = impossible;
    }

    void add(TopicFilter filter) {
        TopicFilter added = filter;
        for (Optional<TopicFilter> met = met(added); met.isPresent(); met = met(added)) {
            tree.remove(met.get());
            filters.remove(met.get());
            added = join(met.get(), added);
        }
        tree.put(added, added);
        filters.add(added);
    }

    private Optional<TopicFilter> met(TopicFilter added) {
        return tree.overlapping(added, (other, same) -> !impossible.contains(join(other, added)));
    }

    /** How much it took so far: a step is some ten nanoseconds. */
    long steps() {
        return tree.steps();
    }

    /** What was added, or what has become of it. */
    Set<TopicFilter> filters() {
        return filters;
    }

    /**
     * The narrowest filter that has all of both. It stays within whatever filter has all of both: where they differ that one has a wildcard,
     * and where one goes on that has {@code #}.
     *
     * @throws IllegalArgumentException when it would be longer than a filter may be
     */
    static TopicFilter join(TopicFilter one, TopicFilter other) {
        List<String> levels = new ArrayList<>();
        int common = Math.min(one.levelCount(), other.levelCount());
        for (int i = 0; i < common; i++) {
            String a = one.level(i);
            String b = other.level(i);
            if (a.equals("#") || b.equals("#")) {
                levels.add("#");
                return TopicFilter.of(String.join("/", levels));
            }
            levels.add(a.equals(b) ? a : "+");
        }
        if (one.levelCount() != other.levelCount()) {
            levels.add("#");
        }
        return TopicFilter.of(String.join("/", levels));
    }
}
