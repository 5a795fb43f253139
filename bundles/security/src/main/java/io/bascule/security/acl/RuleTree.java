/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import io.bascule.mqtt.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rules by the levels of their filters. Not changed any more once it is shared; an answer allocates nothing. */
final class RuleTree {
    private final List<Applied> rules = new ArrayList<>();
    private final Node publish = new Node();
    private final Node receive = new Node();

    /** A rule, with names in the place of {@code %u} and {@code %c}, and its place among all rules of its file. */
    static final class Applied {
        private final int number;
        private final Rule rule;
        private final String[] levels;

        Applied(int number, Rule rule, String[] levels) {
            this.number = number;
            this.rule = rule;
            this.levels = levels;
        }

        Rule rule() {
            return rule;
        }

        /** The one that stands in front of the other; either may be null. */
        static Applied earlier(Applied one, Applied other) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            return one.number <= other.number ? one : other;
        }
    }

    /** Adds a rule; rules come in their order. */
    void add(Applied applied) {
        rules.add(applied);
        if (applied.rule.isAbout(Action.PUBLISH)) {
            publish.add(applied);
        }
        if (applied.rule.isAbout(Action.RECEIVE)) {
            receive.add(applied);
        }
    }

    int size() {
        return rules.size();
    }

    /** The first rule about publishing there; null where there is none. */
    Applied publish(Topic topic) {
        return publish.first(topic, 0, null);
    }

    /** The first rule about receiving what was published there; null where there is none. */
    Applied receive(Topic topic) {
        return receive.first(topic, 0, null);
    }

    /** The first rule that denies all that could come by this filter, or that allows something of it; null where there is none. */
    Applied subscribe(String[] filter) {
        return rules.stream()
                .filter(each -> each.rule.isAbout(Action.SUBSCRIBE) || each.rule.isAbout(Action.RECEIVE))
                .filter(each ->
                        each.rule.allow() ? Filters.overlap(each.levels, filter) : Filters.covers(each.levels, filter))
                .findFirst()
                .orElse(null);
    }

    /** A level of the filters of rules. */
    private static final class Node {
        /** Null where there is none: most nodes are the last of their filter. */
        private Map<String, Node> children;

        private Node any;
        /** The first rule whose filter ends here. */
        private Applied end;
        /** The first rule whose filter goes on with {@code #}. */
        private Applied rest;

        void add(Applied applied) {
            Node node = this;
            for (String level : applied.levels) {
                if (level.equals("#")) {
                    node.rest = Applied.earlier(node.rest, applied);
                    return;
                }
                node = level.equals("+") ? node.any() : node.child(level);
            }
            node.end = Applied.earlier(node.end, applied);
        }

        private Node child(String level) {
            if (children == null) {
                children = new HashMap<>(2);
            }
            return children.computeIfAbsent(level, key -> new Node());
        }

        private Node any() {
            if (any == null) {
                any = new Node();
            }
            return any;
        }

        /** The first of this node's rules that match the topic from this level on; the one so far where that is before them. */
        Applied first(Topic topic, int level, Applied soFar) {
            boolean reserved = level == 0 && topic.isReserved(); // no wildcard there [MQTT-4.7.2-1]
            Applied first = reserved ? soFar : Applied.earlier(soFar, rest);
            if (level == topic.levelCount()) {
                return Applied.earlier(first, end);
            }
            Node child = children == null ? null : children.get(topic.level(level));
            if (child != null) {
                first = child.first(topic, level + 1, first);
            }
            return any == null || reserved ? first : any.first(topic, level + 1, first);
        }
    }
}
