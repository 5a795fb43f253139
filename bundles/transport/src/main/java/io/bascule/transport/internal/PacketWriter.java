/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.TopicFilter;
import io.bascule.mqtt.UserProperty;
import io.bascule.transport.ControlPacket;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnAckVariableHeader;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubAckPayload;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscribePayload;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckPayload;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribePayload;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Turns our values into what netty-codec-mqtt writes. */
final class PacketWriter {
    private PacketWriter() {}

    /** The packet for a peer of this version, null when nobody has said a version yet: it is told in the words of 3.1.1 then. */
    static MqttMessage toNetty(ControlPacket packet, MqttVersion version) {
        boolean version5 = version == MqttVersion.MQTT_5;
        if (packet instanceof ControlPacket.Connect connect) {
            return connect(connect);
        } else if (packet instanceof ControlPacket.ConnAck connAck) {
            return connAck(connAck, version5);
        } else if (packet instanceof ControlPacket.Subscribe subscribe) {
            return subscribe(subscribe);
        } else if (packet instanceof ControlPacket.SubAck subAck) {
            return subAck(subAck, version5);
        } else if (packet instanceof ControlPacket.Unsubscribe unsubscribe) {
            return unsubscribe(unsubscribe);
        } else if (packet instanceof ControlPacket.UnsubAck unsubAck) {
            return unsubAck(unsubAck, version5);
        } else if (packet instanceof ControlPacket.PingReq) {
            return MqttMessage.PINGREQ;
        } else if (packet instanceof ControlPacket.PingResp) {
            return MqttMessage.PINGRESP;
        } else if (packet instanceof ControlPacket.Disconnect disconnect) {
            return version5 ? disconnect(disconnect) : MqttMessage.DISCONNECT;
        }
        return auth((ControlPacket.Auth) packet);
    }

    private static MqttMessage connect(ControlPacket.Connect connect) {
        MqttProperties properties = new MqttProperties();
        MqttProperties willProperties = new MqttProperties();
        if (connect.version() == MqttVersion.MQTT_5) {
            add(properties, PropertyId.SESSION_EXPIRY_INTERVAL, connect.sessionExpiryInterval());
            add(properties, PropertyId.RECEIVE_MAXIMUM, connect.receiveMaximum());
            add(properties, PropertyId.MAXIMUM_PACKET_SIZE, connect.maximumPacketSize());
            if (connect.topicAliasMaximum() > 0) {
                add(properties, PropertyId.TOPIC_ALIAS_MAXIMUM, OptionalInt.of(connect.topicAliasMaximum()));
            }
            add(properties, PropertyId.AUTHENTICATION_METHOD, connect.authenticationMethod());
            addBinary(properties, PropertyId.AUTHENTICATION_DATA, connect.authenticationData());
            addUserProperties(properties, connect.userProperties());
            connect.will().ifPresent(will -> addWill(willProperties, will));
        }
        Optional<Message> will = connect.will().map(ControlPacket.Will::message);
        MqttConnectVariableHeader header = new MqttConnectVariableHeader(
                connect.version() == MqttVersion.MQTT_3_1 ? "MQIsdp" : "MQTT",
                connect.version().protocolLevel(),
                connect.userName().isPresent(),
                connect.password().isPresent(),
                will.map(Message::retain).orElse(false),
                will.map(message -> message.qos().level()).orElse(0),
                will.isPresent(),
                connect.cleanStart(),
                connect.keepAlive(),
                properties);
        MqttConnectPayload payload = new MqttConnectPayload(
                connect.clientId(),
                willProperties,
                will.map(message -> message.topic().name()).orElse(null),
                will.map(Message::payload).orElse(null),
                connect.userName().orElse(null),
                connect.password().orElse(null));
        return new MqttConnectMessage(header(MqttMessageType.CONNECT, MqttQoS.AT_MOST_ONCE), header, payload);
    }

    private static void addWill(MqttProperties properties, ControlPacket.Will will) {
        if (will.delayInterval() > 0) {
            add(properties, PropertyId.WILL_DELAY_INTERVAL, OptionalLong.of(will.delayInterval()));
        }
        add(properties, PropertyId.MESSAGE_EXPIRY_INTERVAL, will.messageExpiryInterval());
        MessageProperties message = will.message().properties();
        message.payloadFormatIndicator()
                .ifPresent(format -> add(properties, PropertyId.PAYLOAD_FORMAT_INDICATOR, OptionalInt.of(format)));
        add(properties, PropertyId.CONTENT_TYPE, message.contentType());
        add(properties, PropertyId.RESPONSE_TOPIC, message.responseTopic());
        addBinary(properties, PropertyId.CORRELATION_DATA, message.correlationData());
        addUserProperties(properties, message.userProperties());
    }

    private static MqttMessage connAck(ControlPacket.ConnAck connAck, boolean version5) {
        int code = version5 ? connAck.reason().code() : ReturnCode.of(connAck.reason());
        MqttConnAckVariableHeader header = new MqttConnAckVariableHeader(
                MqttConnectReturnCode.valueOf((byte) code),
                connAck.sessionPresent(),
                version5 ? serverProperties(connAck.properties()) : MqttProperties.NO_PROPERTIES);
        return new MqttConnAckMessage(header(MqttMessageType.CONNACK, MqttQoS.AT_MOST_ONCE), header);
    }

    private static MqttProperties serverProperties(ControlPacket.ServerProperties server) {
        MqttProperties properties = new MqttProperties();
        add(properties, PropertyId.SESSION_EXPIRY_INTERVAL, server.sessionExpiryInterval());
        addUnless(65_535, properties, PropertyId.RECEIVE_MAXIMUM, server.receiveMaximum());
        addUnless(2, properties, PropertyId.MAXIMUM_QOS, server.maximumQos());
        addUnless(1, properties, PropertyId.RETAIN_AVAILABLE, server.retainAvailable() ? 1 : 0);
        add(properties, PropertyId.MAXIMUM_PACKET_SIZE, server.maximumPacketSize());
        add(properties, PropertyId.ASSIGNED_CLIENT_IDENTIFIER, server.assignedClientIdentifier());
        addUnless(0, properties, PropertyId.TOPIC_ALIAS_MAXIMUM, server.topicAliasMaximum());
        add(properties, PropertyId.REASON_STRING, server.reasonString());
        addUnless(
                1,
                properties,
                PropertyId.WILDCARD_SUBSCRIPTION_AVAILABLE,
                server.wildcardSubscriptionAvailable() ? 1 : 0);
        addUnless(
                1,
                properties,
                PropertyId.SUBSCRIPTION_IDENTIFIER_AVAILABLE,
                server.subscriptionIdentifierAvailable() ? 1 : 0);
        addUnless(
                1, properties, PropertyId.SHARED_SUBSCRIPTION_AVAILABLE, server.sharedSubscriptionAvailable() ? 1 : 0);
        add(properties, PropertyId.SERVER_KEEP_ALIVE, server.serverKeepAlive());
        add(properties, PropertyId.RESPONSE_INFORMATION, server.responseInformation());
        add(properties, PropertyId.SERVER_REFERENCE, server.serverReference());
        add(properties, PropertyId.AUTHENTICATION_METHOD, server.authenticationMethod());
        addBinary(properties, PropertyId.AUTHENTICATION_DATA, server.authenticationData());
        return properties;
    }

    private static MqttMessage subscribe(ControlPacket.Subscribe subscribe) {
        MqttProperties properties = new MqttProperties();
        List<MqttTopicSubscription> topics = subscribe.subscriptions().stream()
                .map(requested -> topicSubscription(requested))
                .toList();
        subscribe.subscriptions().stream()
                .flatMap(requested -> requested.subscription().stream())
                .mapToInt(Subscription::identifier)
                .filter(identifier -> identifier > 0)
                .findFirst()
                .ifPresent(
                        identifier -> add(properties, PropertyId.SUBSCRIPTION_IDENTIFIER, OptionalInt.of(identifier)));
        return new MqttSubscribeMessage(
                header(MqttMessageType.SUBSCRIBE, MqttQoS.AT_LEAST_ONCE),
                new MqttMessageIdAndPropertiesVariableHeader(subscribe.packetId(), properties),
                new MqttSubscribePayload(topics));
    }

    private static MqttTopicSubscription topicSubscription(ControlPacket.RequestedSubscription requested) {
        Subscription subscription = requested.subscription().orElseThrow();
        return new MqttTopicSubscription(
                requested.text(),
                new MqttSubscriptionOption(
                        MqttQoS.valueOf(subscription.maximumQos().level()),
                        subscription.noLocal(),
                        subscription.retainAsPublished(),
                        MqttSubscriptionOption.RetainedHandlingPolicy.valueOf(
                                subscription.retainHandling().ordinal())));
    }

    private static MqttMessage subAck(ControlPacket.SubAck subAck, boolean version5) {
        int[] codes = subAck.reasons().stream()
                .mapToInt(reason -> version5 || !reason.isFailure() ? reason.code() : 0x80)
                .toArray();
        return new MqttSubAckMessage(
                header(MqttMessageType.SUBACK, MqttQoS.AT_MOST_ONCE),
                new MqttMessageIdAndPropertiesVariableHeader(subAck.packetId(), MqttProperties.NO_PROPERTIES),
                new MqttSubAckPayload(codes));
    }

    private static MqttMessage unsubscribe(ControlPacket.Unsubscribe unsubscribe) {
        List<String> filters = unsubscribe.filters().stream()
                .map(filter -> filter.map(TopicFilter::text).orElseThrow())
                .toList();
        return new MqttUnsubscribeMessage(
                header(MqttMessageType.UNSUBSCRIBE, MqttQoS.AT_LEAST_ONCE),
                new MqttMessageIdAndPropertiesVariableHeader(unsubscribe.packetId(), MqttProperties.NO_PROPERTIES),
                new MqttUnsubscribePayload(filters));
    }

    private static MqttMessage unsubAck(ControlPacket.UnsubAck unsubAck, boolean version5) {
        List<Short> codes =
                unsubAck.reasons().stream().map(reason -> (short) reason.code()).toList();
        return new MqttUnsubAckMessage(
                header(MqttMessageType.UNSUBACK, MqttQoS.AT_MOST_ONCE),
                new MqttMessageIdAndPropertiesVariableHeader(unsubAck.packetId(), MqttProperties.NO_PROPERTIES),
                version5 ? new MqttUnsubAckPayload(codes) : null);
    }

    private static MqttMessage disconnect(ControlPacket.Disconnect disconnect) {
        MqttProperties properties = new MqttProperties();
        add(properties, PropertyId.SESSION_EXPIRY_INTERVAL, disconnect.sessionExpiryInterval());
        add(properties, PropertyId.REASON_STRING, disconnect.reasonString());
        return new MqttMessage(
                header(MqttMessageType.DISCONNECT, MqttQoS.AT_MOST_ONCE),
                new MqttReasonCodeAndPropertiesVariableHeader(
                        (byte) disconnect.reason().code(), properties));
    }

    private static MqttMessage auth(ControlPacket.Auth auth) {
        MqttProperties properties = new MqttProperties();
        add(properties, PropertyId.AUTHENTICATION_METHOD, auth.authenticationMethod());
        addBinary(properties, PropertyId.AUTHENTICATION_DATA, auth.authenticationData());
        return new MqttMessage(
                header(MqttMessageType.AUTH, MqttQoS.AT_MOST_ONCE),
                new MqttReasonCodeAndPropertiesVariableHeader(
                        (byte) auth.reason().code(), properties));
    }

    private static MqttFixedHeader header(MqttMessageType type, MqttQoS flags) {
        return new MqttFixedHeader(type, false, flags, false, 0);
    }

    private static void addUnless(int implied, MqttProperties properties, int id, int value) {
        if (value != implied) {
            add(properties, id, OptionalInt.of(value));
        }
    }

    private static void add(MqttProperties properties, int id, OptionalInt value) {
        value.ifPresent(number -> properties.add(new MqttProperties.IntegerProperty(id, number)));
    }

    private static void add(MqttProperties properties, int id, OptionalLong value) {
        value.ifPresent(number -> properties.add(new MqttProperties.IntegerProperty(id, (int) number)));
    }

    private static void add(MqttProperties properties, int id, Optional<String> value) {
        value.ifPresent(text -> properties.add(new MqttProperties.StringProperty(id, text)));
    }

    private static void addBinary(MqttProperties properties, int id, Optional<byte[]> value) {
        value.ifPresent(bytes -> properties.add(new MqttProperties.BinaryProperty(id, bytes)));
    }

    private static void addUserProperties(MqttProperties properties, List<UserProperty> userProperties) {
        for (UserProperty each : userProperties) {
            properties.add(new MqttProperties.UserProperty(each.name(), each.value()));
        }
    }
}
