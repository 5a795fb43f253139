/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions.internal;

import io.bascule.subscriptions.MatchVisitor;
import java.util.ArrayDeque;
import java.util.Deque;

/** Walks to every subscription whose filter overlaps a range, and past whole branches where nothing does. For the writer. */
final class RangeWalk<K, V> {
    private final LevelHash levelHash;
    private final byte[] range;
    private final MatchVisitor<V> visitor;
    private final Deque<Stop<K, V>> open = new ArrayDeque<>();

    /** A node below which to look, and the position in the range behind its label. */
    private record Stop<K, V>(Node<K, V> node, int at) {}

    RangeWalk(LevelHash levelHash, byte[] range, MatchVisitor<V> visitor) {
        this.levelHash = levelHash;
        this.range = range;
        this.visitor = visitor;
    }

    void from(Node<K, V> root) {
        lookBelow(root, 0);
        for (Stop<K, V> next = open.poll(); next != null; next = open.poll()) {
            lookBelow(next.node(), next.at());
        }
    }

    private void lookBelow(Node<K, V> node, int at) {
        Children<K, V> children = node.children();
        if (children == null) {
            return;
        }
        boolean several = at == Labels.ANYTHING || Labels.startsWithHash(range, at) || Labels.startsWithPlus(range, at);
        if (several) {
            children.forEach(child -> enter(child, at));
            return;
        }
        enter(children.hash(), at); // a/# matches a as well (section 4.7.1.2)
        if (!Labels.isBehindLast(range, at)) {
            enter(children.plus(), at);
            enter(children.hasNamed() ? children.find(levelHash.of(range, at), range, at) : null, at);
        }
    }

    private void enter(Node<K, V> node, int at) {
        if (node == null || at == 0 && isReservedAgainstWildcard(node.label)) {
            return;
        }
        int behind = Labels.overlap(node.label, range, at);
        if (behind == Labels.NO_MATCH) {
            return;
        }
        if (Labels.isBehindLast(range, behind) || Labels.startsWithHash(range, behind)) {
            node.visit(visitor);
        }
        open.push(new Stop<>(node, behind));
    }

    /** A leading wildcard matches no reserved topic [MQTT-4.7.2-1]; only below the root is 0 the position. */
    private boolean isReservedAgainstWildcard(byte[] label) {
        return isReserved(label) && isWildcard(range) || isReserved(range) && isWildcard(label);
    }

    private static boolean isReserved(byte[] text) {
        return text.length > 0 && text[0] == '$';
    }

    private static boolean isWildcard(byte[] text) {
        return Labels.startsWithPlus(text, 0) || Labels.startsWithHash(text, 0);
    }
}
