/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import io.bascule.api.LocalOptions.Priority;
import io.bascule.bridge.route.Queueing.Offline;
import io.bascule.config.Durations;
import io.bascule.config.Sizes;
import io.bascule.mqtt.QoS;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The options of a route as {@link RouteParser} reads them, but for {@code retain}, {@code exclude} and the QoS at most. */
public final class RouteOptions {
    private RouteOptions() {}

    /** Those in which it differs from a route that has none, wherever they come from. */
    public static List<String> of(Route route) {
        List<String> options = new ArrayList<>();
        if (route.minimumQos() != QoS.AT_MOST_ONCE) {
            options.add("qos=exact:" + route.minimumQos().level());
        }
        if (route.maximumPayload() != Integer.MAX_VALUE) {
            options.add("max.payload=" + Sizes.format(route.maximumPayload()));
        }
        switch (route.retainHandling()) {
            case SEND -> options.add("retain.handling=always");
            case DO_NOT_SEND -> {
                if (route.retain() != Retain.DIFF) { // with which it is not said
                    options.add("retain.handling=never");
                }
            }
            default -> {}
        }
        Edits edits = route.edits();
        edits.expiry().ifPresent(longest -> options.add("expiry=" + Durations.format(longest)));
        edits.properties().forEach(added -> options.add("property." + added.name() + "=" + added.value()));
        if (edits.keepsResponseTopic()) {
            options.add("response=keep");
        }
        if (route.queueing().offline() != Offline.DROP) {
            options.add("offline=" + word(route.queueing().offline()));
        }
        if (route.queueing().priority() != Priority.NORMAL) {
            options.add("priority=" + word(route.queueing().priority()));
        }
        if (route.onDemand()) {
            options.add("interest=subscribed");
        }
        return options;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
