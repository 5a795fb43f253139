/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Session;
import io.bascule.api.Subscription;
import io.bascule.bridge.route.Route;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes the local session's subscriptions those of the forward routes. */
final class LocalSubscriptions {
    private final List<Subscription> wanted = new ArrayList<>();
    private final Refusals refusals;

    LocalSubscriptions(List<Route> routes, Refusals refusals) {
        routes.forEach(route -> wanted.addAll(route.subscriptions(true)));
        this.refusals = refusals;
    }

    /**
     * Brings the session in line. What is there already is left alone, so that a reconnect changes nothing; new ones come before old ones
     * go, so that a filter that moves to another route misses no message.
     */
    CompletionStage<Void> apply(Session session) {
        return session.subscriptions()
                .thenCompose(present ->
                        subscribe(session, present).thenCompose(subscribed -> unsubscribe(session, present)));
    }

    private CompletionStage<Void> subscribe(Session session, List<Subscription> present) {
        List<Subscription> missing = new ArrayList<>(wanted);
        missing.removeAll(present);
        if (missing.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return session.subscribe(missing).thenAccept(reasons -> refusals.check(missing, reasons));
    }

    private CompletionStage<Void> unsubscribe(Session session, List<Subscription> present) {
        Set<TopicFilter> filters = new HashSet<>();
        wanted.forEach(subscription -> filters.add(subscription.filter()));
        List<TopicFilter> surplus = present.stream()
                .map(Subscription::filter)
                .filter(filter -> !filters.contains(filter))
                .toList();
        if (surplus.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return session.unsubscribe(surplus).thenAccept(reasons -> {});
    }
}
