/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Subscription;
import io.bascule.bridge.route.Route;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.Connection;
import io.bascule.transport.ControlPacket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes the remote session's subscriptions those of the subscribe routes, once per connection. */
final class RemoteSubscriptions {
    /** Counted down from here: the local session counts its deliveries, which share the number space, up. */
    private static final int HIGHEST_PACKET_ID = 65_535;

    private final Connection connection;
    private final Limits limits;
    private final int maximumFilters;
    private final Refusals refusals;
    private final RemoteSession session;
    private final Map<Integer, List<Subscription>> asked = new HashMap<>();
    private final Map<Integer, TopicFilter> askedToEnd = new HashMap<>();
    private final CompletableFuture<Void> answered = new CompletableFuture<>();

    /** That asks for so many filters at a time at most. */
    RemoteSubscriptions(
            Connection connection, Limits limits, int maximumFilters, RemoteSession session, Refusals refusals) {
        this.connection = connection;
        this.limits = limits;
        this.maximumFilters = maximumFilters;
        this.session = session;
        this.refusals = refusals;
    }

    /**
     * Sends one SUBSCRIBE a route, since it bears one identifier, or several where it has too many filters, and an UNSUBSCRIBE for each filter that has gone: after it, so that a filter
     * that was narrowed or widened misses no message. Completes with the last answer.
     */
    CompletionStage<Void> apply(List<Route> routes) {
        int packetId = HIGHEST_PACKET_ID;
        Set<TopicFilter> wanted = new HashSet<>();
        routes.forEach(route -> wanted.addAll(route.filters()));
        Set<TopicFilter> surplus = session.subscribed();
        surplus.removeAll(wanted);
        session.subscribing(wanted);
        for (Route route : routes) {
            List<Subscription> subscriptions = possible(route.subscriptions(limits.subscriptionIdentifiers()));
            for (int from = 0; from < subscriptions.size(); from += maximumFilters) {
                int to = Math.min(from + maximumFilters, subscriptions.size());
                subscribe(packetId--, subscriptions.subList(from, to));
            }
        }
        for (TopicFilter filter : surplus) {
            askedToEnd.put(packetId, filter);
            connection.send(new ControlPacket.Unsubscribe(packetId, List.of(Optional.of(filter))));
            packetId--;
        }
        completeWhenAnswered();
        return answered;
    }

    private void subscribe(int packetId, List<Subscription> subscriptions) {
        asked.put(packetId, subscriptions);
        connection.send(new ControlPacket.Subscribe(
                packetId,
                subscriptions.stream()
                        .map(ControlPacket.RequestedSubscription::of)
                        .toList()));
    }

    /** To ask a broker that has said that it has no shared subscriptions may end the connection [MQTT-3.2.2-24]. */
    private List<Subscription> possible(List<Subscription> subscriptions) {
        if (limits.sharedSubscriptions()) {
            return subscriptions;
        }
        subscriptions.stream()
                .map(Subscription::filter)
                .filter(TopicFilter::isShared)
                .forEach(shared -> refusals.refused(shared, ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED));
        return subscriptions.stream()
                .filter(subscription -> !subscription.filter().isShared())
                .toList();
    }

    /** SUBACK from the remote broker. */
    void subAck(ControlPacket.SubAck subAck) {
        List<Subscription> subscriptions = asked.remove(subAck.packetId());
        if (subscriptions != null) {
            refusals.check(subscriptions, subAck.reasons());
            completeWhenAnswered();
        }
    }

    /** UNSUBACK from the remote broker. One that refuses leaves a subscription that is asked to end again on the next connection. */
    void unsubAck(ControlPacket.UnsubAck unsubAck) {
        TopicFilter filter = askedToEnd.remove(unsubAck.packetId());
        if (filter != null) {
            if (unsubAck.reasons().stream().noneMatch(ReasonCode::isFailure)) {
                session.unsubscribed(filter);
            }
            completeWhenAnswered();
        }
    }

    private void completeWhenAnswered() {
        if (asked.isEmpty() && askedToEnd.isEmpty()) {
            answered.complete(null);
        }
    }
}
