/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeRoute;
import io.bascule.api.RouteTrial;
import io.bascule.api.RouteTrial.Outcome;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.route.Route;
import io.bascule.bridge.route.RouteOptions;
import io.bascule.bridge.route.RouteTable;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The routes of a bridge, to be looked at and tried out. */
final class Trials {
    private Trials() {}

    static List<BridgeRoute> routes(BridgeDefinition bridge) {
        return bridge.routes().stream()
                .map(route -> new BridgeRoute(
                        bridge.name(),
                        route.direction().toString(),
                        route.name(),
                        route.filters(),
                        route.template().toString(),
                        route.maximumQos(),
                        route.retain().name().toLowerCase(Locale.ROOT),
                        route.excluded(),
                        RouteOptions.of(route)))
                .toList();
    }

    /** What each of them would do with a message, in their order. */
    static List<RouteTrial> of(BridgeDefinition bridge, Topic topic, QoS qos, boolean retain) {
        List<RouteTrial> trials = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            List<Route> takers = takers(bridge, direction, topic);
            boolean isSure =
                    direction == Direction.FORWARD || !bridge.protocols().contains(MqttVersion.MQTT_5);
            for (Route route : bridge.routes(direction)) {
                boolean crosses = takers.stream().anyMatch(taker -> taker == route);
                Outcome outcome = crosses ? Outcome.CROSSES : obstacle(route, topic);
                trials.add(new RouteTrial(
                        bridge.name(),
                        direction.toString(),
                        route.name(),
                        outcome,
                        reason(outcome, route, topic, takers, isSure),
                        crosses ? route.map(topic) : Optional.empty(),
                        route.crossing(qos),
                        route.retain().of(retain)));
            }
        }
        return trials;
    }

    /**
     * As messages find them: by the subscriptions that match, except where a remote broker does not tell these. One of 5.0 may not either (Subscription
     * Identifiers Available), which shows once it is connected.
     */
    private static List<Route> takers(BridgeDefinition bridge, Direction direction, Topic topic) {
        boolean told = direction == Direction.FORWARD || bridge.protocols().contains(MqttVersion.MQTT_5);
        int[] identifiers = told
                ? bridge.routes(direction).stream()
                        .filter(route -> matching(route.filters(), topic).isPresent())
                        .mapToInt(Route::identifier)
                        .toArray()
                : new int[0];
        return new RouteTable(bridge.name(), direction, bridge.routes())
                .matchAll(identifiers, topic).stream()
                        .map(RouteTable.Match::route)
                        .toList();
    }

    private static Optional<TopicFilter> matching(List<TopicFilter> filters, Topic topic) {
        return filters.stream().filter(filter -> filter.matches(topic)).findFirst();
    }

    private static Outcome obstacle(Route route, Topic topic) {
        if (matching(route.filters(), topic).isEmpty()) {
            return Outcome.NOT_MATCHED;
        }
        if (route.excludes(topic)) {
            return Outcome.EXCLUDED;
        }
        return route.map(topic).isEmpty() ? Outcome.REFUSED : Outcome.TAKEN_BY_ANOTHER;
    }

    private static Optional<String> reason(
            Outcome outcome, Route route, Topic topic, List<Route> takers, boolean isSure) {
        return switch (outcome) {
            case CROSSES ->
                isSure || takers.get(0) == route
                        ? Optional.empty()
                        : Optional.of("where the remote broker does not say why it sends a message, "
                                + takers.get(0).key() + " takes it");
            case NOT_MATCHED ->
                Optional.of(
                        topic.name().startsWith("$")
                                ? "no filter matches; one that begins with a wildcard matches no topic with $"
                                : "no filter matches");
            case EXCLUDED ->
                Optional.of("excluded by " + matching(route.excluded(), topic).orElseThrow());
            case REFUSED ->
                Optional.of(
                        "the template " + route.template()
                                + " makes no topic of it: it lacks a level that is named, or would begin with $, which a template has to say itself");
            case TAKEN_BY_ANOTHER ->
                Optional.of("a 3.1.1 broker does not say why it sends a message, and "
                        + takers.get(0).key() + " comes first");
        };
    }
}
