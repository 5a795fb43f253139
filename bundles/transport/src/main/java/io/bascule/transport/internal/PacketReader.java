/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static io.bascule.transport.internal.MqttFormatException.malformed;
import static io.bascule.transport.internal.MqttFormatException.protocolError;

import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.mqtt.UserProperty;
import io.bascule.transport.ControlPacket;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Turns what netty-codec-mqtt has read into our values. */
final class PacketReader {
    private PacketReader() {}

    static ControlPacket fromNetty(MqttMessage message, MqttVersion version, boolean bridge) {
        MqttMessageType type = message.fixedHeader().messageType();
        return switch (type) {
            case CONNECT -> connect((MqttConnectMessage) message, version, bridge);
            case CONNACK -> connAck((MqttConnAckMessage) message, version);
            case SUBSCRIBE -> subscribe((MqttSubscribeMessage) message);
            case SUBACK -> subAck((MqttSubAckMessage) message);
            case UNSUBSCRIBE -> unsubscribe((MqttUnsubscribeMessage) message);
            case UNSUBACK -> unsubAck((MqttUnsubAckMessage) message);
            case PINGREQ -> new ControlPacket.PingReq();
            case PINGRESP -> new ControlPacket.PingResp();
            case DISCONNECT -> disconnect(message);
            case AUTH -> auth(message);
            default -> throw new IllegalStateException(type + " is read elsewhere");
        };
    }

    private static ControlPacket connect(MqttConnectMessage message, MqttVersion version, boolean bridge) {
        MqttConnectVariableHeader header = message.variableHeader();
        MqttConnectPayload payload = message.payload();
        Properties properties = new Properties(header.properties());
        OptionalInt receiveMaximum = properties.integer(PropertyId.RECEIVE_MAXIMUM);
        OptionalLong maximumPacketSize = properties.unsigned(PropertyId.MAXIMUM_PACKET_SIZE);
        if (receiveMaximum.orElse(1) == 0 || maximumPacketSize.orElse(1) == 0) {
            throw protocolError("CONNECT with a maximum of 0");
        }
        if (header.hasPassword() && !header.hasUserName() && version != MqttVersion.MQTT_5) {
            throw malformed("CONNECT with a password and no user name"); // [MQTT-3.1.2-22] of 3.1.1
        }
        return new ControlPacket.Connect(
                version,
                bridge,
                payload.clientIdentifier(),
                header.isCleanSession(),
                header.keepAliveTimeSeconds(),
                header.isWillFlag() ? Optional.of(will(header, payload)) : Optional.empty(),
                header.hasUserName() ? Optional.of(payload.userName()) : Optional.empty(),
                header.hasPassword() ? Optional.of(payload.passwordInBytes()) : Optional.empty(),
                properties.unsigned(PropertyId.SESSION_EXPIRY_INTERVAL),
                receiveMaximum,
                maximumPacketSize,
                properties.integer(PropertyId.TOPIC_ALIAS_MAXIMUM).orElse(0),
                properties.integer(PropertyId.REQUEST_RESPONSE_INFORMATION).orElse(0) == 1,
                properties.integer(PropertyId.REQUEST_PROBLEM_INFORMATION).orElse(1) == 1,
                properties.string(PropertyId.AUTHENTICATION_METHOD),
                properties.binary(PropertyId.AUTHENTICATION_DATA),
                properties.userProperties());
    }

    private static ControlPacket.Will will(MqttConnectVariableHeader header, MqttConnectPayload payload) {
        Properties properties = new Properties(payload.willProperties());
        Message message = Message.of(
                        topic(payload.willTopic()),
                        payload.willMessageInBytes(),
                        QoS.ofLevel(header.willQos()),
                        header.isWillRetain())
                .withProperties(messageProperties(properties));
        return new ControlPacket.Will(
                message,
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

    private static MessageProperties messageProperties(Properties from) {
        MessageProperties properties = new MessageProperties(
                from.integer(PropertyId.PAYLOAD_FORMAT_INDICATOR).stream()
                        .boxed()
                        .findFirst(),
                from.string(PropertyId.CONTENT_TYPE),
                from.string(PropertyId.RESPONSE_TOPIC),
                from.binary(PropertyId.CORRELATION_DATA),
                from.userProperties());
        return properties.equals(MessageProperties.NONE) ? MessageProperties.NONE : properties;
    }

    private static ControlPacket connAck(MqttConnAckMessage message, MqttVersion version) {
        int code = message.variableHeader().connectReturnCode().byteValue() & 255;
        Properties properties = new Properties(message.variableHeader().properties());
        int receiveMaximum = properties.integer(PropertyId.RECEIVE_MAXIMUM).orElse(65_535);
        if (receiveMaximum == 0) {
            throw protocolError("CONNACK with Receive Maximum 0");
        }
        ControlPacket.ServerProperties server = new ControlPacket.ServerProperties(
                properties.unsigned(PropertyId.SESSION_EXPIRY_INTERVAL),
                receiveMaximum,
                properties.integer(PropertyId.MAXIMUM_QOS).orElse(2),
                properties.integer(PropertyId.RETAIN_AVAILABLE).orElse(1) == 1,
                properties.unsigned(PropertyId.MAXIMUM_PACKET_SIZE),
                properties.string(PropertyId.ASSIGNED_CLIENT_IDENTIFIER),
                properties.integer(PropertyId.TOPIC_ALIAS_MAXIMUM).orElse(0),
                properties.string(PropertyId.REASON_STRING),
                properties.integer(PropertyId.WILDCARD_SUBSCRIPTION_AVAILABLE).orElse(1) == 1,
                properties.integer(PropertyId.SUBSCRIPTION_IDENTIFIER_AVAILABLE).orElse(1) == 1,
                properties.integer(PropertyId.SHARED_SUBSCRIPTION_AVAILABLE).orElse(1) == 1,
                properties.integer(PropertyId.SERVER_KEEP_ALIVE),
                properties.string(PropertyId.RESPONSE_INFORMATION),
                properties.string(PropertyId.SERVER_REFERENCE),
                properties.string(PropertyId.AUTHENTICATION_METHOD),
                properties.binary(PropertyId.AUTHENTICATION_DATA));
        ReasonCode reason = version == MqttVersion.MQTT_5 ? reason(code) : ReturnCode.toReason(code);
        return new ControlPacket.ConnAck(message.variableHeader().isSessionPresent(), reason, server);
    }

    private static ControlPacket subscribe(MqttSubscribeMessage message) {
        OptionalInt identifier = new Properties(
                        message.idAndPropertiesVariableHeader().properties())
                .integer(PropertyId.SUBSCRIPTION_IDENTIFIER);
        if (identifier.orElse(1) == 0) {
            throw protocolError("SUBSCRIBE with subscription identifier 0");
        }
        List<ControlPacket.RequestedSubscription> requested = new ArrayList<>();
        for (MqttTopicSubscription each : message.payload().topicSubscriptions()) {
            requested.add(new ControlPacket.RequestedSubscription(
                    each.topicFilter(), subscription(each, identifier.orElse(0))));
        }
        if (requested.isEmpty()) {
            throw protocolError("SUBSCRIBE without a topic filter"); // [MQTT-3.8.3-2]
        }
        return new ControlPacket.Subscribe(packetId(message.variableHeader().messageId()), requested);
    }

    private static Optional<Subscription> subscription(MqttTopicSubscription from, int identifier) {
        MqttSubscriptionOption option = from.option();
        TopicFilter filter;
        try {
            filter = TopicFilter.of(from.topicFilter());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (option.isNoLocal() && filter.isShared()) {
            throw protocolError("a shared subscription with No Local"); // [MQTT-3.8.3-4]
        }
        return Optional.of(new Subscription(
                filter,
                QoS.ofLevel(option.qos().value()),
                option.isNoLocal(),
                option.isRetainAsPublished(),
                Subscription.RetainHandling.values()[option.retainHandling().value()],
                identifier));
    }

    private static ControlPacket subAck(MqttSubAckMessage message) {
        List<ReasonCode> reasons = message.payload().reasonCodes().stream()
                .map(PacketReader::reason)
                .toList();
        return new ControlPacket.SubAck(message.variableHeader().messageId(), reasons);
    }

    private static ControlPacket unsubscribe(MqttUnsubscribeMessage message) {
        List<Optional<TopicFilter>> filters =
                message.payload().topics().stream().map(PacketReader::filter).toList();
        if (filters.isEmpty()) {
            throw protocolError("UNSUBSCRIBE without a topic filter"); // [MQTT-3.10.3-2]
        }
        return new ControlPacket.Unsubscribe(packetId(message.variableHeader().messageId()), filters);
    }

    private static Optional<TopicFilter> filter(String text) {
        try {
            return Optional.of(TopicFilter.of(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ControlPacket unsubAck(MqttUnsubAckMessage message) {
        List<ReasonCode> reasons = message.payload().unsubscribeReasonCodes().stream()
                .map(code -> reason(code & 255))
                .toList();
        return new ControlPacket.UnsubAck(message.variableHeader().messageId(), reasons);
    }

    private static ControlPacket disconnect(MqttMessage message) {
        if (!(message.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header)) {
            return ControlPacket.Disconnect.of(ReasonCode.SUCCESS);
        }
        Properties properties = new Properties(header.properties());
        return new ControlPacket.Disconnect(
                reason(header.reasonCode() & 255),
                properties.unsigned(PropertyId.SESSION_EXPIRY_INTERVAL),
                properties.string(PropertyId.REASON_STRING));
    }

    private static ControlPacket auth(MqttMessage message) {
        if (!(message.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header)) {
            return new ControlPacket.Auth(ReasonCode.SUCCESS, Optional.empty(), Optional.empty());
        }
        Properties properties = new Properties(header.properties());
        return new ControlPacket.Auth(
                reason(header.reasonCode() & 255),
                properties.string(PropertyId.AUTHENTICATION_METHOD),
                properties.binary(PropertyId.AUTHENTICATION_DATA));
    }

    private static int packetId(int packetId) {
        if (packetId == 0) {
            throw malformed("packet identifier 0"); // [MQTT-2.2.1-3]
        }
        return packetId;
    }

    private static ReasonCode reason(int code) {
        try {
            return ReasonCode.ofCode(code);
        } catch (IllegalArgumentException e) {
            throw malformed(e.getMessage());
        }
    }

    /** Typed access to Netty's properties. */
    private record Properties(MqttProperties netty) {
        OptionalInt integer(int id) {
            MqttProperties.MqttProperty<?> property = netty.getProperty(id);
            return property == null ? OptionalInt.empty() : OptionalInt.of((Integer) property.value());
        }

        OptionalLong unsigned(int id) {
            MqttProperties.MqttProperty<?> property = netty.getProperty(id);
            return property == null ? OptionalLong.empty() : OptionalLong.of((Integer) property.value() & 0xFFFF_FFFFL);
        }

        Optional<String> string(int id) {
            MqttProperties.MqttProperty<?> property = netty.getProperty(id);
            return property == null ? Optional.empty() : Optional.of((String) property.value());
        }

        Optional<byte[]> binary(int id) {
            MqttProperties.MqttProperty<?> property = netty.getProperty(id);
            return property == null ? Optional.empty() : Optional.of((byte[]) property.value());
        }

        List<UserProperty> userProperties() {
            List<UserProperty> all = new ArrayList<>();
            for (MqttProperties.MqttProperty<?> property : netty.getProperties(PropertyId.USER_PROPERTY)) {
                if (property instanceof MqttProperties.UserProperties pairs) {
                    pairs.value().forEach(pair -> all.add(new UserProperty(pair.key, pair.value)));
                } else if (property instanceof MqttProperties.UserProperty pair) {
                    all.add(new UserProperty(pair.value().key, pair.value().value));
                }
            }
            return all;
        }
    }
}
