/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Session;
import io.bascule.api.Subscription;
import io.bascule.bridge.route.Route;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes the local session's subscriptions those of the forward routes. */
final class LocalSubscriptions {
    /** A file may have so many filters that to ask for all of them again and again would hold up others. */
    private static final int ASKED_AGAIN = 100;

    private final List<Subscription> wanted = new ArrayList<>();
    private final Queue<Subscription> denied = new ArrayDeque<>();
    private final Standing standing;

    LocalSubscriptions(List<Route> routes, Standing standing) {
        routes.forEach(route -> wanted.addAll(route.subscriptions(true)));
        this.standing = standing;
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
        denied.clear();
        if (missing.isEmpty()) {
            standing.denied(List.of());
            return CompletableFuture.completedFuture(null);
        }
        return session.subscribe(missing).thenAccept(reasons -> answered(missing, reasons));
    }

    /** Asks once more for some of what the bridge might not subscribe to, and the next time for others. */
    CompletionStage<Void> askAgain(Session session) {
        List<Subscription> some = new ArrayList<>();
        while (some.size() < ASKED_AGAIN && !denied.isEmpty()) {
            some.add(denied.remove());
        }
        return session.subscribe(some).thenAccept(reasons -> answered(some, reasons));
    }

    private void answered(List<Subscription> asked, List<ReasonCode> reasons) {
        List<Subscription> others = new ArrayList<>();
        List<ReasonCode> theirs = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            if (reasons.get(i) == ReasonCode.NOT_AUTHORIZED) {
                denied.add(asked.get(i));
            } else {
                others.add(asked.get(i));
                theirs.add(reasons.get(i));
            }
        }
        standing.denied(denied.stream().map(Subscription::filter).toList());
        standing.check(others, theirs);
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
