/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static io.bascule.transport.internal.MqttFormatException.protocolError;

import io.bascule.transport.Remote;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;

/** This end of a WebSocket to another broker, as a stream: packets and frames do not begin and end together [MQTT-6.0.0-2]. */
final class WebSocketStream extends ChannelDuplexHandler {
    /** Of a server that opens no WebSocket, and says why. */
    private static final int LONGEST_REFUSAL = 16 * 1024;
    /** What a frame may have besides the largest packet: a broker may send many small ones in one frame. */
    private static final int OTHER_PACKETS = 1 << 20;

    private static final long CLOSE_TIMEOUT_MILLIS = 1000;

    private WebSocketStream() {}

    /** Has what leaves through this pipeline open a WebSocket first. */
    static void addTo(ChannelPipeline pipeline, Remote remote, String path) {
        String scheme = remote.tls().isPresent() ? "wss://" : "ws://";
        WebSocketClientProtocolConfig config = WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(URI.create(scheme + remote + path))
                .version(WebSocketVersion.V13)
                .subprotocol("mqtt") // [MQTT-6.0.0-3]
                .allowExtensions(false)
                .maxFramePayloadLength(
                        (int) Math.min(Integer.MAX_VALUE, (long) remote.maximumPacketSize() + OTHER_PACKETS))
                .handshakeTimeoutMillis(remote.connectTimeout().toMillis())
                .forceCloseTimeoutMillis(CLOSE_TIMEOUT_MILLIS)
                .withUTF8Validator(false) // of frames of text, which end the connection
                .build();
        pipeline.addLast(
                new HttpClientCodec(),
                new HttpObjectAggregator(LONGEST_REFUSAL),
                new Pings(),
                new WebSocketClientProtocolHandler(config),
                new WebSocketStream());
    }

    /** Whether this event says that the WebSocket is open. */
    static boolean isOpened(Object event) {
        return event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE;
    }

    /**
     * Answers pings in place of Netty, which does so whether the other end reads or not, and reads on for it when this end does not want to. Whoever
     * pings and does not read is owed no answer: only the last one counts (RFC 6455, section 5.5.3).
     */
    private static final class Pings extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object received) {
            if (received instanceof PingWebSocketFrame ping && ctx.channel().isWritable()) {
                ctx.writeAndFlush(new PongWebSocketFrame(ping.content()));
            } else if (received instanceof PingWebSocketFrame || received instanceof PongWebSocketFrame) {
                ReferenceCountUtil.release(received);
            } else {
                ctx.fireChannelRead(received);
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object received) {
        if (received instanceof BinaryWebSocketFrame || received instanceof ContinuationWebSocketFrame) {
            ctx.fireChannelRead(((WebSocketFrame) received).content());
        } else {
            boolean text = received instanceof TextWebSocketFrame;
            ReferenceCountUtil.release(received);
            if (text) {
                ctx.fireExceptionCaught(
                        protocolError("a WebSocket frame of text, and packets come in binary ones")); // [MQTT-6.0.0-1]
            }
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        boolean packets = message instanceof ByteBuf buffer && buffer.isReadable();
        ctx.write(packets ? new BinaryWebSocketFrame((ByteBuf) message) : message, promise);
    }
}
