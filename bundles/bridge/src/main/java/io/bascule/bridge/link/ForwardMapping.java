/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.Delivery;
import io.bascule.bridge.config.TopicLimits;
import io.bascule.bridge.route.RouteBooks;
import io.bascule.bridge.route.RouteTable;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.spi.BridgeInterceptor.Way;
import java.util.Optional;

/** What the forward routes make of what the local session delivers. */
final class ForwardMapping {
    private final String bridge;
    private final RouteTable routes;
    private final Interception interception;
    private final TopicLimits topicLimits;
    private final Limits limits;

    /** What a message becomes. */
    sealed interface Outcome permits Crosses, Dropped, TooLarge {
        /** In which it is counted. */
        RouteBooks books();
    }

    /** It is sent so. */
    record Crosses(Message message, RouteTable.Match match, QoS qos) implements Outcome {
        @Override
        public RouteBooks books() {
            return match.books();
        }
    }

    /** Nothing, for this reason. */
    record Dropped(RouteBooks books, String reason) implements Outcome {}

    /** More than the route or the remote broker takes; {@code size} is that of its payload, in bytes. */
    record TooLarge(RouteTable.Match match, String why, int size) implements Outcome {
        @Override
        public RouteBooks books() {
            return match.books();
        }
    }

    ForwardMapping(Lasting link, Limits limits) {
        this.bridge = link.name();
        this.routes = link.forward();
        this.interception = link.interception();
        this.topicLimits = link.definition().topicLimits();
        this.limits = limits;
    }

    Outcome of(Delivery delivery) {
        Optional<RouteTable.Match> matched = match(delivery);
        if (matched.isEmpty()) {
            return new Dropped(books(delivery), unmapped(delivery));
        }
        RouteTable.Match match = matched.get();
        Optional<Message> onward = limits.loops().out(delivery.message());
        if (onward.isEmpty()) {
            return new Dropped(match.books(), DropReasons.LOOP);
        }
        Optional<Message> mapped = mapped(onward.get(), match);
        if (mapped.isEmpty()) {
            return new Dropped(match.books(), DropReasons.INTERCEPTED);
        }
        int size = mapped.get().payload().length;
        if (!topicLimits.allow(mapped.get().topic())) {
            return new TooLarge(match, DeadLetters.TOPIC_TOO_LONG, size);
        }
        if (size > match.route().maximumPayload()) {
            return new TooLarge(match, DropReasons.TOO_LARGE, size);
        }
        QoS qos = match.route()
                .sent(delivery.qos(), delivery.message().qos())
                .atMost(limits.maximumQos()); // [MQTT-3.2.2-11]
        return new Crosses(mapped.get(), match, qos);
    }

    private Optional<Message> mapped(Message message, RouteTable.Match match) {
        Message mapped = routes.onward(message, match);
        return interception.isNobody()
                ? Optional.of(mapped)
                : interception.cross(
                        new Way(bridge, Direction.FORWARD, match.route().name()), mapped);
    }

    /** By which route it would cross. */
    Optional<RouteTable.Match> match(Delivery delivery) {
        return routes.match(
                delivery.subscriptionIdentifiers(), delivery.message().topic());
    }

    /** In which it is counted, be there a route or not. */
    RouteBooks books(Delivery delivery) {
        return match(delivery)
                .map(RouteTable.Match::books)
                .orElseGet(() -> routes.unmapped(
                        delivery.subscriptionIdentifiers(), delivery.message().topic()));
    }

    /** The word for one that no route takes. */
    String unmapped(Delivery delivery) {
        Topic topic = delivery.message().topic();
        return DropReasons.unmapped(routes, delivery.subscriptionIdentifiers(), topic);
    }
}
