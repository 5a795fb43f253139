/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static io.bascule.transport.internal.MqttFormatException.malformed;
import static io.bascule.transport.internal.MqttFormatException.protocolError;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.transport.ControlPacket;
import java.util.List;
import java.util.Optional;

/** Reads CONNECT (MQTT 5.0, section 3.1), to the letter like {@link PacketReader}. */
final class ConnectReader {
    private static final List<Integer> CONNECT = List.of(
            PropertyId.SESSION_EXPIRY_INTERVAL,
            PropertyId.RECEIVE_MAXIMUM,
            PropertyId.MAXIMUM_PACKET_SIZE,
            PropertyId.TOPIC_ALIAS_MAXIMUM,
            PropertyId.REQUEST_RESPONSE_INFORMATION,
            PropertyId.REQUEST_PROBLEM_INFORMATION,
            PropertyId.AUTHENTICATION_METHOD,
            PropertyId.AUTHENTICATION_DATA);
    private static final List<Integer> WILL = List.of(
            PropertyId.WILL_DELAY_INTERVAL,
            PropertyId.PAYLOAD_FORMAT_INDICATOR,
            PropertyId.MESSAGE_EXPIRY_INTERVAL,
            PropertyId.CONTENT_TYPE,
            PropertyId.RESPONSE_TOPIC,
            PropertyId.CORRELATION_DATA);

    private final FieldReader in;
    private final MqttVersion version;
    private final PropertyBudget budget;

    private ConnectReader(FieldReader in, MqttVersion version, PropertyBudget budget) {
        this.in = in;
        this.version = version;
        this.budget = budget;
    }

    /** Reads what follows the Protocol Level. */
    static ControlPacket.Connect read(ConnectPrefix prefix, FieldReader fields, PropertyBudget budget) {
        ControlPacket.Connect connect = new ConnectReader(fields, prefix.version(), budget).connect(prefix.bridge());
        fields.checkEnd();
        return connect;
    }

    private ControlPacket.Connect connect(boolean bridge) {
        int flags = in.unsignedByte();
        boolean hasWill = (flags & 0x04) != 0;
        boolean hasPassword = (flags & 0x40) != 0;
        boolean hasUserName = (flags & 0x80) != 0;
        if ((flags & 0x01) != 0 && version != MqttVersion.MQTT_3_1) {
            throw malformed("CONNECT with its reserved flag set"); // [MQTT-3.1.2-3]
        }
        if (!isWillConsistent(flags)) {
            throw malformed("CONNECT with will flags that do not go together"); // [MQTT-3.1.2-11] to [MQTT-3.1.2-13]
        }
        if (hasPassword && !hasUserName && version != MqttVersion.MQTT_5) {
            throw malformed("CONNECT with a password and no user name"); // [MQTT-3.1.2-22] of 3.1.1
        }
        int keepAlive = in.unsignedShort();
        PacketProperties properties = PacketProperties.read(in, version, CONNECT, budget);
        Optional<String> method = properties.string(PropertyId.AUTHENTICATION_METHOD);
        Optional<byte[]> data = properties.binary(PropertyId.AUTHENTICATION_DATA);
        if (data.isPresent() && method.isEmpty()) {
            throw protocolError("CONNECT with authentication data and no method"); // section 3.1.2.11.10
        }
        String clientId = in.utf8();
        Optional<ControlPacket.Will> will = hasWill ? Optional.of(will(flags)) : Optional.empty();
        return new ControlPacket.Connect(
                version,
                bridge,
                clientId,
                (flags & 0x02) != 0,
                keepAlive,
                will,
                isSent(hasUserName) ? Optional.of(in.utf8()) : Optional.empty(),
                isSent(hasPassword) ? Optional.of(in.binary()) : Optional.empty(),
                properties.unsigned(PropertyId.SESSION_EXPIRY_INTERVAL),
                properties.integer(PropertyId.RECEIVE_MAXIMUM),
                properties.unsigned(PropertyId.MAXIMUM_PACKET_SIZE),
                properties.integer(PropertyId.TOPIC_ALIAS_MAXIMUM).orElse(0),
                properties.flag(PropertyId.REQUEST_RESPONSE_INFORMATION, false),
                properties.flag(PropertyId.REQUEST_PROBLEM_INFORMATION, true),
                method,
                data,
                properties.userProperties());
    }

    private boolean isWillConsistent(int flags) {
        if ((flags & 0x04) == 0) {
            return (flags & 0x38) == 0 || version == MqttVersion.MQTT_3_1; // which disregards them without a will
        }
        return (flags & 0x18) != 0x18;
    }

    // In 3.1 the packet's length counts more than the flags (section 3.1 of that specification).
    private boolean isSent(boolean flag) {
        return flag && (version != MqttVersion.MQTT_3_1 || in.hasMore());
    }

    private ControlPacket.Will will(int flags) {
        PacketProperties properties = PacketProperties.read(in, version, WILL, budget);
        Topic topic = topic(in.utf8());
        QoS qos = QoS.ofLevel(flags >> 3 & 3);
        Message message = Message.of(topic, in.binary(), qos, (flags & 0x20) != 0);
        return new ControlPacket.Will(
                message.withProperties(properties.ofMessage()),
                properties.unsigned(PropertyId.WILL_DELAY_INTERVAL).orElse(0),
                properties.unsigned(PropertyId.MESSAGE_EXPIRY_INTERVAL));
    }

    private static Topic topic(String name) {
        try {
            return Topic.of(name);
        } catch (IllegalArgumentException e) {
            throw new MqttFormatException(ReasonCode.TOPIC_NAME_INVALID, "will: " + e.getMessage());
        }
    }
}
