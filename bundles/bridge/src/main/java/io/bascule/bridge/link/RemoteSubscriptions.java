/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Subscription;
import io.bascule.bridge.route.Route;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.Connection;
import io.bascule.transport.ControlPacket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Makes the remote session's subscriptions those of the subscribe routes, and keeps them so for as long as one connection lives. */
final class RemoteSubscriptions {
    /** How often others are asked for in place of what is refused before messages flow. */
    private static final int MOST_WAVES = 3;

    private final Limits limits;
    private final int maximumFilters;
    private final Refusals refusals;
    private final RemoteSession session;
    private final Demand demand;
    private final Requests requests;
    private final Widening widening;
    /** What was asked for over this connection, and neither refused nor ended. */
    private final Set<TopicFilter> held = new HashSet<>();

    /** Of that what is granted. */
    private final Set<TopicFilter> granted = new HashSet<>();

    private final Set<TopicFilter> refused = new HashSet<>();
    private final Set<TopicFilter> ending = new HashSet<>();
    /** What the remote broker does not end on this connection. */
    private final Set<TopicFilter> endless = new HashSet<>();

    /** What was wanted when it was last asked for. */
    private Set<TopicFilter> wanted = Set.of();
    /** Of that what was refused. */
    private final Set<TopicFilter> refusedNow = new HashSet<>();

    /** Something else is wanted in place of what was refused. */
    private boolean replacing;

    private final Runnable follow = this::follow;
    private int waves;
    private boolean joined;
    private final CompletableFuture<Void> answered = new CompletableFuture<>();

    /** {@code unanswered} is told what is wrong with a remote broker that keeps silent once it has answered everything. */
    RemoteSubscriptions(
            Lasting link, RemoteSession session, Connection connection, Limits limits, Consumer<String> unanswered) {
        this.limits = limits;
        this.session = session;
        this.maximumFilters = link.definition().maximumFilters();
        this.refusals = link.standing();
        this.demand = link.demand();
        this.requests = new Requests(link, connection, unanswered);
        this.widening = new Widening(link.name(), limits, demand, session);
    }

    /** Subscribes, and from then on follows what the routes want; completes when what they want now is granted, refused or ended. */
    CompletionStage<Void> apply() {
        follow();
        return answered;
    }

    /**
     * Asks for what is wanted and was not asked for: one SUBSCRIBE a route, since it bears one identifier. What is not wanted any more ends when that
     * is granted, so that a filter that is narrowed or widened misses no message, and nothing more is asked for by then: else there might always be
     * something that is not granted yet.
     */
    private void follow() {
        if (requests.isSubscribing()) {
            return; // its answer leads back here
        }
        waves++;
        List<Route> routes = demand.routes(refused, widening.whole());
        wanted = filters(routes);
        session.subscribing(wanted);
        for (Route route : routes) {
            List<Subscription> missing = possible(route.subscriptions(limits.subscriptionIdentifiers()).stream()
                    .filter(subscription -> !held.contains(subscription.filter()))
                    .filter(subscription -> !refused.contains(subscription.filter()))
                    .toList());
            List<TopicFilter> inTheWay = missing.stream()
                    .flatMap(subscription -> widening.inTheWay(subscription.filter(), held).stream())
                    .toList();
            inTheWay.forEach(this::unsubscribe);
            subscribe(missing);
            // At once again, in case that there was room for it alone: in between it is not missed for longer than
            // these packets take.
            subscribe(route.withFilters(inTheWay).subscriptions(limits.subscriptionIdentifiers()));
        }
        if (!requests.isSubscribing()) {
            unsubscribeFromAllBut(wanted);
        }
        completeWhenAnswered();
    }

    private static Set<TopicFilter> filters(List<Route> routes) {
        Set<TopicFilter> filters = new HashSet<>();
        routes.forEach(route -> filters.addAll(route.filters()));
        return filters;
    }

    /** Without those of which the remote broker has said that it has none such. */
    private List<Subscription> possible(List<Subscription> subscriptions) {
        List<Subscription> possible = new ArrayList<>();
        for (Subscription subscription : subscriptions) {
            Optional<ReasonCode> against = limits.against(subscription.filter());
            if (against.isEmpty()) {
                possible.add(subscription);
            } else {
                refused.add(subscription.filter());
                refusals.refused(subscription.filter(), against.get());
            }
        }
        return possible;
    }

    private void subscribe(List<Subscription> subscriptions) {
        for (int from = 0; from < subscriptions.size(); from += maximumFilters) {
            subscribeAtOnce(subscriptions.subList(from, Math.min(from + maximumFilters, subscriptions.size())));
        }
    }

    private void subscribeAtOnce(List<Subscription> subscriptions) {
        subscriptions.forEach(subscription -> held.add(subscription.filter()));
        requests.subscribe(
                packetId -> new ControlPacket.Subscribe(
                        packetId,
                        subscriptions.stream()
                                .map(ControlPacket.RequestedSubscription::of)
                                .toList()),
                reasons -> answered(subscriptions, reasons));
    }

    private void answered(List<Subscription> subscriptions, List<ReasonCode> reasons) {
        for (int i = 0; i < subscriptions.size(); i++) {
            ReasonCode reason = i < reasons.size() ? reasons.get(i) : ReasonCode.PROTOCOL_ERROR;
            if (reason.isFailure()) {
                refused(subscriptions.get(i).filter(), reason);
            } else {
                granted.add(subscriptions.get(i).filter());
            }
        }
        if (!requests.isSubscribing()) {
            granted();
        }
    }

    private void refused(TopicFilter filter, ReasonCode reason) {
        held.remove(filter);
        if (widening.replaces(filter, reason, held)) {
            replacing = true;
        } else {
            widening.givenUp(filter).forEach(this::refuse);
            refuse(filter, reason);
        }
    }

    private void refuse(TopicFilter filter, ReasonCode reason) {
        refusals.refused(filter, reason);
        refused.add(filter);
        refusedNow.add(filter);
    }

    /** All that was wanted is granted, but for what is refused: what that was to take the place of stays until something else does. */
    private void granted() {
        if (!replacing) { // else what is to be replaced stays until it is
            Set<TopicFilter> needed = filters(demand.routes(refused, widening.whole()));
            needed.addAll(wanted);
            needed.addAll(session.subscribed().stream()
                    .filter(filter -> refusedNow.stream().anyMatch(filter::overlaps))
                    .toList());
            unsubscribeFromAllBut(needed);
        }
        boolean another = (replacing || !refusedNow.isEmpty()) && waves < MOST_WAVES;
        replacing = false;
        refusedNow.clear();
        if (joined || another) {
            follow();
        } else {
            completeWhenAnswered();
        }
    }

    private void unsubscribeFromAllBut(Set<TopicFilter> wanted) {
        List<TopicFilter> surplus = new ArrayList<>(session.subscribed());
        surplus.removeIf(filter -> wanted.contains(filter) || ending.contains(filter) || endless.contains(filter));
        surplus.forEach(this::unsubscribe);
    }

    private void unsubscribe(TopicFilter filter) {
        held.remove(filter);
        granted.remove(filter);
        ending.add(filter);
        requests.unsubscribe(
                packetId -> new ControlPacket.Unsubscribe(packetId, List.of(Optional.of(filter))),
                reasons -> ended(filter, reasons));
    }

    /** One that is refused leaves a subscription that is asked to end again on the next connection. */
    private void ended(TopicFilter filter, List<ReasonCode> reasons) {
        ending.remove(filter);
        if (reasons.stream().anyMatch(ReasonCode::isFailure)) {
            endless.add(filter);
        } else if (!held.contains(filter)) { // else it was wanted once more behind it
            session.unsubscribed(filter);
        }
        if (joined && requests.isEmpty()) {
            follow(); // it may have gone once more meanwhile
        } else {
            completeWhenAnswered();
        }
    }

    /** Whether the remote broker does not grant it over this connection. */
    boolean isRefused(TopicFilter filter) {
        return refused.contains(filter);
    }

    /** Whether the remote broker has granted it over this connection. */
    boolean isGranted(TopicFilter filter) {
        return granted.contains(filter);
    }

    /** SUBACK from the remote broker. */
    void subAck(ControlPacket.SubAck subAck) {
        requests.answered(true, subAck.packetId(), subAck.reasons());
    }

    /** UNSUBACK from the remote broker. */
    void unsubAck(ControlPacket.UnsubAck unsubAck) {
        requests.answered(false, unsubAck.packetId(), unsubAck.reasons());
    }

    private void completeWhenAnswered() {
        if (requests.isEmpty() && !joined) {
            joined = true;
            requests.limit();
            demand.watch(follow);
            follow();
            answered.complete(null);
        }
    }

    /** The connection is gone. */
    void detach() {
        demand.unwatch(follow);
        requests.close();
    }
}
