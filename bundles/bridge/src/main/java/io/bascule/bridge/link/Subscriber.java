/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Session;
import io.bascule.api.Subscription;
import io.bascule.bridge.route.Route;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.Connection;
import io.bascule.transport.ControlPacket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/** Brings the subscriptions of both sessions in line with the routes, once per connection. */
final class Subscriber {
    /** Counted down from here: the local session counts its deliveries, which share the number space, up. */
    private static final int HIGHEST_PACKET_ID = 65_535;

    private final Connection connection;
    private final Limits limits;
    private final BiConsumer<TopicFilter, ReasonCode> refused;
    private final Map<Integer, List<Subscription>> asked = new HashMap<>();
    private final CompletableFuture<Void> answered = new CompletableFuture<>();

    /** {@code refused} hears of each subscription that a broker does not grant. */
    Subscriber(Connection connection, Limits limits, BiConsumer<TopicFilter, ReasonCode> refused) {
        this.connection = connection;
        this.limits = limits;
        this.refused = refused;
    }

    /**
     * Makes the local session's subscriptions those of these routes. What is there already is left alone, so that a reconnect changes
     * nothing; new ones come before old ones go, so that a filter that moves to another route misses no message.
     */
    CompletionStage<Void> local(Session session, List<Route> routes) {
        List<Subscription> wanted = new ArrayList<>();
        routes.forEach(route -> wanted.addAll(route.subscriptions(true)));
        return session.subscriptions()
                .thenCompose(present -> subscribe(session, wanted, present).thenCompose(done -> {
                    Set<TopicFilter> filters = new HashSet<>();
                    wanted.forEach(subscription -> filters.add(subscription.filter()));
                    return unsubscribe(session, filters, present);
                }));
    }

    private CompletionStage<Void> subscribe(Session session, List<Subscription> wanted, List<Subscription> present) {
        List<Subscription> missing = new ArrayList<>(wanted);
        missing.removeAll(present);
        if (missing.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return session.subscribe(missing).thenAccept(reasons -> check(missing, reasons));
    }

    private static CompletionStage<Void> unsubscribe(
            Session session, Set<TopicFilter> wanted, List<Subscription> present) {
        List<TopicFilter> surplus = present.stream()
                .map(Subscription::filter)
                .filter(filter -> !wanted.contains(filter))
                .toList();
        if (surplus.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return session.unsubscribe(surplus).thenAccept(reasons -> {});
    }

    /** Subscribes at the remote broker: one SUBSCRIBE a route, since it bears one identifier. Completes with the last SUBACK. */
    CompletionStage<Void> remote(List<Route> routes) {
        int packetId = HIGHEST_PACKET_ID;
        for (Route route : routes) {
            List<Subscription> subscriptions = route.subscriptions(limits.subscriptionIdentifiers());
            asked.put(packetId, subscriptions);
            connection.send(new ControlPacket.Subscribe(
                    packetId,
                    subscriptions.stream()
                            .map(ControlPacket.RequestedSubscription::of)
                            .toList()));
            packetId--;
        }
        completeWhenAnswered();
        return answered;
    }

    /** SUBACK from the remote broker. */
    void subAck(ControlPacket.SubAck subAck) {
        List<Subscription> subscriptions = asked.remove(subAck.packetId());
        if (subscriptions != null) {
            check(subscriptions, subAck.reasons());
            completeWhenAnswered();
        }
    }

    private void completeWhenAnswered() {
        if (asked.isEmpty()) {
            answered.complete(null);
        }
    }

    private void check(List<Subscription> subscriptions, List<ReasonCode> reasons) {
        for (int i = 0; i < subscriptions.size(); i++) {
            ReasonCode reason = i < reasons.size() ? reasons.get(i) : ReasonCode.PROTOCOL_ERROR;
            if (reason.isFailure()) {
                refused.accept(subscriptions.get(i).filter(), reason);
            }
        }
    }
}
