/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import java.util.Optional;

/**
 * What a route would do with a message.
 *
 * @param bridge whose it is
 * @param direction {@code forward} or {@code subscribe}
 * @param route its name
 * @param outcome whether it would cross
 * @param reason why it would not, or when it would not although it is told to cross, as words for people; empty where it would
 * @param topic on the other side; empty where it would not cross
 * @param qos on the other side, unless a broker there allows less
 * @param retain whether it would be retained there
 */
public record RouteTrial(
        String bridge,
        String direction,
        String route,
        Outcome outcome,
        Optional<String> reason,
        Optional<Topic> topic,
        QoS qos,
        boolean retain) {

    /** Whether a message crosses by a route, and why not. */
    public enum Outcome {
        /** It does. */
        CROSSES,
        /** No filter matches. */
        NOT_MATCHED,
        /** One matches, but so does one of {@code exclude}. */
        EXCLUDED,
        /** The template makes no topic of it. */
        REFUSED,
        /** Another route has it, where a message takes one only. */
        TAKEN_BY_ANOTHER
    }
}
