/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import io.bascule.config.TopicTemplate;
import io.bascule.mqtt.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where an answer has to be published on the other side so that a route brings it back to where it is waited for: a Response Topic crosses
 * under that name (MQTT 5.0, section 4.10).
 */
final class ResponseTopics {
    private final List<WayBack> ways = new ArrayList<>();

    private record WayBack(Route route, TopicTemplate.Inverse inverse) {}

    /** Of the routes that lead back; one whose template has no inverse brings back what it brings, but nobody can say from where. */
    ResponseTopics(List<Route> routesBack) {
        for (Route route : routesBack) {
            route.filters()
                    .forEach(filter -> route.template()
                            .inverse(filter)
                            .ifPresent(inverse -> ways.add(new WayBack(route, inverse))));
        }
    }

    /** The topic on the other side; empty where no route brings anything back to this one. */
    Optional<Topic> there(String responseTopic) {
        Topic here = Topic.of(responseTopic);
        for (WayBack way : ways) {
            if (way.inverse().filter().matches(here)) {
                Optional<Topic> there =
                        way.inverse().template().apply(way.inverse().filter(), here);
                if (there.isPresent()
                        && way.route().map(there.get()).filter(here::equals).isPresent()) {
                    return there;
                }
            }
        }
        return Optional.empty();
    }
}
