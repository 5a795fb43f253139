/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import io.bascule.mqtt.QoS;
import java.util.Objects;

/**
 * What a bundle may ask for with a {@link Subscription} beyond what MQTT has. No client can say it: it is not on the wire. It lasts with the
 * subscription, through restarts too.
 *
 * @param minimumQos the lowest QoS that is delivered, whatever a message was published with, so that one of QoS 0 is kept and acknowledged
 *     like others; up to the subscription's maximum
 */
public record LocalOptions(QoS minimumQos) {
    /** Nothing beyond MQTT. */
    public static final LocalOptions NONE = new LocalOptions(QoS.AT_MOST_ONCE);

    public LocalOptions {
        Objects.requireNonNull(minimumQos, "minimumQos");
    }

    /** By hand, for the reason that {@link Subscription#equals} has. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LocalOptions it && minimumQos == it.minimumQos;
    }

    @Override
    public int hashCode() {
        return minimumQos.hashCode();
    }

    /** The same with this lowest QoS. */
    public LocalOptions withMinimumQos(QoS other) {
        return new LocalOptions(other);
    }
}
