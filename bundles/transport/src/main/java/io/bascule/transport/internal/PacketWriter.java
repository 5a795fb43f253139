/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket;
import java.util.Optional;

/**
 * Writes every packet but PUBLISH and its acknowledgements. Each is a whole array before it is sent, so that its size is known and one that
 * the receiver would not take is never begun.
 */
final class PacketWriter {
    private static final int RESERVED_2 = 0x02; // the flags of SUBSCRIBE and UNSUBSCRIBE [MQTT-2.1.3-1]

    private final MqttVersion version;
    private final boolean version5;
    private final boolean explained;
    private final FieldWriter body = new FieldWriter();

    private PacketWriter(MqttVersion version, boolean explained) {
        this.version = version;
        this.version5 = version == MqttVersion.MQTT_5;
        this.explained = explained;
    }

    /**
     * The packet for this receiver, without its Reason String where the receiver does not want one or has no room for it; empty when it is
     * larger than the receiver takes even so. As long as nobody has said a version it is in the words of 3.1.1.
     */
    static Optional<byte[]> write(ControlPacket packet, Terms terms) {
        MqttVersion version = packet instanceof ControlPacket.Connect connect ? connect.version() : terms.version();
        boolean wanted = terms.problemInformation()
                || packet instanceof ControlPacket.ConnAck
                || packet instanceof ControlPacket.Disconnect; // [MQTT-3.1.2-29]
        byte[] whole = new PacketWriter(version, wanted).write(packet);
        if (whole.length <= terms.maximumOutgoing()) {
            return Optional.of(whole);
        }
        byte[] bare = new PacketWriter(version, false).write(packet); // [MQTT-3.2.2-19, MQTT-3.9.2-1, MQTT-3.14.2-3]
        return bare.length <= terms.maximumOutgoing() ? Optional.of(bare) : Optional.empty();
    }

    /** PUBACK, PUBREC, PUBREL or PUBCOMP with a Reason String, for a receiver of 5.0. */
    static byte[] acknowledgement(Acknowledgement kind, int packetId, ReasonCode reason, String reasonString) {
        PacketWriter writer = new PacketWriter(MqttVersion.MQTT_5, true);
        writer.body.unsignedShort(packetId).unsignedByte(reason.code());
        writer.reasonString(Optional.of(reasonString));
        return writer.behind(kind.firstByte());
    }

    private byte[] write(ControlPacket packet) {
        return behind(body(packet));
    }

    private byte[] behind(int firstByte) {
        return new FieldWriter().unsignedByte(firstByte).withLength(body).toByteArray();
    }

    /** Writes what follows the remaining length, and returns type and flags. */
    private int body(ControlPacket packet) {
        if (packet instanceof ControlPacket.Connect connect) {
            connect(connect);
            return PacketType.CONNECT << 4;
        } else if (packet instanceof ControlPacket.ConnAck connAck) {
            connAck(connAck);
            return PacketType.CONNACK << 4;
        } else if (packet instanceof ControlPacket.Subscribe subscribe) {
            subscribe(subscribe);
            return PacketType.SUBSCRIBE << 4 | RESERVED_2;
        } else if (packet instanceof ControlPacket.SubAck subAck) {
            subAck(subAck);
            return PacketType.SUBACK << 4;
        } else if (packet instanceof ControlPacket.Unsubscribe unsubscribe) {
            unsubscribe(unsubscribe);
            return PacketType.UNSUBSCRIBE << 4 | RESERVED_2;
        } else if (packet instanceof ControlPacket.UnsubAck unsubAck) {
            unsubAck(unsubAck);
            return PacketType.UNSUBACK << 4;
        } else if (packet instanceof ControlPacket.PingReq) {
            return PacketType.PINGREQ << 4;
        } else if (packet instanceof ControlPacket.PingResp) {
            return PacketType.PINGRESP << 4;
        } else if (packet instanceof ControlPacket.Disconnect disconnect) {
            disconnect(disconnect);
            return PacketType.DISCONNECT << 4;
        }
        auth((ControlPacket.Auth) packet);
        return PacketType.AUTH << 4;
    }

    private void connect(ControlPacket.Connect connect) {
        Optional<Message> will = connect.will().map(ControlPacket.Will::message);
        body.utf8(version == MqttVersion.MQTT_3_1 ? "MQIsdp" : "MQTT")
                .unsignedByte(version.protocolLevel() | (connect.bridge() && !version5 ? ConnectPrefix.BRIDGE_BIT : 0))
                .unsignedByte((connect.cleanStart() ? 0x02 : 0)
                        | will.map(PacketWriter::willFlags).orElse(0)
                        | (connect.password().isPresent() ? 0x40 : 0)
                        | (connect.userName().isPresent() ? 0x80 : 0))
                .unsignedShort(connect.keepAlive());
        connectProperties(connect);
        body.utf8(connect.clientId());
        connect.will().ifPresent(this::will);
        connect.userName().ifPresent(body::utf8);
        connect.password().ifPresent(body::binary);
    }

    private static int willFlags(Message will) {
        return 0x04 | will.qos().level() << 3 | (will.retain() ? 0x20 : 0);
    }

    private void connectProperties(ControlPacket.Connect connect) {
        PropertyWriter properties = new PropertyWriter();
        properties.fourBytes(PropertyId.SESSION_EXPIRY_INTERVAL, connect.sessionExpiryInterval());
        properties.twoBytes(PropertyId.RECEIVE_MAXIMUM, connect.receiveMaximum());
        properties.fourBytes(PropertyId.MAXIMUM_PACKET_SIZE, connect.maximumPacketSize());
        if (connect.topicAliasMaximum() > 0) {
            properties.twoBytes(PropertyId.TOPIC_ALIAS_MAXIMUM, connect.topicAliasMaximum());
        }
        properties.flagUnless(false, PropertyId.REQUEST_RESPONSE_INFORMATION, connect.requestResponseInformation());
        properties.flagUnless(true, PropertyId.REQUEST_PROBLEM_INFORMATION, connect.requestProblemInformation());
        properties.string(PropertyId.AUTHENTICATION_METHOD, connect.authenticationMethod());
        properties.binary(PropertyId.AUTHENTICATION_DATA, connect.authenticationData());
        properties.userProperties(connect.userProperties());
        write(properties);
    }

    private void will(ControlPacket.Will will) {
        PropertyWriter properties = new PropertyWriter();
        if (will.delayInterval() > 0) {
            properties.fourBytes(PropertyId.WILL_DELAY_INTERVAL, will.delayInterval());
        }
        properties.fourBytes(PropertyId.MESSAGE_EXPIRY_INTERVAL, will.messageExpiryInterval());
        properties.ofMessage(will.message().properties());
        write(properties);
        body.utf8(will.message().topic().name()).binary(will.message().payload());
    }

    private void connAck(ControlPacket.ConnAck connAck) {
        int code = version5 ? ConnectReason.of(connAck.reason()).code() : ReturnCode.of(connAck.reason());
        body.unsignedByte(connAck.sessionPresent() ? 1 : 0).unsignedByte(code);
        ControlPacket.ServerProperties server = connAck.properties();
        PropertyWriter properties = new PropertyWriter();
        properties.fourBytes(PropertyId.SESSION_EXPIRY_INTERVAL, server.sessionExpiryInterval());
        if (server.receiveMaximum() != 65_535) {
            properties.twoBytes(PropertyId.RECEIVE_MAXIMUM, server.receiveMaximum());
        }
        if (server.maximumQos() != 2) {
            properties.oneByte(PropertyId.MAXIMUM_QOS, server.maximumQos());
        }
        properties.flagUnless(true, PropertyId.RETAIN_AVAILABLE, server.retainAvailable());
        properties.fourBytes(PropertyId.MAXIMUM_PACKET_SIZE, server.maximumPacketSize());
        properties.string(PropertyId.ASSIGNED_CLIENT_IDENTIFIER, server.assignedClientIdentifier());
        if (server.topicAliasMaximum() > 0) {
            properties.twoBytes(PropertyId.TOPIC_ALIAS_MAXIMUM, server.topicAliasMaximum());
        }
        explain(properties, server.reasonString());
        properties.flagUnless(true, PropertyId.WILDCARD_SUBSCRIPTION_AVAILABLE, server.wildcardSubscriptionAvailable());
        properties.flagUnless(
                true, PropertyId.SUBSCRIPTION_IDENTIFIER_AVAILABLE, server.subscriptionIdentifierAvailable());
        properties.flagUnless(true, PropertyId.SHARED_SUBSCRIPTION_AVAILABLE, server.sharedSubscriptionAvailable());
        properties.twoBytes(PropertyId.SERVER_KEEP_ALIVE, server.serverKeepAlive());
        properties.string(PropertyId.RESPONSE_INFORMATION, server.responseInformation());
        properties.string(PropertyId.SERVER_REFERENCE, server.serverReference());
        properties.string(PropertyId.AUTHENTICATION_METHOD, server.authenticationMethod());
        properties.binary(PropertyId.AUTHENTICATION_DATA, server.authenticationData());
        write(properties);
    }

    private void subscribe(ControlPacket.Subscribe subscribe) {
        body.unsignedShort(subscribe.packetId());
        PropertyWriter properties = new PropertyWriter();
        subscribe.subscriptions().stream()
                .flatMap(requested -> requested.subscription().stream())
                .mapToInt(Subscription::identifier)
                .filter(identifier -> identifier > 0)
                .findFirst()
                .ifPresent(
                        identifier -> properties.variableByteInteger(PropertyId.SUBSCRIPTION_IDENTIFIER, identifier));
        write(properties);
        for (ControlPacket.RequestedSubscription each : subscribe.subscriptions()) {
            Subscription subscription = each.subscription().orElseThrow();
            int qos = subscription.maximumQos().level();
            int options = (subscription.noLocal() ? 0x04 : 0)
                    | (subscription.retainAsPublished() ? 0x08 : 0)
                    | subscription.retainHandling().ordinal() << 4;
            body.utf8(each.text()).unsignedByte(version5 ? qos | options : qos);
        }
    }

    private void subAck(ControlPacket.SubAck subAck) {
        body.unsignedShort(subAck.packetId());
        reasonString(subAck.reasonString());
        for (ReasonCode reason : subAck.reasons()) {
            body.unsignedByte(version5 || !reason.isFailure() ? reason.code() : subscriptionFailure());
        }
    }

    /** 3.1 has only grants in SUBACK and leaves a client in the dark about what it may not have: it is told of QoS 0. */
    private int subscriptionFailure() {
        return version == MqttVersion.MQTT_3_1 ? 0 : 0x80;
    }

    private void unsubscribe(ControlPacket.Unsubscribe unsubscribe) {
        body.unsignedShort(unsubscribe.packetId());
        write(new PropertyWriter());
        for (Optional<TopicFilter> filter : unsubscribe.filters()) {
            body.utf8(filter.orElseThrow().text());
        }
    }

    private void unsubAck(ControlPacket.UnsubAck unsubAck) {
        body.unsignedShort(unsubAck.packetId());
        if (version5) {
            reasonString(unsubAck.reasonString());
            unsubAck.reasons().forEach(reason -> body.unsignedByte(reason.code()));
        }
    }

    private void disconnect(ControlPacket.Disconnect disconnect) {
        if (!version5) {
            return; // it has no fields
        }
        PropertyWriter properties = new PropertyWriter();
        properties.fourBytes(PropertyId.SESSION_EXPIRY_INTERVAL, disconnect.sessionExpiryInterval());
        explain(properties, disconnect.reasonString());
        if (!properties.isEmpty()) {
            body.unsignedByte(disconnect.reason().code());
            write(properties);
        } else if (disconnect.reason() != ReasonCode.SUCCESS) {
            body.unsignedByte(disconnect.reason().code()); // no properties may be left unsaid (section 3.14.2.2.1)
        }
    }

    private void auth(ControlPacket.Auth auth) {
        PropertyWriter properties = new PropertyWriter();
        properties.string(PropertyId.AUTHENTICATION_METHOD, auth.authenticationMethod());
        properties.binary(PropertyId.AUTHENTICATION_DATA, auth.authenticationData());
        explain(properties, auth.reasonString());
        if (!properties.isEmpty() || auth.reason() != ReasonCode.SUCCESS) { // section 3.15.2.1
            body.unsignedByte(auth.reason().code());
            write(properties);
        }
    }

    /** The properties of a packet that has no other. */
    private void reasonString(Optional<String> reasonString) {
        PropertyWriter properties = new PropertyWriter();
        explain(properties, reasonString);
        write(properties);
    }

    private void explain(PropertyWriter properties, Optional<String> reasonString) {
        if (explained) {
            properties.string(PropertyId.REASON_STRING, reasonString);
        }
    }

    private void write(PropertyWriter properties) {
        if (version5) {
            properties.writeTo(body);
        }
    }
}
