/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.mqtt;

/** Quality of service: how hard sender and receiver try to hand a message over (MQTT 5.0, section 4.3). */
public enum QoS {
    /** Sent once, never acknowledged. */
    AT_MOST_ONCE,
    /** Sent until PUBACK. */
    AT_LEAST_ONCE,
    /** Sent until PUBREC, released until PUBCOMP. */
    EXACTLY_ONCE;

    private static final QoS[] BY_LEVEL = values();

    /** The two bits on the wire: 0, 1 or 2. */
    public int level() {
        return ordinal();
    }

    /** The lower of the two: what is granted of what was asked. */
    public QoS atMost(QoS limit) {
        return ordinal() <= limit.ordinal() ? this : limit;
    }

    /** The higher of the two. */
    public QoS atLeast(QoS limit) {
        return ordinal() >= limit.ordinal() ? this : limit;
    }

    /**
     * The QoS of these wire bits.
     *
     * @throws IllegalArgumentException when the level is not 0, 1 or 2 [MQTT-3.3.1-4]
     */
    public static QoS ofLevel(int level) {
        if (level < 0 || level > 2) {
            throw new IllegalArgumentException("QoS is 0, 1 or 2, not " + level);
        }
        return BY_LEVEL[level];
    }
}
