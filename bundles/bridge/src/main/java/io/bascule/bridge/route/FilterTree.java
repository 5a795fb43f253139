/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import io.bascule.mqtt.TopicFilter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Finds among many filters one that overlaps another, without a look at all of them. Used by one thread.
 *
 * @param <T> what is kept with a filter, of which there is one
 */
public final class FilterTree<T> {
    private final Node<T> root = new Node<>();
    private long steps;

    private static final class Node<T> {
        final Map<String, Node<T>> children = new HashMap<>();
        /** Which ends here; null where none does. */
        TopicFilter filter;

        T kept;
    }

    /** Below which node to look, and for which level on; {@code ANY} where everything below overlaps. */
    private record Stop<T>(Node<T> node, int level) {
        static final int ANY = -1;
    }

    /** Adds a filter, or replaces one of the same levels and what is kept with that; a shared one stands for the filter behind the name. */
    public void put(TopicFilter filter, T kept) {
        Node<T> node = root;
        for (String level : filter.levels()) {
            node = node.children.computeIfAbsent(level, absent -> new Node<>());
        }
        node.filter = filter;
        node.kept = kept;
    }

    /** Removes a filter that is there. */
    public void remove(TopicFilter filter) {
        Deque<Node<T>> way = new ArrayDeque<>();
        Node<T> node = root;
        for (String level : filter.levels()) {
            way.push(node);
            node = node.children.get(level);
        }
        node.filter = null;
        node.kept = null;
        for (int i = filter.levelCount() - 1; node.filter == null && node.children.isEmpty() && i >= 0; i--) {
            node = way.pop();
            node.children.remove(filter.level(i));
        }
    }

    /** Any that overlaps this one and of which the condition is true. */
    public Optional<TopicFilter> overlapping(TopicFilter filter, BiPredicate<TopicFilter, T> condition) {
        Deque<Stop<T>> open = new ArrayDeque<>();
        open.push(new Stop<>(root, 0));
        for (Stop<T> stop = open.poll(); stop != null; stop = open.poll()) {
            steps++;
            Node<T> node = stop.node();
            boolean isPast = stop.level() == filter.levelCount();
            boolean isAll = stop.level() == Stop.ANY
                    || !isPast && filter.level(stop.level()).equals("#");
            if (node.filter != null && (isAll || isPast) && overlaps(node, filter, condition)) {
                return Optional.of(node.filter);
            }
            if (isAll) {
                node.children.values().forEach(child -> open.push(new Stop<>(child, Stop.ANY)));
                continue;
            }
            Node<T> rest = node.children.get("#");
            if (rest != null && overlaps(rest, filter, condition)) {
                return Optional.of(rest.filter);
            }
            if (!isPast) {
                pushBelow(node, filter.level(stop.level()), stop.level() + 1, open);
            }
        }
        return Optional.empty();
    }

    /** How many nodes were looked at so far: where filters have many {@code +} a look may come to all of them. */
    long steps() {
        return steps;
    }

    private static <T> void pushBelow(Node<T> node, String level, int next, Deque<Stop<T>> open) {
        if (level.equals("+")) {
            node.children.forEach((name, child) -> {
                if (!name.equals("#")) {
                    open.push(new Stop<>(child, next));
                }
            });
            return;
        }
        Node<T> plus = node.children.get("+");
        if (plus != null) {
            open.push(new Stop<>(plus, next));
        }
        Node<T> named = node.children.get(level);
        if (named != null) {
            open.push(new Stop<>(named, next));
        }
    }

    /** The way here has compared all but what is special: reserved topics, and that none is empty. */
    private static <T> boolean overlaps(Node<T> node, TopicFilter filter, BiPredicate<TopicFilter, T> condition) {
        return Filters.overlap(node.filter, filter) && condition.test(node.filter, node.kept);
    }
}
