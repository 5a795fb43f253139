/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static io.bascule.transport.internal.MqttFormatException.malformed;
import static io.bascule.transport.internal.MqttFormatException.protocolError;

import io.bascule.api.Subscription;
import io.bascule.api.Subscription.RetainHandling;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.ControlPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads every packet but CONNECT, PUBLISH and its acknowledgements, to the letter: each field is checked, and a packet that is longer than its
 * fields is malformed. A reader that goes on where the last packet ended short would let a PINGREQ with a body smuggle in a second CONNECT.
 */
final class PacketReader {
    private static final List<Integer> CONNACK = List.of(
            PropertyId.SESSION_EXPIRY_INTERVAL,
            PropertyId.RECEIVE_MAXIMUM,
            PropertyId.MAXIMUM_QOS,
            PropertyId.RETAIN_AVAILABLE,
            PropertyId.MAXIMUM_PACKET_SIZE,
            PropertyId.ASSIGNED_CLIENT_IDENTIFIER,
            PropertyId.TOPIC_ALIAS_MAXIMUM,
            PropertyId.REASON_STRING,
            PropertyId.WILDCARD_SUBSCRIPTION_AVAILABLE,
            PropertyId.SUBSCRIPTION_IDENTIFIER_AVAILABLE,
            PropertyId.SHARED_SUBSCRIPTION_AVAILABLE,
            PropertyId.SERVER_KEEP_ALIVE,
            PropertyId.RESPONSE_INFORMATION,
            PropertyId.SERVER_REFERENCE,
            PropertyId.AUTHENTICATION_METHOD,
            PropertyId.AUTHENTICATION_DATA);
    private static final List<Integer> SUBSCRIBE = List.of(PropertyId.SUBSCRIPTION_IDENTIFIER);
    private static final List<Integer> ACKNOWLEDGEMENT = List.of(PropertyId.REASON_STRING);
    private static final List<Integer> DISCONNECT_FROM_CLIENT =
            List.of(PropertyId.SESSION_EXPIRY_INTERVAL, PropertyId.REASON_STRING);
    private static final List<Integer> DISCONNECT_FROM_SERVER = // [MQTT-3.14.2-2]
            List.of(PropertyId.REASON_STRING, PropertyId.SERVER_REFERENCE);
    private static final List<Integer> AUTH =
            List.of(PropertyId.AUTHENTICATION_METHOD, PropertyId.AUTHENTICATION_DATA, PropertyId.REASON_STRING);

    private final FieldReader in;
    private final MqttVersion version;
    private final boolean fromClient;
    private final PropertyBudget budget;

    private PacketReader(FieldReader in, Terms terms, PropertyBudget budget) {
        this.in = in;
        this.version = terms.version();
        this.fromClient = terms.fromClient();
        this.budget = budget;
    }

    /** Reads a packet other than CONNECT, PUBLISH and its acknowledgements. */
    static ControlPacket read(int type, FieldReader fields, Terms terms, PropertyBudget budget) {
        PacketReader reader = new PacketReader(fields, terms, budget);
        return reader.whole(
                switch (type) {
                    case PacketType.CONNACK -> reader.connAck();
                    case PacketType.SUBSCRIBE -> reader.subscribe();
                    case PacketType.SUBACK -> reader.subAck();
                    case PacketType.UNSUBSCRIBE -> reader.unsubscribe();
                    case PacketType.UNSUBACK -> reader.unsubAck();
                    case PacketType.PINGREQ -> new ControlPacket.PingReq();
                    case PacketType.PINGRESP -> new ControlPacket.PingResp();
                    case PacketType.DISCONNECT -> reader.disconnect();
                    case PacketType.AUTH -> reader.auth();
                    default -> throw new IllegalArgumentException("packet type " + type + " is read elsewhere");
                });
    }

    private ControlPacket whole(ControlPacket packet) {
        in.checkEnd();
        return packet;
    }

    private PacketProperties properties(List<Integer> allowed) {
        return PacketProperties.read(in, version, allowed, budget);
    }

    private ControlPacket connAck() {
        int flags = in.unsignedByte();
        if (flags > 1) {
            throw malformed("CONNACK with reserved flags"); // [MQTT-3.2.2-1]
        }
        int code = in.unsignedByte();
        if (version == MqttVersion.MQTT_5 && code == ReturnCode.UNACCEPTABLE_VERSION) {
            return olderServer(flags == 1);
        }
        ReasonCode reason = version == MqttVersion.MQTT_5
                ? PacketReasons.read(code, PacketType.CONNACK)
                : ReturnCode.toReason(code);
        PacketProperties properties = properties(CONNACK);
        ControlPacket.ServerProperties server = new ControlPacket.ServerProperties(
                properties.unsigned(PropertyId.SESSION_EXPIRY_INTERVAL),
                properties.integer(PropertyId.RECEIVE_MAXIMUM).orElse(65_535),
                properties.integer(PropertyId.MAXIMUM_QOS).orElse(2),
                properties.flag(PropertyId.RETAIN_AVAILABLE, true),
                properties.unsigned(PropertyId.MAXIMUM_PACKET_SIZE),
                properties.string(PropertyId.ASSIGNED_CLIENT_IDENTIFIER),
                properties.integer(PropertyId.TOPIC_ALIAS_MAXIMUM).orElse(0),
                properties.string(PropertyId.REASON_STRING),
                properties.flag(PropertyId.WILDCARD_SUBSCRIPTION_AVAILABLE, true),
                properties.flag(PropertyId.SUBSCRIPTION_IDENTIFIER_AVAILABLE, true),
                properties.flag(PropertyId.SHARED_SUBSCRIPTION_AVAILABLE, true),
                properties.integer(PropertyId.SERVER_KEEP_ALIVE),
                properties.string(PropertyId.RESPONSE_INFORMATION),
                properties.string(PropertyId.SERVER_REFERENCE),
                properties.string(PropertyId.AUTHENTICATION_METHOD),
                properties.binary(PropertyId.AUTHENTICATION_DATA),
                properties.userProperties());
        return new ControlPacket.ConnAck(flags == 1, reason, server);
    }

    /**
     * A server that does not know 5.0 says so in the words of the version that it knows [MQTT-3.1.2-2 of 3.1.1], of which 5.0 has none in CONNACK.
     * As a rule they have no properties.
     */
    private ControlPacket olderServer(boolean sessionPresent) {
        if (in.hasMore()) {
            properties(CONNACK);
        }
        return new ControlPacket.ConnAck(
                sessionPresent, ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, ControlPacket.ServerProperties.NONE);
    }

    private ControlPacket subscribe() {
        int packetId = packetId();
        PacketProperties properties = properties(SUBSCRIBE);
        int identifier = properties.integer(PropertyId.SUBSCRIPTION_IDENTIFIER).orElse(0);
        List<ControlPacket.RequestedSubscription> requested = new ArrayList<>();
        while (in.hasMore()) {
            String text = in.utf8();
            requested.add(new ControlPacket.RequestedSubscription(
                    text, subscription(filter(text), in.unsignedByte(), identifier)));
        }
        if (requested.isEmpty()) {
            throw protocolError("SUBSCRIBE without a topic filter"); // [MQTT-3.8.3-2]
        }
        return new ControlPacket.Subscribe(packetId, requested);
    }

    private Optional<Subscription> subscription(Optional<TopicFilter> filter, int options, int identifier) {
        if ((options & (version == MqttVersion.MQTT_5 ? 0xC0 : 0xFC)) != 0) {
            throw malformed("SUBSCRIBE with reserved subscription options"); // [MQTT-3.8.3-5]
        }
        if ((options & 0x03) == 3 || (options & 0x30) == 0x30) {
            throw protocolError("SUBSCRIBE with QoS 3 or retain handling 3"); // section 3.8.3.1
        }
        boolean noLocal = (options & 0x04) != 0;
        if (noLocal && filter.map(TopicFilter::isShared).orElse(false)) {
            throw protocolError("a shared subscription with No Local"); // [MQTT-3.8.3-4]
        }
        return filter.map(valid -> new Subscription(
                valid,
                QoS.ofLevel(options & 3),
                noLocal,
                (options & 0x08) != 0,
                RetainHandling.values()[options >> 4],
                identifier));
    }

    private ControlPacket unsubscribe() {
        int packetId = packetId();
        properties(List.of());
        List<Optional<TopicFilter>> filters = new ArrayList<>();
        while (in.hasMore()) {
            filters.add(filter(in.utf8()));
        }
        if (filters.isEmpty()) {
            throw protocolError("UNSUBSCRIBE without a topic filter"); // [MQTT-3.10.3-2]
        }
        return new ControlPacket.Unsubscribe(packetId, filters);
    }

    private static Optional<TopicFilter> filter(String text) {
        try {
            return Optional.of(TopicFilter.of(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private ControlPacket subAck() {
        int packetId = packetId();
        PacketProperties properties = properties(ACKNOWLEDGEMENT);
        return new ControlPacket.SubAck(
                packetId, reasons(PacketType.SUBACK), properties.string(PropertyId.REASON_STRING));
    }

    private ControlPacket unsubAck() {
        int packetId = packetId();
        PacketProperties properties = properties(ACKNOWLEDGEMENT);
        List<ReasonCode> reasons = version == MqttVersion.MQTT_5 ? reasons(PacketType.UNSUBACK) : List.of();
        return new ControlPacket.UnsubAck(packetId, reasons, properties.string(PropertyId.REASON_STRING));
    }

    /** What follows the reason code of a PUBACK, PUBREC, PUBREL or PUBCOMP. */
    static void checkAcknowledgement(FieldReader fields, PropertyBudget budget) {
        PacketProperties.read(fields, MqttVersion.MQTT_5, ACKNOWLEDGEMENT, budget);
        fields.checkEnd();
    }

    private ControlPacket disconnect() {
        if (version != MqttVersion.MQTT_5) {
            return ControlPacket.Disconnect.of(ReasonCode.SUCCESS);
        }
        ReasonCode reason =
                in.hasMore() ? PacketReasons.read(in.unsignedByte(), PacketType.DISCONNECT) : ReasonCode.SUCCESS;
        PacketProperties properties = in.hasMore() // they may be left out (section 3.14.2.2.1)
                ? properties(fromClient ? DISCONNECT_FROM_CLIENT : DISCONNECT_FROM_SERVER)
                : PacketProperties.NONE;
        return new ControlPacket.Disconnect(
                reason,
                properties.unsigned(PropertyId.SESSION_EXPIRY_INTERVAL),
                properties.string(PropertyId.REASON_STRING));
    }

    /** A length of 0 means Success and nothing else (section 3.15.2.1); otherwise there is a method (section 3.15.2.2.2). */
    private ControlPacket auth() {
        boolean bare = !in.hasMore();
        ReasonCode reason = bare ? ReasonCode.SUCCESS : PacketReasons.read(in.unsignedByte());
        boolean fits = reason == ReasonCode.CONTINUE_AUTHENTICATION
                || reason == (fromClient ? ReasonCode.RE_AUTHENTICATE : ReasonCode.SUCCESS);
        if (!fits) {
            throw protocolError("AUTH with reason " + reason); // [MQTT-3.15.2-1]
        }
        if (bare) {
            return new ControlPacket.Auth(reason, Optional.empty(), Optional.empty());
        }
        PacketProperties properties = properties(AUTH);
        Optional<String> method = properties.string(PropertyId.AUTHENTICATION_METHOD);
        if (method.isEmpty()) {
            throw protocolError("AUTH without an authentication method");
        }
        return new ControlPacket.Auth(
                reason,
                method,
                properties.binary(PropertyId.AUTHENTICATION_DATA),
                properties.string(PropertyId.REASON_STRING));
    }

    private List<ReasonCode> reasons(int type) {
        List<ReasonCode> reasons = new ArrayList<>();
        while (in.hasMore()) {
            reasons.add(PacketReasons.read(in.unsignedByte(), type));
        }
        if (reasons.isEmpty()) {
            throw malformed("an acknowledgement without a reason code");
        }
        return reasons;
    }

    private int packetId() {
        int packetId = in.unsignedShort();
        if (packetId == 0) {
            throw malformed("packet identifier 0"); // [MQTT-2.2.1-3]
        }
        return packetId;
    }
}
