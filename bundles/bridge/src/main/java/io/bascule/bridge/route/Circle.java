/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import io.bascule.api.Bridge.Direction;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two routes of opposite directions, by which messages would come back that have left, if nothing kept them.
 *
 * @param out by which they leave
 * @param back by which they come back
 * @param there how they are called at the remote broker
 * @param again the route by which they would leave once more, if there is one
 */
public record Circle(Route out, Route back, TopicFilter there, Optional<Route> again) {

    /** All of them among these routes; for two routes one that goes on, where there is one. */
    public static List<Circle> among(List<Route> routes) {
        List<Route> forward = only(Direction.FORWARD, routes);
        List<Circle> circles = new ArrayList<>();
        for (Route out : forward) {
            for (Route back : only(Direction.SUBSCRIBE, routes)) {
                List<Circle> each = between(out, back, forward);
                each.stream()
                        .filter(circle -> circle.again().isPresent())
                        .findFirst()
                        .or(() -> each.stream().findFirst())
                        .ifPresent(circles::add);
            }
        }
        return circles;
    }

    private static List<Route> only(Direction direction, List<Route> routes) {
        return routes.stream().filter(route -> route.direction() == direction).toList();
    }

    private static List<Circle> between(Route out, Route back, List<Route> forward) {
        List<Circle> circles = new ArrayList<>();
        for (TopicFilter left : out.filters()) {
            Optional<TopicFilter> sent = out.template().image(left, left);
            for (TopicFilter taken : back.filters()) {
                sent.flatMap(image -> Filters.intersection(image, taken))
                        .ifPresent(there -> circles.add(new Circle(
                                out,
                                back,
                                there,
                                back.template().image(taken, there).flatMap(here -> taking(here, forward)))));
            }
        }
        return circles;
    }

    private static Optional<Route> taking(TopicFilter topics, List<Route> routes) {
        return routes.stream()
                .filter(route -> route.filters().stream().anyMatch(filter -> Filters.overlap(filter, topics)))
                .findFirst();
    }

    /** What goes round, in one sentence without its end. */
    @Override
    public String toString() {
        return out.key() + " and " + back.key() + " overlap: what leaves as " + there + " comes back"
                + again.map(route -> " and is taken by " + route.key() + " once more")
                        .orElse("");
    }
}
