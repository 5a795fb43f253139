/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static io.bascule.transport.internal.MqttFormatException.malformed;
import static io.bascule.transport.internal.MqttFormatException.protocolError;

import io.bascule.mqtt.ReasonCode;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which Reason Codes packets may carry (MQTT 5.0, sections 3.2.2.2, 3.4.2.1, 3.5.2.1, 3.6.2.1, 3.7.2.1, 3.9.3, 3.11.3 and 3.14.2.1). Those of
 * AUTH differ by side, and stand where it is read.
 */
final class PacketReasons {
    private static final Set<ReasonCode> CONNACK = EnumSet.of(
            ReasonCode.SUCCESS,
            ReasonCode.BAD_AUTHENTICATION_METHOD,
            ReasonCode.TOPIC_NAME_INVALID,
            ReasonCode.PACKET_TOO_LARGE,
            ReasonCode.QUOTA_EXCEEDED,
            ReasonCode.CONNECTION_RATE_EXCEEDED);

    private static final Set<ReasonCode> UNSUBACK = EnumSet.of(
            ReasonCode.SUCCESS,
            ReasonCode.NO_SUBSCRIPTION_EXISTED,
            ReasonCode.UNSPECIFIED_ERROR,
            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
            ReasonCode.NOT_AUTHORIZED,
            ReasonCode.TOPIC_FILTER_INVALID,
            ReasonCode.PACKET_IDENTIFIER_IN_USE);

    private static final Set<ReasonCode> SUBACK = EnumSet.copyOf(UNSUBACK);

    private static final Set<ReasonCode> PUBLISH_RECEIVED = EnumSet.of(
            ReasonCode.SUCCESS,
            ReasonCode.NO_MATCHING_SUBSCRIBERS,
            ReasonCode.UNSPECIFIED_ERROR,
            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
            ReasonCode.NOT_AUTHORIZED,
            ReasonCode.TOPIC_NAME_INVALID,
            ReasonCode.PACKET_IDENTIFIER_IN_USE,
            ReasonCode.QUOTA_EXCEEDED,
            ReasonCode.PAYLOAD_FORMAT_INVALID);

    private static final Set<ReasonCode> PUBLISH_RELEASED =
            EnumSet.of(ReasonCode.SUCCESS, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);

    private static final Set<ReasonCode> DISCONNECT = EnumSet.of(
            ReasonCode.SUCCESS,
            ReasonCode.DISCONNECT_WITH_WILL_MESSAGE,
            ReasonCode.UNSPECIFIED_ERROR,
            ReasonCode.MALFORMED_PACKET,
            ReasonCode.PROTOCOL_ERROR,
            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
            ReasonCode.NOT_AUTHORIZED,
            ReasonCode.SERVER_BUSY,
            ReasonCode.SERVER_SHUTTING_DOWN);

    static {
        CONNACK.addAll(EnumSet.range(ReasonCode.UNSPECIFIED_ERROR, ReasonCode.BANNED));
        CONNACK.addAll(EnumSet.range(ReasonCode.PAYLOAD_FORMAT_INVALID, ReasonCode.SERVER_MOVED));
        SUBACK.remove(ReasonCode.NO_SUBSCRIPTION_EXISTED);
        SUBACK.addAll(EnumSet.of(
                ReasonCode.GRANTED_QOS_1,
                ReasonCode.GRANTED_QOS_2,
                ReasonCode.QUOTA_EXCEEDED,
                ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED,
                ReasonCode.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED,
                ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED));
        DISCONNECT.addAll(EnumSet.range(ReasonCode.KEEP_ALIVE_TIMEOUT, ReasonCode.TOPIC_NAME_INVALID));
        DISCONNECT.addAll(
                EnumSet.range(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED, ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED));
    }

    private PacketReasons() {}

    /** The reason of this byte; one that the specification does not have makes the packet malformed. */
    static ReasonCode read(int code) {
        try {
            return ReasonCode.ofCode(code);
        } catch (IllegalArgumentException e) {
            throw malformed(e.getMessage());
        }
    }

    /** The reason of this byte in a packet of this type; one of other packets is a Protocol Error. */
    static ReasonCode read(int code, int type) {
        ReasonCode reason = read(code);
        if (!of(type).contains(reason)) {
            // [MQTT-3.2.2-8], [MQTT-3.4.2-1], [MQTT-3.9.3-2], [MQTT-3.11.3-2]
            throw protocolError("a packet of type " + type + " with reason " + reason);
        }
        return reason;
    }

    private static Set<ReasonCode> of(int type) {
        return switch (type) {
            case PacketType.CONNACK -> CONNACK;
            case PacketType.SUBACK -> SUBACK;
            case PacketType.UNSUBACK -> UNSUBACK;
            case PacketType.PUBACK, PacketType.PUBREC -> PUBLISH_RECEIVED;
            case PacketType.PUBREL, PacketType.PUBCOMP -> PUBLISH_RELEASED;
            case PacketType.DISCONNECT -> DISCONNECT;
            default -> throw new IllegalArgumentException("packet type " + type + " has its reasons elsewhere");
        };
    }
}
