/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.Acknowledgement;
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
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
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

/** Turns our values into what the encoder of netty-codec-mqtt writes. */
final class PacketWriter {
    private final MqttVersion version;
    private final boolean version5;
    private final boolean explained;

    /**
     * For one packet.
     *
     * @param version of the receiver, null when nobody has said one yet
     * @param explained whether with its Reason String
     */
    PacketWriter(MqttVersion version, boolean explained) {
        this.version = version;
        this.version5 = version == MqttVersion.MQTT_5;
        this.explained = explained;
    }

    MqttMessage toNetty(ControlPacket packet) {
        if (packet instanceof ControlPacket.Connect connect) {
            return connect(connect);
        } else if (packet instanceof ControlPacket.ConnAck connAck) {
            return connAck(connAck);
        } else if (packet instanceof ControlPacket.Subscribe subscribe) {
            return subscribe(subscribe);
        } else if (packet instanceof ControlPacket.SubAck subAck) {
            return subAck(subAck);
        } else if (packet instanceof ControlPacket.Unsubscribe unsubscribe) {
            return unsubscribe(unsubscribe);
        } else if (packet instanceof ControlPacket.UnsubAck unsubAck) {
            return unsubAck(unsubAck);
        } else if (packet instanceof ControlPacket.PingReq) {
            return MqttMessage.PINGREQ;
        } else if (packet instanceof ControlPacket.PingResp) {
            return MqttMessage.PINGRESP;
        } else if (packet instanceof ControlPacket.Disconnect disconnect) {
            return disconnect(disconnect);
        }
        return auth((ControlPacket.Auth) packet);
    }

    /** PUBACK, PUBREC, PUBREL or PUBCOMP with a Reason String, for a receiver of 5.0. */
    static MqttMessage acknowledgement(Acknowledgement kind, int packetId, ReasonCode reason, String reasonString) {
        MqttMessageType type = MqttMessageType.valueOf(kind.firstByte() >> 4);
        return new MqttMessage(
                header(type, kind == Acknowledgement.PUBREL),
                new MqttPubReplyMessageVariableHeader(
                        packetId,
                        (byte) reason.code(),
                        new PacketWriter(MqttVersion.MQTT_5, true).reasonString(Optional.of(reasonString))));
    }

    private MqttMessage connect(ControlPacket.Connect connect) {
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
                connectProperties(connect));
        MqttConnectPayload payload = new MqttConnectPayload(
                Fields.checked(connect.clientId()),
                connect.will().map(PacketWriter::willProperties).orElse(MqttProperties.NO_PROPERTIES),
                will.map(message -> message.topic().name()).orElse(null),
                will.map(message -> Fields.checked(message.payload())).orElse(null),
                connect.userName().map(Fields::checked).orElse(null),
                connect.password().map(Fields::checked).orElse(null));
        return new MqttConnectMessage(header(MqttMessageType.CONNECT, false), header, payload);
    }

    private static MqttProperties connectProperties(ControlPacket.Connect connect) {
        PropertySet properties = new PropertySet();
        properties.number(PropertyId.SESSION_EXPIRY_INTERVAL, connect.sessionExpiryInterval());
        properties.number(PropertyId.RECEIVE_MAXIMUM, connect.receiveMaximum());
        properties.number(PropertyId.MAXIMUM_PACKET_SIZE, connect.maximumPacketSize());
        properties.numberUnless(0, PropertyId.TOPIC_ALIAS_MAXIMUM, connect.topicAliasMaximum());
        properties.flagUnless(false, PropertyId.REQUEST_RESPONSE_INFORMATION, connect.requestResponseInformation());
        properties.flagUnless(true, PropertyId.REQUEST_PROBLEM_INFORMATION, connect.requestProblemInformation());
        properties.string(PropertyId.AUTHENTICATION_METHOD, connect.authenticationMethod());
        properties.binary(PropertyId.AUTHENTICATION_DATA, connect.authenticationData());
        properties.userProperties(connect.userProperties());
        return properties.toNetty();
    }

    private static MqttProperties willProperties(ControlPacket.Will will) {
        PropertySet properties = new PropertySet();
        properties.numberUnless(0, PropertyId.WILL_DELAY_INTERVAL, will.delayInterval());
        properties.number(PropertyId.MESSAGE_EXPIRY_INTERVAL, will.messageExpiryInterval());
        properties.ofMessage(will.message().properties());
        return properties.toNetty();
    }

    private MqttMessage connAck(ControlPacket.ConnAck connAck) {
        int code = version5 ? ConnectReason.of(connAck.reason()).code() : ReturnCode.of(connAck.reason());
        return new MqttConnAckMessage(
                header(MqttMessageType.CONNACK, false),
                new MqttConnAckVariableHeader(
                        MqttConnectReturnCode.valueOf((byte) code),
                        connAck.sessionPresent(),
                        serverProperties(connAck.properties())));
    }

    private MqttProperties serverProperties(ControlPacket.ServerProperties server) {
        PropertySet properties = new PropertySet();
        properties.number(PropertyId.SESSION_EXPIRY_INTERVAL, server.sessionExpiryInterval());
        properties.numberUnless(65_535, PropertyId.RECEIVE_MAXIMUM, server.receiveMaximum());
        properties.numberUnless(2, PropertyId.MAXIMUM_QOS, server.maximumQos());
        properties.flagUnless(true, PropertyId.RETAIN_AVAILABLE, server.retainAvailable());
        properties.number(PropertyId.MAXIMUM_PACKET_SIZE, server.maximumPacketSize());
        properties.string(PropertyId.ASSIGNED_CLIENT_IDENTIFIER, server.assignedClientIdentifier());
        properties.numberUnless(0, PropertyId.TOPIC_ALIAS_MAXIMUM, server.topicAliasMaximum());
        explain(properties, server.reasonString());
        properties.flagUnless(true, PropertyId.WILDCARD_SUBSCRIPTION_AVAILABLE, server.wildcardSubscriptionAvailable());
        properties.flagUnless(
                true, PropertyId.SUBSCRIPTION_IDENTIFIER_AVAILABLE, server.subscriptionIdentifierAvailable());
        properties.flagUnless(true, PropertyId.SHARED_SUBSCRIPTION_AVAILABLE, server.sharedSubscriptionAvailable());
        properties.number(PropertyId.SERVER_KEEP_ALIVE, server.serverKeepAlive());
        properties.string(PropertyId.RESPONSE_INFORMATION, server.responseInformation());
        properties.string(PropertyId.SERVER_REFERENCE, server.serverReference());
        properties.string(PropertyId.AUTHENTICATION_METHOD, server.authenticationMethod());
        properties.binary(PropertyId.AUTHENTICATION_DATA, server.authenticationData());
        properties.userProperties(server.userProperties());
        return properties.toNetty();
    }

    private static MqttMessage subscribe(ControlPacket.Subscribe subscribe) {
        PropertySet properties = new PropertySet();
        subscribe.subscriptions().stream()
                .flatMap(requested -> requested.subscription().stream())
                .mapToInt(Subscription::identifier)
                .filter(identifier -> identifier > 0)
                .findFirst()
                .ifPresent(identifier -> properties.number(PropertyId.SUBSCRIPTION_IDENTIFIER, identifier));
        List<MqttTopicSubscription> topics = subscribe.subscriptions().stream()
                .map(PacketWriter::topicSubscription)
                .toList();
        return new MqttSubscribeMessage(
                header(MqttMessageType.SUBSCRIBE, true),
                new MqttMessageIdAndPropertiesVariableHeader(subscribe.packetId(), properties.toNetty()),
                new MqttSubscribePayload(topics));
    }

    private static MqttTopicSubscription topicSubscription(ControlPacket.RequestedSubscription requested) {
        Subscription subscription = requested.subscription().orElseThrow();
        return new MqttTopicSubscription(
                Fields.checked(requested.text()),
                new MqttSubscriptionOption(
                        MqttQoS.valueOf(subscription.maximumQos().level()),
                        subscription.noLocal(),
                        subscription.retainAsPublished(),
                        MqttSubscriptionOption.RetainedHandlingPolicy.valueOf(
                                subscription.retainHandling().ordinal())));
    }

    private MqttMessage subAck(ControlPacket.SubAck subAck) {
        int[] codes = subAck.reasons().stream()
                .mapToInt(reason -> version5 || !reason.isFailure() ? reason.code() : subscriptionFailure())
                .toArray();
        return new MqttSubAckMessage(
                header(MqttMessageType.SUBACK, false),
                new MqttMessageIdAndPropertiesVariableHeader(subAck.packetId(), reasonString(subAck.reasonString())),
                new MqttSubAckPayload(codes));
    }

    /** 3.1 has only grants in SUBACK and leaves a client in the dark about what it may not have: it is told of QoS 0. */
    private int subscriptionFailure() {
        return version == MqttVersion.MQTT_3_1 ? 0 : 0x80;
    }

    private static MqttMessage unsubscribe(ControlPacket.Unsubscribe unsubscribe) {
        List<String> filters = unsubscribe.filters().stream()
                .map(filter -> filter.map(TopicFilter::text).orElseThrow())
                .toList();
        return new MqttUnsubscribeMessage(
                header(MqttMessageType.UNSUBSCRIBE, true),
                new MqttMessageIdAndPropertiesVariableHeader(unsubscribe.packetId(), MqttProperties.NO_PROPERTIES),
                new MqttUnsubscribePayload(filters));
    }

    private MqttMessage unsubAck(ControlPacket.UnsubAck unsubAck) {
        List<Short> codes =
                unsubAck.reasons().stream().map(reason -> (short) reason.code()).toList();
        return new MqttUnsubAckMessage(
                header(MqttMessageType.UNSUBACK, false),
                new MqttMessageIdAndPropertiesVariableHeader(
                        unsubAck.packetId(), reasonString(unsubAck.reasonString())),
                new MqttUnsubAckPayload(codes)); // before 5.0 the encoder leaves them out
    }

    private MqttMessage disconnect(ControlPacket.Disconnect disconnect) {
        if (!version5) {
            return MqttMessage.DISCONNECT; // it has no fields
        }
        PropertySet properties = new PropertySet();
        properties.number(PropertyId.SESSION_EXPIRY_INTERVAL, disconnect.sessionExpiryInterval());
        explain(properties, disconnect.reasonString());
        return new MqttMessage(
                header(MqttMessageType.DISCONNECT, false),
                new MqttReasonCodeAndPropertiesVariableHeader(
                        (byte) disconnect.reason().code(), properties.toNetty()));
    }

    private MqttMessage auth(ControlPacket.Auth auth) {
        PropertySet properties = new PropertySet();
        properties.string(PropertyId.AUTHENTICATION_METHOD, auth.authenticationMethod());
        properties.binary(PropertyId.AUTHENTICATION_DATA, auth.authenticationData());
        explain(properties, auth.reasonString());
        return new MqttMessage(
                header(MqttMessageType.AUTH, false),
                new MqttReasonCodeAndPropertiesVariableHeader(
                        (byte) auth.reason().code(), properties.toNetty()));
    }

    /** The properties of a packet that has no other. */
    private MqttProperties reasonString(Optional<String> reasonString) {
        PropertySet properties = new PropertySet();
        explain(properties, reasonString);
        return properties.toNetty();
    }

    private void explain(PropertySet properties, Optional<String> reasonString) {
        if (explained) {
            properties.string(PropertyId.REASON_STRING, reasonString);
        }
    }

    /** @param reserved whether with the flags that are reserved for PUBREL, SUBSCRIBE and UNSUBSCRIBE [MQTT-2.1.3-1] */
    private static MqttFixedHeader header(MqttMessageType type, boolean reserved) {
        return new MqttFixedHeader(type, false, reserved ? MqttQoS.AT_LEAST_ONCE : MqttQoS.AT_MOST_ONCE, false, 0);
    }
}
