/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.mqtt.MqttVersion;

/**
 * Whether CONNECT says that a bridge comes, which before 5.0 is the bit 0x80 of its protocol level. No specification has it; Mosquitto, and
 * our own broker, do not send a bridge its own messages and keep RETAIN as it was published. A broker that does not know the bit refuses the
 * level [MQTT-3.1.2-2 of 3.1.1] or closes the connection. What is closed for another reason looks the same, so that only a
 * connection that comes about without the bit shows that the bit was in its way.
 *
 * <pre>
 *            not understood            accepted
 *   OFFERED ───────────────→ LEFT_OUT ──────────→ REFUSED
 *      ↑                         │
 *      └───────── lost ──────────┘
 * </pre>
 */
final class BridgeBit {
    private Stand stand;

    private enum Stand {
        /** 5.0 has Subscription Options instead. */
        UNKNOWN,
        OFFERED,
        LEFT_OUT,
        REFUSED
    }

    BridgeBit(MqttVersion version) {
        stand = version == MqttVersion.MQTT_5 ? Stand.UNKNOWN : Stand.OFFERED;
    }

    /** Whether it is in CONNECT, the next or the last. */
    boolean isSet() {
        return stand == Stand.OFFERED;
    }

    /** The remote broker has accepted the bridge; whether this shows that it does not take the bit. */
    boolean accepted() {
        if (stand != Stand.LEFT_OUT) {
            return false;
        }
        stand = Stand.REFUSED;
        return true;
    }

    /**
     * The connection is lost; whether the next attempt is to be made at once, without the bit.
     *
     * @param notUnderstood whether that was the answer to CONNECT
     */
    boolean lost(boolean notUnderstood) {
        boolean leftOut = stand == Stand.OFFERED && notUnderstood;
        if (leftOut) {
            stand = Stand.LEFT_OUT;
        } else if (stand == Stand.LEFT_OUT) {
            stand = Stand.OFFERED;
        }
        return leftOut;
    }
}
