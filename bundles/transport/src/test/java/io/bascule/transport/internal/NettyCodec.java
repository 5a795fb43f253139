/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.MqttVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The hot path's packets by netty-codec-mqtt. */
final class NettyCodec {
    private static final AttributeKey<io.netty.handler.codec.mqtt.MqttVersion> VERSION =
            AttributeKey.valueOf("NETTY_CODEC_MQTT_VERSION");
    private static final int LARGEST = 1024 * 1024;

    private NettyCodec() {}

    private static void speak(EmbeddedChannel channel, MqttVersion version) {
        channel.attr(VERSION)
                .set(
                        switch (version) {
                            case MQTT_3_1 -> io.netty.handler.codec.mqtt.MqttVersion.MQTT_3_1;
                            case MQTT_3_1_1 -> io.netty.handler.codec.mqtt.MqttVersion.MQTT_3_1_1;
                            case MQTT_5 -> io.netty.handler.codec.mqtt.MqttVersion.MQTT_5;
                        });
    }

    /** Empty where it is refused. */
    static Optional<HotPacket> read(byte[] packet, MqttVersion version) {
        EmbeddedChannel channel = new EmbeddedChannel(new MqttDecoder(LARGEST));
        speak(channel, version);
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(packet));
            MqttMessage message = channel.readInbound(); // null where it waits for more than there is to come
            try {
                return message == null || message.decoderResult().isFailure()
                        ? Optional.empty()
                        : Optional.of(packet(message));
            } finally {
                ReferenceCountUtil.release(message);
            }
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private static HotPacket packet(MqttMessage message) {
        MqttFixedHeader header = message.fixedHeader();
        if (!(message instanceof MqttPublishMessage publish)) {
            MqttMessageIdVariableHeader acknowledged = (MqttMessageIdVariableHeader) message.variableHeader();
            int reason =
                    acknowledged instanceof MqttPubReplyMessageVariableHeader reply ? reply.reasonCode() & 0xFF : 0;
            return HotPacket.acknowledgement(header.messageType().value(), acknowledged.messageId(), reason);
        }
        MqttPublishVariableHeader said = publish.variableHeader();
        return new HotPacket(
                header.messageType().value(),
                header.isDup()
                        && header.qosLevel() != MqttQoS.AT_MOST_ONCE, // 3.1 has it there, and gives it no meaning
                header.qosLevel().value(),
                header.isRetain(),
                said.topicName(),
                header.qosLevel() == MqttQoS.AT_MOST_ONCE ? 0 : said.packetId(),
                0,
                properties(said.properties()),
                number(said.properties(), MqttProperties.PUBLICATION_EXPIRY_INTERVAL)
                        .map(expiry -> OptionalLong.of(Integer.toUnsignedLong(expiry)))
                        .orElse(OptionalLong.empty()),
                HotPacket.hex(ByteBufUtil.getBytes(publish.payload())));
    }

    private static HotPacket.Properties properties(MqttProperties from) {
        List<String> user = new ArrayList<>();
        for (MqttProperties.MqttProperty<?> each : from.getProperties(MqttProperties.USER_PROPERTY)) {
            MqttProperties.StringPair pair = ((MqttProperties.UserProperty) each).value();
            user.add(pair.key);
            user.add(pair.value);
        }
        List<Integer> identifiers = new ArrayList<>();
        from.getProperties(MqttProperties.SUBSCRIPTION_IDENTIFIER)
                .forEach(each -> identifiers.add((Integer) each.value()));
        return new HotPacket.Properties(
                number(from, MqttProperties.PAYLOAD_FORMAT_INDICATOR),
                text(from, MqttProperties.CONTENT_TYPE),
                text(from, MqttProperties.RESPONSE_TOPIC),
                Optional.ofNullable(from.getProperty(MqttProperties.CORRELATION_DATA))
                        .map(each -> HotPacket.hex((byte[]) each.value())),
                user,
                identifiers);
    }

    private static Optional<Integer> number(MqttProperties from, int id) {
        return Optional.ofNullable(from.getProperty(id)).map(each -> (Integer) each.value());
    }

    private static Optional<String> text(MqttProperties from, int id) {
        return Optional.ofNullable(from.getProperty(id)).map(each -> (String) each.value());
    }

    /** Of an acknowledgement that says Success the short form, without the reason. */
    static byte[] write(HotPacket packet, MqttVersion version) {
        EmbeddedChannel channel = new EmbeddedChannel(MqttEncoder.INSTANCE);
        speak(channel, version);
        channel.writeOutbound(message(packet));
        ByteBuf out = channel.readOutbound();
        try {
            return ByteBufUtil.getBytes(out);
        } finally {
            out.release();
            channel.finishAndReleaseAll();
        }
    }

    private static MqttMessage message(HotPacket packet) {
        MqttMessageType type = MqttMessageType.valueOf(packet.type());
        if (type == MqttMessageType.PUBLISH) {
            MqttFixedHeader header =
                    new MqttFixedHeader(type, packet.dup(), MqttQoS.valueOf(packet.qos()), packet.retain(), 0);
            return new MqttPublishMessage(
                    header,
                    new MqttPublishVariableHeader(packet.topic(), packet.packetId(), properties(packet)),
                    Unpooled.wrappedBuffer(packet.payloadBytes()));
        }
        MqttQoS flags = type == MqttMessageType.PUBREL ? MqttQoS.AT_LEAST_ONCE : MqttQoS.AT_MOST_ONCE;
        return new MqttMessage(
                new MqttFixedHeader(type, false, flags, false, 0),
                packet.reason() == 0
                        ? MqttMessageIdVariableHeader.from(packet.packetId())
                        : new MqttPubReplyMessageVariableHeader(
                                packet.packetId(), (byte) packet.reason(), MqttProperties.NO_PROPERTIES));
    }

    private static MqttProperties properties(HotPacket packet) {
        HotPacket.Properties from = packet.properties();
        MqttProperties to = new MqttProperties();
        from.payloadFormat().ifPresent(format -> add(to, MqttProperties.PAYLOAD_FORMAT_INDICATOR, format));
        packet.expiry().ifPresent(seconds -> add(to, MqttProperties.PUBLICATION_EXPIRY_INTERVAL, (int) seconds));
        from.contentType()
                .ifPresent(text -> to.add(new MqttProperties.StringProperty(MqttProperties.CONTENT_TYPE, text)));
        from.responseTopic()
                .ifPresent(text -> to.add(new MqttProperties.StringProperty(MqttProperties.RESPONSE_TOPIC, text)));
        from.correlationData()
                .ifPresent(data -> to.add(
                        new MqttProperties.BinaryProperty(MqttProperties.CORRELATION_DATA, HotPacket.bytes(data))));
        for (int i = 0; i < from.user().size(); i += 2) {
            to.add(new MqttProperties.UserProperty(
                    from.user().get(i), from.user().get(i + 1)));
        }
        from.subscriptionIdentifiers().forEach(id -> add(to, MqttProperties.SUBSCRIPTION_IDENTIFIER, id));
        return to;
    }

    private static void add(MqttProperties to, int id, int value) {
        to.add(new MqttProperties.IntegerProperty(id, value));
    }
}
