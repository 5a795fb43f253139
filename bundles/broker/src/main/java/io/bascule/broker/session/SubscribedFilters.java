/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.Interest;
import io.bascule.mqtt.TopicFilter;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.subscriptions.SubscriptionObserver;
import io.bascule.subscriptions.SubscriptionTree;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Counts the subscriptions to each filter within a range. The tree is where all of them pass, however they come and go, and it shows each in turn:
 * so the counts need no other source, and have no gap at the beginning.
 */
public final class SubscribedFilters implements Interest, SubscriptionObserver<SessionSubscription> {
    private final SubscriptionTree<ClientSession, SessionSubscription> tree;
    private final String exceptClientId;
    private final Executor executor;
    private final Runnable changed;
    private final Map<TopicFilter, Integer> counts = new HashMap<>();
    private boolean told = true; // until somebody has asked
    private Lease lease;
    private volatile boolean closed;

    /** Looks at nothing until {@link #observe}; the executor is called within changes of the tree, and must not run the task there. */
    public SubscribedFilters(
            SubscriptionTree<ClientSession, SessionSubscription> tree,
            String exceptClientId,
            Executor executor,
            Runnable changed) {
        this.tree = tree;
        this.exceptClientId = exceptClientId;
        this.executor = executor;
        this.changed = changed;
    }

    /** Looks at this range from now on, until it is closed or the scope is. */
    public void observe(TopicFilter range, ResourceScope scope) {
        if (range.isShared()) {
            throw new IllegalArgumentException("a range is a plain filter, " + range + " is shared");
        }
        tree.observe(range, this);
        lease = scope.hold(ResourceKind.SUBSCRIPTION, () -> tree.unobserve(this));
    }

    @Override
    public synchronized void added(SessionSubscription subscription) {
        if (counts(subscription) && counts.merge(filter(subscription), 1, Integer::sum) == 1) {
            tell();
        }
    }

    @Override
    public synchronized void removed(SessionSubscription subscription) {
        if (counts(subscription)
                && counts.computeIfPresent(filter(subscription), (filter, count) -> count == 1 ? null : count - 1)
                        == null) {
            tell();
        }
    }

    private boolean counts(SessionSubscription subscription) {
        return !subscription.session().clientId().equals(exceptClientId);
    }

    private static TopicFilter filter(SessionSubscription subscription) {
        TopicFilter filter = subscription.subscription().filter();
        return filter.isShared() ? TopicFilter.of(String.join("/", filter.levels())) : filter;
    }

    private void tell() {
        if (!told) {
            told = true;
            try {
                executor.execute(() -> {
                    if (!closed) {
                        changed.run();
                    }
                });
            } catch (RejectedExecutionException e) {
                closed = true; // whoever wanted to know has gone, which is nothing to whoever subscribes
            }
        }
    }

    @Override
    public synchronized Optional<Set<TopicFilter>> filters(int atMost) {
        told = false;
        return counts.size() > atMost ? Optional.empty() : Optional.of(Set.copyOf(counts.keySet()));
    }

    @Override
    public void close() {
        closed = true;
        lease.close();
    }
}
