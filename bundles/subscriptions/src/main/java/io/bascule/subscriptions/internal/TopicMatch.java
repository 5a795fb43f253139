/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions.internal;

import io.bascule.mqtt.Topic;
import io.bascule.subscriptions.MatchVisitor;

/**
 * Walks a topic down the tree. Nothing is split or copied, and nothing is allocated but a {@link Fork} where {@code +} and the name of a
 * level both lead on; at most one fork a level is open at any time.
 */
final class TopicMatch {
    private TopicMatch() {}

    static <K, V> void visit(Node<K, V> root, LevelHash levelHash, Topic topic, MatchVisitor<V> visitor) {
        byte[] text = topic.utf8();
        Node<K, V> node = root;
        int at = 0;
        Fork<K, V> open = null;
        while (true) {
            Node<K, V> named = null;
            Node<K, V> plus = null;
            Children<K, V> children = node.children();
            if (children != null) {
                if (children.hasNamed()) {
                    named = children.find(levelHash.of(text, at), text, at);
                }
                // Only below the root is 0 the position, and there a reserved topic meets no wildcard [MQTT-4.7.2-1].
                if (at > 0 || !topic.isReserved()) {
                    visitIfPresent(children.hash(), visitor);
                    plus = children.plus();
                }
            }
            int namedAt = enter(named, text, at, visitor);
            int plusAt = enter(plus, text, at, visitor);
            if (namedAt != Labels.NO_MATCH) {
                node = named;
                at = namedAt;
                if (plusAt != Labels.NO_MATCH) {
                    open = new Fork<>(plus, plusAt, open);
                }
            } else if (plusAt != Labels.NO_MATCH) {
                node = plus;
                at = plusAt;
            } else if (open != null) {
                node = open.node;
                at = open.at;
                open = open.outer;
            } else {
                return;
            }
        }
    }

    /**
     * Matches a node's label; where the topic ends with it, visits those who subscribed to that.
     *
     * @return where the topic goes on below the node, {@link Labels#NO_MATCH} when there is nothing more to find
     */
    private static <K, V> int enter(Node<K, V> node, byte[] text, int at, MatchVisitor<V> visitor) {
        if (node == null) {
            return Labels.NO_MATCH;
        }
        int behind = Labels.match(node.label, text, at);
        if (!Labels.isBehindLast(text, behind)) {
            return behind;
        }
        node.visit(visitor);
        Children<K, V> children = node.children();
        if (children != null) {
            visitIfPresent(children.hash(), visitor); // a/# matches a as well (section 4.7.1.2)
        }
        return Labels.NO_MATCH;
    }

    private static <K, V> void visitIfPresent(Node<K, V> node, MatchVisitor<V> visitor) {
        if (node != null) {
            node.visit(visitor);
        }
    }

    /** A way left to go: the node, the position in the topic behind its label, and the fork that was open before. */
    private record Fork<K, V>(Node<K, V> node, int at, Fork<K, V> outer) {}
}
