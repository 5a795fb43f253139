/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.ReasonCode;

/** Counts what the properties of one packet take. What is over its limit is refused before it is read. */
final class PropertyBudget {
    private final PropertyLimits limits;
    private int userProperties;
    private int bytes;

    PropertyBudget(PropertyLimits limits) {
        this.limits = limits;
    }

    /** Another packet begins. */
    void reset() {
        userProperties = 0;
        bytes = 0;
    }

    /** So many bytes of properties follow; a CONNECT with a Will has them twice. */
    void take(int length) {
        bytes += length;
        if (bytes > limits.bytes()) {
            throw exceeded(Limit.PROPERTIES_BYTES, bytes + " bytes of properties, at most " + limits.bytes());
        }
    }

    /** A User Property follows. */
    void takeUserProperty() {
        if (++userProperties > limits.userProperties()) {
            throw exceeded(Limit.PROPERTIES_MAXIMUM, "more than " + limits.userProperties() + " user properties");
        }
    }

    // Quota exceeded is "an implementation or administrative imposed limit", of CONNACK and of DISCONNECT (section
    // 2.4).
    private static MqttFormatException exceeded(Limit limit, String what) {
        return new MqttFormatException(ReasonCode.QUOTA_EXCEEDED, what + " are allowed in a packet", limit);
    }
}
