/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.MqttVersion;
import io.bascule.transport.Acknowledgement;

/** The Control Packet types of MQTT 5.0, section 2.1.2, by the upper four bits of the first byte. */
final class PacketType {
    static final int CONNECT = 1;
    static final int CONNACK = 2;
    static final int PUBLISH = 3;
    static final int PUBACK = 4;
    static final int PUBREC = 5;
    static final int PUBREL = 6;
    static final int PUBCOMP = 7;
    static final int SUBSCRIBE = 8;
    static final int SUBACK = 9;
    static final int UNSUBSCRIBE = 10;
    static final int UNSUBACK = 11;
    static final int PINGREQ = 12;
    static final int PINGRESP = 13;
    static final int DISCONNECT = 14;
    static final int AUTH = 15;

    private static final int BOTH_WAYS =
            1 << PUBLISH | 1 << PUBACK | 1 << PUBREC | 1 << PUBREL | 1 << PUBCOMP | 1 << DISCONNECT | 1 << AUTH;
    private static final int FROM_CLIENT = BOTH_WAYS | 1 << CONNECT | 1 << SUBSCRIBE | 1 << UNSUBSCRIBE | 1 << PINGREQ;
    private static final int FROM_SERVER = BOTH_WAYS | 1 << CONNACK | 1 << SUBACK | 1 << UNSUBACK | 1 << PINGRESP;

    private PacketType() {}

    /** Whether a packet of this type may come from a client, or from a server. */
    static boolean isAllowed(int type, boolean fromClient) {
        return ((fromClient ? FROM_CLIENT : FROM_SERVER) >>> type & 1) != 0;
    }

    /** Whether the lower four bits are what the specification reserves [MQTT-2.1.3-1]. */
    static boolean hasValidFlags(int firstByte, MqttVersion version) {
        int type = firstByte >> 4;
        if (type == PUBLISH) {
            return true; // its flags mean something
        }
        int reserved = type == PUBREL || type == SUBSCRIBE || type == UNSUBSCRIBE ? 2 : 0;
        int repeatable =
                reserved == 2 && version == MqttVersion.MQTT_3_1 ? 8 : 0; // 3.1 sets DUP on these three as well
        return (firstByte & 15 & ~repeatable) == reserved;
    }

    static Acknowledgement acknowledgement(int type) {
        return switch (type) {
            case PUBACK -> Acknowledgement.PUBACK;
            case PUBREC -> Acknowledgement.PUBREC;
            case PUBREL -> Acknowledgement.PUBREL;
            case PUBCOMP -> Acknowledgement.PUBCOMP;
            default -> throw new IllegalArgumentException("packet type " + type + " acknowledges nothing");
        };
    }
}
