/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Subscription;
import io.bascule.bridge.route.Route;
import io.bascule.transport.Connection;
import io.bascule.transport.ControlPacket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes the subscriptions of the subscribe routes at the remote broker, once per connection. */
final class RemoteSubscriptions {
    /** Counted down from here: the local session counts its deliveries, which share the number space, up. */
    private static final int HIGHEST_PACKET_ID = 65_535;

    private final Connection connection;
    private final Limits limits;
    private final Refusals refusals;
    private final Map<Integer, List<Subscription>> asked = new HashMap<>();
    private final CompletableFuture<Void> answered = new CompletableFuture<>();

    RemoteSubscriptions(Connection connection, Limits limits, Refusals refusals) {
        this.connection = connection;
        this.limits = limits;
        this.refusals = refusals;
    }

    /** Sends one SUBSCRIBE a route, since it bears one identifier. Completes with the last SUBACK. */
    CompletionStage<Void> apply(List<Route> routes) {
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
            refusals.check(subscriptions, subAck.reasons());
            completeWhenAnswered();
        }
    }

    private void completeWhenAnswered() {
        if (asked.isEmpty()) {
            answered.complete(null);
        }
    }
}
