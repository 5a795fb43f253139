/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import io.bascule.api.Bridge.Direction;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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
        return among(forward, only(Direction.SUBSCRIBE, routes), forward);
    }

    /** Those that lead out by one of the first routes and back by one of the second, and perhaps on by one of the third. */
    public static List<Circle> among(List<Route> outs, List<Route> backs, List<Route> forward) {
        List<Circle> circles = new ArrayList<>();
        for (Route out : outs) {
            for (Route back : backs) {
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
                        .filter(there -> !isExcluded(out, left, there) && !isExcluded(back, there))
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
                .filter(route -> route.filters().stream()
                        .flatMap(filter -> Filters.intersection(filter, topics).stream())
                        .anyMatch(taken -> !isExcluded(route, taken)))
                .findFirst();
    }

    /** Whether what comes back can only have been what did not leave; where several topics leave under one name, that is not known. */
    private static boolean isExcluded(Route out, TopicFilter left, TopicFilter there) {
        return !out.excluded().isEmpty()
                && out.template()
                        .inverse(left)
                        .flatMap(inverse -> Filters.intersection(inverse.filter(), there)
                                .flatMap(known -> inverse.template().image(inverse.filter(), known)))
                        .filter(here -> isExcluded(out, here))
                        .isPresent();
    }

    /** Whether a single one of its exceptions has all of these topics. */
    private static boolean isExcluded(Route route, TopicFilter topics) {
        return route.excluded().stream().anyMatch(exception -> Filters.covers(exception, topics));
    }

    /** What goes round, in one sentence without its end. */
    @Override
    public String toString() {
        return told(Route::key);
    }

    /** The same, with these names for the routes. */
    public String told(Function<Route, String> name) {
        return name.apply(out) + " and " + name.apply(back) + " overlap: what leaves as " + there + " comes back"
                + again.map(route -> " and is taken by " + name.apply(route) + " once more")
                        .orElse("");
    }
}
