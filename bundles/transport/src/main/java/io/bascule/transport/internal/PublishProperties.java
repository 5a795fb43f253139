/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.UserProperty;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** Writes the properties of a PUBLISH (MQTT 5.0, section 3.3.2.3), whose lengths {@link MessageProperties} has checked. */
final class PublishProperties {
    private PublishProperties() {}

    /** The properties without their length. */
    static byte[] encode(
            ByteBufAllocator allocator,
            MessageProperties properties,
            OptionalLong expiryInterval,
            int[] subscriptionIdentifiers) {
        ByteBuf out = allocator.heapBuffer(256);
        try {
            properties
                    .payloadFormatIndicator()
                    .ifPresent(format ->
                            out.writeByte(PropertyId.PAYLOAD_FORMAT_INDICATOR).writeByte(format));
            properties.contentType().ifPresent(type -> write(out.writeByte(PropertyId.CONTENT_TYPE), type));
            properties.responseTopic().ifPresent(topic -> write(out.writeByte(PropertyId.RESPONSE_TOPIC), topic));
            properties.correlationData().ifPresent(data -> write(out.writeByte(PropertyId.CORRELATION_DATA), data));
            for (UserProperty property : properties.userProperties()) {
                write(out.writeByte(PropertyId.USER_PROPERTY), property.name());
                write(out, property.value());
            }
            expiryInterval.ifPresent(
                    seconds -> out.writeByte(PropertyId.MESSAGE_EXPIRY_INTERVAL).writeInt((int) seconds));
            for (int identifier : subscriptionIdentifiers) {
                PublishEncoder.writeVariableByteInteger(out.writeByte(PropertyId.SUBSCRIPTION_IDENTIFIER), identifier);
            }
            return ByteBufUtil.getBytes(out);
        } finally {
            out.release();
        }
    }

    private static void write(ByteBuf out, String text) {
        write(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(ByteBuf out, byte[] bytes) {
        out.writeShort(bytes.length).writeBytes(bytes);
    }
}
