/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import io.bascule.api.Bridge.Direction;
import io.bascule.bridge.route.Circle;
import io.bascule.bridge.route.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Where routes lead in a circle, and what keeps messages from going round in it: warnings, one sentence each without its end. */
public final class Overlaps {
    private Overlaps() {}

    /** Among the routes of one bridge. */
    public static List<String> within(BridgeDefinition bridge) {
        String guard = bridge.isMqtt5()
                ? "No Local and the hops keep it from that"
                : "the bridge bit keeps it from that, or an echo filter where the remote broker does not take the bit";
        return Circle.among(bridge.routes()).stream()
                .filter(circle -> circle.again().isPresent())
                .map(circle -> circle + "; " + guard)
                .toList();
    }

    /** Out by one of these two and back by the other, as the first is to be told; nothing where they lead to two brokers. */
    public static List<String> between(BridgeDefinition bridge, BridgeDefinition other) {
        if (!bridge.servers().meet(other.servers())) {
            return List.of();
        }
        List<String> warnings = new ArrayList<>();
        String guard = guard(bridge, other);
        Stream.concat(circles(bridge, other).stream(), circles(other, bridge).stream())
                .filter(circle -> circle.again().isPresent())
                .map(circle -> circle.told(route -> key(route, other)) + "; " + guard)
                .forEach(warnings::add);
        return warnings;
    }

    private static List<Circle> circles(BridgeDefinition out, BridgeDefinition back) {
        List<Route> forward = new ArrayList<>(out.routes(Direction.FORWARD));
        forward.addAll(back.routes(Direction.FORWARD));
        return Circle.among(out.routes(Direction.FORWARD), back.routes(Direction.SUBSCRIBE), forward);
    }

    /** No Local knows one client only, and a hop over 3.1.1 forgets the way that a message has come. */
    private static String guard(BridgeDefinition one, BridgeDefinition other) {
        if (one.isMqtt5() && other.isMqtt5()) {
            return "the hops keep it from that";
        }
        return "it does so once, and then the hops keep it from that";
    }

    private static String key(Route route, BridgeDefinition other) {
        boolean isOthers = other.routes().stream().anyMatch(each -> each == route);
        return isOthers ? route.key() + " of the bridge " + other.name() : route.key();
    }
}
