/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions.internal;

import io.bascule.subscriptions.MatchVisitor;
import java.util.List;

/**
 * A node of the tree: a label, those who subscribed to the filter that ends here, and the nodes below. Written under the tree's lock,
 * read by anyone; a node that was taken out of the tree is left as it was, for readers that still stand on it.
 */
final class Node<K, V> {
    final byte[] label;
    /** Of the first level of the label. */
    final int hash;

    private volatile Children<K, V> children;
    /**
     * Null, the value of the only subscriber, or a {@link CompactMap} of several. Most filters have one subscriber: to reach its value
     * through an object of its own would be one more miss of the cache at most matches.
     */
    private volatile Object subscriptions;
    /** Where there is only one; for the writer. */
    private K onlySubscriber;

    private volatile CompactMap<String, SharedGroup<K, V>> groups;

    Node(byte[] label, int hash) {
        this.label = label;
        this.hash = hash;
    }

    /** A node with another label, and with the subscribers and children of this one, to take its place. */
    Node<K, V> relabelled(byte[] newLabel, int newHash) {
        Node<K, V> copy = new Node<>(newLabel, newHash);
        copy.children = children;
        copy.subscriptions = subscriptions;
        copy.onlySubscriber = onlySubscriber;
        copy.groups = groups;
        return copy;
    }

    /** The nodes below, null when there are none. */
    Children<K, V> children() {
        return children;
    }

    int childCount() {
        Children<K, V> below = children;
        return below == null ? 0 : below.count();
    }

    void addChild(Node<K, V> child) {
        Children<K, V> below = children;
        children = below == null ? Children.of(child) : below.with(child);
    }

    void removeChild(Node<K, V> child) {
        children = children.without(child);
    }

    boolean hasSubscribers() {
        return subscriptions != null || groups != null;
    }

    /** Hands over everyone who subscribed to the filter that ends here. */
    void visit(MatchVisitor<V> visitor) {
        Object seen = subscriptions;
        if (seen instanceof CompactMap) {
            severalOf(seen).forEach(visitor, MatchVisitor::subscription);
        } else if (seen != null) {
            visitor.subscription(onlyOf(seen));
        }
        CompactMap<String, SharedGroup<K, V>> shared = groups;
        if (shared != null) {
            shared.forEach(visitor, (to, group) -> to.shared(group.name(), group.snapshot()));
        }
    }

    /** Adds or replaces a subscription; returns the value replaced, null when there was none. */
    V put(K subscriber, V subscription) {
        CompactMap<K, V> before = subscribers();
        V replaced = before == null ? null : before.get(subscriber);
        setSubscribers(CompactMap.with(before, subscriber, subscription));
        return replaced;
    }

    /** Removes a subscription; returns its value, null when there was none. */
    V remove(K subscriber) {
        CompactMap<K, V> before = subscribers();
        V removed = before == null ? null : before.get(subscriber);
        if (removed != null) {
            setSubscribers(before.without(subscriber));
        }
        return removed;
    }

    private CompactMap<K, V> subscribers() {
        Object now = subscriptions;
        if (now instanceof CompactMap) {
            return severalOf(now);
        }
        return now == null ? null : new One<>(onlySubscriber, onlyOf(now));
    }

    private void setSubscribers(CompactMap<K, V> subscribers) {
        if (subscribers instanceof One<K, V> one) {
            onlySubscriber = one.key();
            subscriptions = one.value();
        } else {
            onlySubscriber = null;
            subscriptions = subscribers;
        }
    }

    @SuppressWarnings(
            "unchecked") // setSubscribers puts no other map there, and no caller's value is one: the class is ours
    // alone
    private CompactMap<K, V> severalOf(Object map) {
        return (CompactMap<K, V>) map;
    }

    @SuppressWarnings("unchecked") // what is no map is a value
    private V onlyOf(Object value) {
        return (V) value;
    }

    /** As {@link #put(Object, Object)}, in a group. */
    V put(String shareName, K subscriber, V subscription) {
        CompactMap<K, V> before = members(shareName);
        V replaced = before == null ? null : before.get(subscriber);
        CompactMap<K, V> after = CompactMap.with(before, subscriber, subscription);
        groups = CompactMap.with(groups, shareName, new SharedGroup<>(shareName, after, after.values()));
        return replaced;
    }

    /** As {@link #remove(Object)}, in a group. */
    V remove(String shareName, K subscriber) {
        CompactMap<K, V> before = members(shareName);
        V removed = before == null ? null : before.get(subscriber);
        if (removed != null) {
            CompactMap<K, V> after = before.without(subscriber);
            groups = after == null
                    ? groups.without(shareName)
                    : groups.with(shareName, new SharedGroup<>(shareName, after, after.values()));
        }
        return removed;
    }

    private CompactMap<K, V> members(String shareName) {
        CompactMap<String, SharedGroup<K, V>> all = groups;
        SharedGroup<K, V> group = all == null ? null : all.get(shareName);
        return group == null ? null : group.members();
    }

    /** The members of a group and, taken when they last changed, what visitors are given. */
    private record SharedGroup<K, V>(String name, CompactMap<K, V> members, List<V> snapshot) {}
}
