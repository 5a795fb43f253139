/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions.internal;

import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.subscriptions.MatchVisitor;
import io.bascule.subscriptions.SubscriptionObserver;
import io.bascule.subscriptions.SubscriptionTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

/**
 * A radix tree over topic levels: a node is labelled with as many levels as go undivided, so that every node but the root has subscribers
 * or at least two children. That bounds the nodes by twice the filters, however deep these are, and a lookup by the forks on its way.
 *
 * <pre>
 *   plant/7/press/+/temp        plant/7 ─┬─ press/+/temp
 *   plant/7/oven/door                    └─ oven ─┬─ door
 *   plant/7/oven/#                                └─ #
 * </pre>
 *
 * <p>Readers take no lock. The writer links a node only when all below it is in place, and where it divides or joins nodes it puts new ones
 * in the place of old ones, which stay as they are for readers that stand on them: whoever started before a change may miss that change and
 * nothing else.
 */
@Component(service = SubscriptionTree.class, scope = ServiceScope.PROTOTYPE)
public final class RadixSubscriptionTree<K, V> implements SubscriptionTree<K, V> {
    private final Object writeLock = new Object();
    private final LevelHash levelHash = new LevelHash();
    private final Node<K, V> root = new Node<>(new byte[0], 0);

    // Written under the lock.
    private volatile long version;
    private volatile int size;
    private volatile int nodes;

    /** Null where there is none, so that a change looks at one field more; under the lock. */
    private List<Observation<V>> observations;

    private record Observation<V>(TopicFilter range, SubscriptionObserver<V> observer) {}

    @Override
    public Optional<V> subscribe(TopicFilter filter, K subscriber, V subscription) {
        Objects.requireNonNull(subscriber, "subscriber");
        Objects.requireNonNull(subscription, "subscription");
        byte[] levels = levelsOf(filter);
        synchronized (writeLock) {
            Node<K, V> node = nodeFor(levels);
            V replaced = filter.isShared()
                    ? node.put(shareName(filter), subscriber, subscription)
                    : node.put(subscriber, subscription);
            if (replaced == null) {
                size = size + 1;
                if (observations != null) {
                    show(filter, observer -> observer.added(subscription));
                }
            }
            version = version + 1;
            return Optional.ofNullable(replaced);
        }
    }

    @Override
    public Optional<V> unsubscribe(TopicFilter filter, K subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        byte[] levels = levelsOf(filter);
        synchronized (writeLock) {
            Node<K, V> grandparent = null;
            Node<K, V> parent = null;
            Node<K, V> node = root;
            for (int at = 0; !Labels.isBehindLast(levels, at); at += node.label.length + 1) {
                Node<K, V> child = childAt(node, levels, at);
                if (child == null || Labels.commonLevels(child.label, levels, at) < child.label.length) {
                    return Optional.empty();
                }
                grandparent = parent;
                parent = node;
                node = child;
            }
            V removed = filter.isShared() ? node.remove(shareName(filter), subscriber) : node.remove(subscriber);
            if (removed != null) {
                prune(grandparent, parent, node);
                size = size - 1;
                version = version + 1;
                if (observations != null) {
                    show(filter, observer -> observer.removed(removed));
                }
            }
            return Optional.ofNullable(removed);
        }
    }

    @Override
    public void match(Topic topic, MatchVisitor<V> visitor) {
        TopicMatch.visit(root, levelHash, topic, visitor);
    }

    @Override
    public void observe(TopicFilter range, SubscriptionObserver<V> observer) {
        synchronized (writeLock) {
            if (observations == null) {
                observations = new ArrayList<>();
            }
            observations.add(new Observation<>(range, observer));
            MatchVisitor<V> shown = new MatchVisitor<>() {
                @Override
                public void subscription(V subscription) {
                    observer.added(subscription);
                }

                @Override
                public void shared(String shareName, List<V> members) {
                    members.forEach(observer::added);
                }
            };
            new RangeWalk<K, V>(levelHash, levelsOf(range), shown).from(root);
        }
    }

    @Override
    public void unobserve(SubscriptionObserver<V> observer) {
        synchronized (writeLock) {
            if (observations != null) {
                observations.removeIf(each -> each.observer() == observer);
                observations = observations.isEmpty() ? null : observations;
            }
        }
    }

    private void show(TopicFilter filter, Consumer<SubscriptionObserver<V>> change) {
        for (Observation<V> each : observations) {
            if (each.range().overlaps(filter)) {
                change.accept(each.observer());
            }
        }
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int nodes() {
        return nodes;
    }

    /** The node at which these levels end, made when it is not there. */
    private Node<K, V> nodeFor(byte[] levels) {
        Node<K, V> node = root;
        int at = 0;
        while (!Labels.isBehindLast(levels, at)) {
            Node<K, V> child = childAt(node, levels, at);
            if (child == null) {
                Node<K, V> leaf = new Node<>(Labels.tail(levels, at), levelHash.of(levels, at));
                node.addChild(leaf);
                nodes = nodes + 1;
                return leaf;
            }
            int common = Labels.commonLevels(child.label, levels, at);
            node = common < child.label.length ? divide(node, child, common) : child;
            at += common + 1;
        }
        return node;
    }

    /** The child whose label starts with the level at this position, wildcards taken literally; null when there is none. */
    private Node<K, V> childAt(Node<K, V> node, byte[] levels, int at) {
        Children<K, V> children = node.children();
        if (children == null) {
            return null;
        }
        if (Labels.startsWithPlus(levels, at)) {
            return children.plus();
        }
        if (Labels.startsWithHash(levels, at)) {
            return children.hash();
        }
        return children.find(levelHash.of(levels, at), levels, at);
    }

    /** Puts two nodes in the place of one: a new one for the first levels of its label, and below it one for the others. */
    private Node<K, V> divide(Node<K, V> parent, Node<K, V> node, int end) {
        Node<K, V> upper = new Node<>(Labels.head(node.label, end), node.hash);
        byte[] rest = Labels.tail(node.label, end + 1);
        upper.addChild(node.relabelled(rest, levelHash.of(rest, 0)));
        parent.children().replace(node, upper);
        nodes = nodes + 1;
        return upper;
    }

    /** Takes out a node that has no subscribers any more, or joins it with its only child; then so its parent. */
    private void prune(Node<K, V> grandparent, Node<K, V> parent, Node<K, V> node) {
        if (node.hasSubscribers()) {
            return;
        }
        if (node.childCount() == 0) {
            parent.removeChild(node);
            nodes = nodes - 1;
            // The parent stays without a child only if it has subscribers, or is the root.
            if (parent != root && !parent.hasSubscribers() && parent.childCount() == 1) {
                join(grandparent, parent);
            }
        } else if (node.childCount() == 1) {
            join(parent, node);
        }
    }

    /** Puts one node in the place of a node and its only child. */
    private void join(Node<K, V> parent, Node<K, V> node) {
        Node<K, V> child = node.children().any();
        parent.children().replace(node, child.relabelled(Labels.join(node.label, child.label), node.hash));
        nodes = nodes - 1;
    }

    private static byte[] levelsOf(TopicFilter filter) {
        String text = filter.isShared() ? String.join("/", filter.levels()) : filter.text();
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String shareName(TopicFilter filter) {
        return filter.shareName().orElseThrow();
    }
}
