/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static io.bascule.transport.internal.MqttFormatException.malformed;
import static io.bascule.transport.internal.MqttFormatException.protocolError;

import io.bascule.mqtt.ReasonCode;
import java.util.EnumSet;
import java.util.Set;

/** Which Reason Codes the packets that both sides send may carry (MQTT 5.0, sections 3.4.2.1, 3.5.2.1, 3.6.2.1, 3.7.2.1 and 3.14.2.1). */
final class PacketReasons {
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
            throw protocolError("a packet of type " + type + " with reason " + reason); // [MQTT-3.4.2-1]
        }
        return reason;
    }

    private static Set<ReasonCode> of(int type) {
        return switch (type) {
            case PacketType.PUBACK, PacketType.PUBREC -> PUBLISH_RECEIVED;
            case PacketType.PUBREL, PacketType.PUBCOMP -> PUBLISH_RELEASED;
            case PacketType.DISCONNECT -> DISCONNECT;
            default -> throw new IllegalArgumentException("packet type " + type + " has its reasons elsewhere");
        };
    }
}
