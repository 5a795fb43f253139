/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.util.AttributeKey;
import java.util.Optional;

/**
 * Has the encoder of netty-codec-mqtt write every packet but PUBLISH. It stands in a channel of its own that leads nowhere and not in the
 * pipelines of the connections, because a packet that the receiver would not take must not be sent [MQTT-3.1.2-24, MQTT-3.2.2-15]: its size
 * has to be known first.
 *
 * <p>One for each event loop, used on it alone.
 */
final class PacketEncoder {
    /** Where netty-codec-mqtt keeps the version that its encoder writes; 3.1.1 when there is none. */
    private static final AttributeKey<io.netty.handler.codec.mqtt.MqttVersion> VERSION =
            AttributeKey.valueOf("NETTY_CODEC_MQTT_VERSION");

    private final ByteBufAllocator allocator;
    private EmbeddedChannel encoder; // null until it is used: the thread that makes it keeps its classes in its caches

    PacketEncoder(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /**
     * The packet for this receiver, without its Reason String where the receiver does not want one or has no room for it; empty when it is
     * larger than the receiver takes even so. As long as nobody has said a version it is in the words of 3.1.1. The caller owns the buffer.
     */
    Optional<ByteBuf> encode(ControlPacket packet, Terms terms) {
        MqttVersion version = packet instanceof ControlPacket.Connect connect ? connect.version() : terms.version();
        boolean wanted = terms.problemInformation()
                || packet instanceof ControlPacket.ConnAck
                || packet instanceof ControlPacket.Disconnect; // [MQTT-3.1.2-29]
        Optional<ByteBuf> whole = within(terms, encode(packet, version, wanted));
        // [MQTT-3.2.2-19, MQTT-3.9.2-1, MQTT-3.14.2-3]
        return whole.isPresent() ? whole : within(terms, encode(packet, version, false));
    }

    /** PUBACK, PUBREC, PUBREL or PUBCOMP with a Reason String; empty when it is larger than the receiver, of 5.0, takes [MQTT-3.4.2-2]. */
    Optional<ByteBuf> encode(Acknowledgement kind, int packetId, ReasonCode reason, String reasonString, Terms terms) {
        MqttMessage message = PacketWriter.acknowledgement(kind, packetId, reason, reasonString);
        return within(terms, encode(message, MqttVersion.MQTT_5));
    }

    private static Optional<ByteBuf> within(Terms terms, ByteBuf packet) {
        if (packet.readableBytes() <= terms.maximumOutgoing()) {
            return Optional.of(packet);
        }
        packet.release();
        return Optional.empty();
    }

    private ByteBuf encode(ControlPacket packet, MqttVersion version, boolean explained) {
        ByteBuf encoded = encode(new PacketWriter(version, explained).toNetty(packet), version);
        if (packet instanceof ControlPacket.Connect connect && connect.bridge() && version != MqttVersion.MQTT_5) {
            setBridgeBit(encoded);
        } else if (packet instanceof ControlPacket.Disconnect && encoded.readableBytes() == 4) {
            // No properties may be left unsaid (section 3.14.2.2.1), which the encoder does not know.
            encoded.setByte(1, 1).writerIndex(3);
        }
        return encoded;
    }

    /** The encoder refuses a protocol level with the bit by which bridges announce themselves. */
    private static void setBridgeBit(ByteBuf connect) {
        int nameAt = 1;
        while (connect.getByte(nameAt++) < 0) {} // the remaining length
        int levelAt = nameAt + 2 + connect.getUnsignedShort(nameAt);
        connect.setByte(levelAt, connect.getByte(levelAt) | ConnectPrefix.BRIDGE_BIT);
    }

    private ByteBuf encode(MqttMessage message, MqttVersion version) {
        if (encoder == null) {
            encoder = new EmbeddedChannel(MqttEncoder.INSTANCE);
            encoder.config().setAllocator(allocator);
        }
        encoder.attr(VERSION).set(toNetty(version));
        try {
            encoder.writeOutbound(message);
        } catch (EncoderException e) {
            throw new IllegalArgumentException("netty-codec-mqtt writes no such packet: " + e.getMessage(), e);
        }
        return encoder.readOutbound();
    }

    private static io.netty.handler.codec.mqtt.MqttVersion toNetty(MqttVersion version) {
        if (version == null) {
            return null;
        }
        return switch (version) {
            case MQTT_3_1 -> io.netty.handler.codec.mqtt.MqttVersion.MQTT_3_1;
            case MQTT_3_1_1 -> io.netty.handler.codec.mqtt.MqttVersion.MQTT_3_1_1;
            case MQTT_5 -> io.netty.handler.codec.mqtt.MqttVersion.MQTT_5;
        };
    }
}
