/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.ReasonCode;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.util.ReferenceCountUtil;

/** The end of the pipeline: hands what netty-codec-mqtt has read to the connection as values. */
final class PacketHandler extends ChannelInboundHandlerAdapter {
    private final MqttChannel channel;

    PacketHandler(MqttChannel channel) {
        this.channel = channel;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object received) {
        try {
            MqttMessage message = (MqttMessage) received;
            if (message.decoderResult().isFailure()) {
                channel.fail(
                        ReasonCode.MALFORMED_PACKET,
                        describe(message.decoderResult().cause()));
                return;
            }
            channel.received(PacketReader.fromNetty(message, channel.version(), channel.bridge()));
        } finally {
            ReferenceCountUtil.release(received);
        }
    }

    private static String describe(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
