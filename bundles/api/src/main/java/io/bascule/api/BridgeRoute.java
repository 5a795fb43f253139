/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import io.bascule.mqtt.QoS;
import io.bascule.mqtt.TopicFilter;
import java.util.List;

/**
 * A route of a bridge, read from its rule.
 *
 * @param bridge whose it is
 * @param direction {@code forward} or {@code subscribe}
 * @param name as configured
 * @param filters what it takes
 * @param template the topic on the other side; {@code {topic}} where it stays
 * @param maximumQos messages of a higher QoS cross with this one
 * @param retain {@code keep}, {@code strip}, {@code force} or {@code diff}
 * @param excluded what it does not take although a filter matches
 * @param options the others that it has, its profile's with them, as they would be written, such as {@code max.payload=128KiB}
 */
public record BridgeRoute(
        String bridge,
        String direction,
        String name,
        List<TopicFilter> filters,
        String template,
        QoS maximumQos,
        String retain,
        List<TopicFilter> excluded,
        List<String> options) {

    public BridgeRoute {
        filters = List.copyOf(filters);
        excluded = List.copyOf(excluded);
        options = List.copyOf(options);
    }
}
