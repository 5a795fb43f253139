/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Broker;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.link.Greetings.Greeting;
import io.bascule.bridge.status.Presence;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.UserProperty;
import io.bascule.spi.Credentials;
import io.bascule.transport.ControlPacket;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What is said to the remote broker first and last, and what its refusal means. */
final class Handshake {
    private Handshake() {}

    /** What the bridge of the broker with this id begins with. */
    static ControlPacket.Connect connect(
            BridgeDefinition definition, String brokerId, Greeting greeting, Credentials credentials) {
        return connect(
                definition,
                definition.clientId(),
                brokerId,
                greeting,
                credentials,
                definition.cleanStart(),
                definition.presence());
    }

    /** What a further connection begins with, whose session ends with it; the first one alone says that the bridge is there. */
    static ControlPacket.Connect connectFurther(
            BridgeDefinition definition, int number, String brokerId, Greeting greeting, Credentials credentials) {
        return connect(
                definition, definition.clientId(number), brokerId, greeting, credentials, true, Optional.empty());
    }

    /** What takes the session that it has there as it is. */
    static ControlPacket.Connect connectToLook(
            BridgeDefinition definition, String brokerId, Greeting greeting, Credentials credentials) {
        return connect(definition, definition.clientId(), brokerId, greeting, credentials, false, Optional.empty());
    }

    /** What ends the session that it has there: an earlier one ends with Clean Start, the new one with its connection. */
    static ControlPacket.Connect connectToEnd(
            BridgeDefinition definition, String brokerId, Greeting greeting, Credentials credentials) {
        return connect(definition, definition.clientId(), brokerId, greeting, credentials, true, definition.presence());
    }

    private static ControlPacket.Connect connect(
            BridgeDefinition definition,
            String clientId,
            String brokerId,
            Greeting greeting,
            Credentials credentials,
            boolean cleanStart,
            Optional<Presence> presence) {
        MqttVersion version = greeting.version();
        boolean mqtt5 = version == MqttVersion.MQTT_5;
        return new ControlPacket.Connect(
                version,
                greeting.bit(),
                clientId,
                cleanStart,
                (int) definition.keepAlive().toSeconds(),
                presence.map(it -> new ControlPacket.Will(it.offline(QoS.AT_LEAST_ONCE), 0, OptionalLong.empty())),
                credentials.userName(),
                credentials.password(),
                mqtt5 ? OptionalLong.of(cleanStart ? 0 : definition.sessionExpiryInterval()) : OptionalLong.empty(),
                mqtt5 ? OptionalInt.of(definition.receiveMaximum(version)) : OptionalInt.empty(),
                mqtt5 ? OptionalLong.of(definition.maximumPacketSize()) : OptionalLong.empty(),
                mqtt5 ? definition.topicAliasMaximum() : 0,
                false,
                true,
                Optional.empty(),
                Optional.empty(),
                mqtt5 ? List.of(new UserProperty(Broker.ID_PROPERTY, brokerId)) : List.of());
    }

    /** The id of a remote broker that is one of ours. */
    static Optional<String> brokerId(ControlPacket.ServerProperties server) {
        return server.userProperties().stream()
                .filter(property -> property.name().equals(Broker.ID_PROPERTY))
                .map(UserProperty::value)
                .findFirst();
    }

    /** One sentence for a CONNACK that refuses. */
    static String refusal(ControlPacket.ConnAck connAck, MqttVersion version) {
        String hint = connAck.reason() == ReasonCode.UNSUPPORTED_PROTOCOL_VERSION && version == MqttVersion.MQTT_5
                ? "; it may take protocol = 3.1.1, or auto"
                : "";
        return "the remote broker refuses the connection: " + connAck.reason()
                + words(connAck.properties().reasonString()) + hint;
    }

    /** One sentence for a DISCONNECT that it sent. */
    static String disconnected(ControlPacket.Disconnect disconnect) {
        return "the remote broker disconnected: " + disconnect.reason() + words(disconnect.reasonString());
    }

    /** Someone else's words, fit for a log. */
    private static String words(Optional<String> reasonString) {
        return reasonString
                .map(text -> text.replaceAll("\\p{Cntrl}", "?"))
                .map(text -> ", \"" + (text.length() <= 200 ? text : text.substring(0, 200) + "…") + "\"")
                .orElse("");
    }

    /** Whether a client may send DISCONNECT with this reason (MQTT 5.0, section 3.14.2.1). */
    static boolean isClientsReason(ReasonCode reason) {
        return switch (reason) {
            case SUCCESS,
                    UNSPECIFIED_ERROR,
                    MALFORMED_PACKET,
                    PROTOCOL_ERROR,
                    IMPLEMENTATION_SPECIFIC_ERROR,
                    TOPIC_NAME_INVALID,
                    RECEIVE_MAXIMUM_EXCEEDED,
                    TOPIC_ALIAS_INVALID,
                    PACKET_TOO_LARGE,
                    MESSAGE_RATE_TOO_HIGH,
                    QUOTA_EXCEEDED,
                    ADMINISTRATIVE_ACTION,
                    PAYLOAD_FORMAT_INVALID -> true;
            default -> false;
        };
    }
}
