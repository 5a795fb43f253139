/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Questions about two filters that are not shared. */
public final class Filters {
    private Filters() {}

    /** Whether there is a topic that both match, were topics of any length. */
    public static boolean overlap(TopicFilter one, TopicFilter other) {
        return both(one, other).isPresent();
    }

    /** Whether the first matches every topic that the other matches. */
    public static boolean covers(TopicFilter one, TopicFilter other) {
        return both(one, other).filter(other.levels()::equals).isPresent();
    }

    /** The filter of the topics that both match; empty also where it would be longer than a filter may be, and its topics than a topic. */
    public static Optional<TopicFilter> intersection(TopicFilter one, TopicFilter other) {
        return both(one, other).flatMap(Filters::filter);
    }

    private static Optional<TopicFilter> filter(List<String> levels) {
        try {
            return Optional.of(TopicFilter.of(String.join("/", levels)));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // too long
        }
    }

    /** The levels of what both match. */
    private static Optional<List<String>> both(TopicFilter one, TopicFilter other) {
        List<String> levels = new ArrayList<>();
        int common = Math.min(one.levelCount(), other.levelCount());
        for (int i = 0; i < common; i++) {
            String a = one.level(i);
            String b = other.level(i);
            if (a.equals("#") || b.equals("#")) {
                TopicFilter narrower = a.equals("#") ? other : one;
                levels.addAll(narrower.levels().subList(i, narrower.levelCount()));
                return matched(levels, one, other);
            }
            if (!a.equals("+") && !b.equals("+") && !a.equals(b)) {
                return Optional.empty();
            }
            levels.add(a.equals("+") ? b : a);
        }
        TopicFilter longer = one.levelCount() > common ? one : other;
        boolean parent =
                longer.levelCount() == common + 1 && longer.level(common).equals("#");
        return parent || longer.levelCount() == common ? matched(levels, one, other) : Optional.empty();
    }

    /** A leading wildcard matches no reserved topic [MQTT-4.7.2-1], and no topic is empty [MQTT-4.7.3-1]. */
    private static Optional<List<String>> matched(List<String> levels, TopicFilter one, TopicFilter other) {
        boolean reserved = levels.get(0).startsWith("$");
        boolean none = reserved && (isWildcard(one.level(0)) || isWildcard(other.level(0)))
                || levels.size() == 1 && levels.get(0).isEmpty();
        return none ? Optional.empty() : Optional.of(levels);
    }

    private static boolean isWildcard(String level) {
        return level.equals("+") || level.equals("#");
    }
}
