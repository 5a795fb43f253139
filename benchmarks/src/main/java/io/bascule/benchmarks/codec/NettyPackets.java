/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.codec;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.UserProperty;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.AttributeKey;

/** Packets as netty-codec-mqtt has them. */
final class NettyPackets {
    private static final AttributeKey<MqttVersion> VERSION = AttributeKey.valueOf("NETTY_CODEC_MQTT_VERSION");

    private NettyPackets() {}

    /** Has the encoders and decoders of this channel write and read this version. */
    static void speak(EmbeddedChannel channel, io.bascule.mqtt.MqttVersion version) {
        channel.attr(VERSION)
                .set(version == io.bascule.mqtt.MqttVersion.MQTT_5 ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1);
    }

    static MqttMessage connect(io.bascule.mqtt.MqttVersion version) {
        return MqttMessageBuilders.connect()
                .clientId("c")
                .protocolVersion(
                        version == io.bascule.mqtt.MqttVersion.MQTT_5 ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1)
                .build();
    }

    static MqttMessage puback(int packetId) {
        return new MqttMessage(
                new MqttFixedHeader(MqttMessageType.PUBACK, false, MqttQoS.AT_MOST_ONCE, false, 0),
                MqttMessageIdVariableHeader.from(packetId));
    }

    static MqttPublishMessage publish(Message message, int packetId, MqttProperties properties) {
        return new MqttPublishMessage(
                new MqttFixedHeader(
                        MqttMessageType.PUBLISH,
                        false,
                        MqttQoS.valueOf(message.qos().level()),
                        false,
                        0),
                new MqttPublishVariableHeader(message.topic().name(), packetId, properties),
                Unpooled.wrappedBuffer(message.payload()));
    }

    static MqttProperties properties(MessageProperties from) {
        MqttProperties properties = new MqttProperties();
        from.contentType()
                .ifPresent(
                        type -> properties.add(new MqttProperties.StringProperty(MqttProperties.CONTENT_TYPE, type)));
        from.correlationData()
                .ifPresent(data ->
                        properties.add(new MqttProperties.BinaryProperty(MqttProperties.CORRELATION_DATA, data)));
        for (UserProperty each : from.userProperties()) {
            properties.add(new MqttProperties.UserProperty(each.name(), each.value()));
        }
        return properties;
    }

    /** The packet of this number, from 0 on. */
    static MqttMessage packet(Sample sample, int number) {
        int packetId = 1 + number;
        if (sample == Sample.PUBACK) {
            return puback(packetId);
        }
        Message message = sample.message(number);
        return publish(message, packetId, properties(message.properties()));
    }

    /** These packets as they stand on the wire. */
    static ByteBuf bytes(io.bascule.mqtt.MqttVersion version, MqttMessage... packets) {
        EmbeddedChannel encoder = new EmbeddedChannel(MqttEncoder.INSTANCE);
        speak(encoder, version);
        ByteBuf all = Unpooled.directBuffer();
        for (MqttMessage packet : packets) {
            encoder.writeOutbound(packet);
            ByteBuf bytes = encoder.readOutbound();
            all.writeBytes(bytes);
            bytes.release();
        }
        return all;
    }
}
