/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.retained;

import io.bascule.mqtt.Message;
import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A level of the tree of topics: the message retained at the topic that ends here, if any, and the levels below. Written under the lock of
 * {@link RetainedMessages}, read by anyone; a reader meets each child that stays while it iterates, and meets it once.
 */
final class RetainedNode {
    /** Smaller maps are not worth shrinking. */
    private static final int SMALL = 64;

    final String level;
    final RetainedNode parent;

    private volatile Message message;
    /** Null, the only child, or a map of several by their level: in long topics most nodes have one child. */
    private volatile Object children;
    /** The most children that the map has held; for the writer. */
    private int peak;

    RetainedNode(String level, RetainedNode parent) {
        this.level = level;
        this.parent = parent;
    }

    Message message() {
        return message;
    }

    void setMessage(Message message) {
        this.message = message;
    }

    /** Whether neither a message nor a child is here. */
    boolean isEmpty() {
        return message == null && children == null;
    }

    /** The child of that level, null when there is none. */
    RetainedNode child(String childLevel) {
        Object below = children;
        if (below instanceof RetainedNode only) {
            return only.level.equals(childLevel) ? only : null;
        }
        return below == null ? null : mapOf(below).get(childLevel);
    }

    /** The children, in no order. */
    Iterator<RetainedNode> children() {
        Object below = children;
        if (below instanceof RetainedNode only) {
            return Collections.singleton(only).iterator();
        }
        return below == null
                ? Collections.emptyIterator()
                : mapOf(below).values().iterator();
    }

    void add(RetainedNode child) {
        Object below = children;
        if (below == null) {
            children = child;
            return;
        }
        if (below instanceof RetainedNode only) {
            ConcurrentHashMap<String, RetainedNode> both = new ConcurrentHashMap<>(2);
            both.put(only.level, only);
            both.put(child.level, child);
            peak = 2;
            children = both;
            return;
        }
        ConcurrentHashMap<String, RetainedNode> map = mapOf(below);
        map.put(child.level, child);
        peak = Math.max(peak, map.size());
    }

    void remove(RetainedNode child) {
        Object below = children;
        if (below == child) {
            children = null;
            return;
        }
        ConcurrentHashMap<String, RetainedNode> map = mapOf(below);
        map.remove(child.level);
        int left = map.size();
        if (left == 1) {
            children = map.values().iterator().next();
        } else if (left < peak / 8 && peak > SMALL) {
            // A ConcurrentHashMap never shrinks by itself.
            children = new ConcurrentHashMap<>(map);
            peak = left;
        }
    }

    @SuppressWarnings("unchecked") // what is neither null nor a node
    private static ConcurrentHashMap<String, RetainedNode> mapOf(Object children) {
        return (ConcurrentHashMap<String, RetainedNode>) children;
    }
}
