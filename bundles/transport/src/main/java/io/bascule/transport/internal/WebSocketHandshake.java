/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bascule.log.Addresses;
import io.bascule.log.SparingLog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Answers the first request of a connection: opens its WebSocket, and gives its place to {@link WebSocketFrames}, or says why not. How long
 * a client takes is bounded by the time that it has until its CONNECT.
 */
final class WebSocketHandshake extends ChannelInboundHandlerAdapter {
    /** What RFC 6455, section 1.3, has a server put behind the client's key. */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final int LONGEST_LOGGED = 200;

    private final SparingLog log;
    private final SocketAddress remote;
    private final WebSocketEndpoint endpoint;
    private final HttpRequestDecoder decoder;
    private final WebSocketFraming framing;
    private HttpHeaders accepted; // of the request, once there is nothing against it
    private boolean over;

    WebSocketHandshake(
            SparingLog log,
            SocketAddress remote,
            WebSocketEndpoint endpoint,
            HttpRequestDecoder decoder,
            WebSocketFraming framing) {
        this.log = log;
        this.remote = remote;
        this.endpoint = endpoint;
        this.decoder = decoder;
        this.framing = framing;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object received) {
        try {
            if (!over && received instanceof HttpRequest request) {
                endpoint.check(request)
                        .ifPresentOrElse(
                                refusal -> refuse(ctx, request.headers(), refusal), () -> accepted = request.headers());
            }
            if (!over && received instanceof LastHttpContent) {
                open(ctx);
            }
        } finally {
            ReferenceCountUtil.release(received);
        }
    }

    private void open(ChannelHandlerContext ctx) {
        over = true;
        framing.opened();
        write(
                ctx,
                HttpResponseStatus.SWITCHING_PROTOCOLS,
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + accept(accepted.get(HttpHeaderNames.SEC_WEBSOCKET_KEY).strip())
                        + "\r\nSec-WebSocket-Protocol: "
                        + WebSocketEndpoint.subprotocol(accepted).orElseThrow() // [MQTT-6.0.0-4]
                        + "\r\n\r\n");
        ctx.flush();
        ctx.pipeline().replace(this, null, new WebSocketFrames(framing));
        ctx.pipeline().remove(decoder); // which passes on what has come behind the request
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private void refuse(ChannelHandlerContext ctx, HttpHeaders headers, WebSocketEndpoint.Refusal refusal) {
        over = true;
        HttpResponseStatus status = refusal.status();
        if (status.equals(HttpResponseStatus.FORBIDDEN)) {
            log.warn(Addresses.text(remote) + " opens no WebSocket: pages of "
                    + forLog(headers.get(HttpHeaderNames.ORIGIN)) + " may not, by the listener's key origins");
        }
        boolean upgrade = status.equals(HttpResponseStatus.UPGRADE_REQUIRED);
        write(
                ctx,
                status,
                (upgrade ? "Upgrade: websocket\r\nSec-WebSocket-Version: " + WebSocketEndpoint.VERSION + "\r\n" : "")
                        + "Connection: close"
                        + (upgrade ? ", Upgrade" : "")
                        + "\r\nContent-Type: text/plain\r\nContent-Length: "
                        + (refusal.what().length() + 1)
                        + "\r\n\r\n"
                        + refusal.what()
                        + "\n");
        ctx.fireUserEventTriggered(new InputEnded("no WebSocket: " + status + ": " + refusal.what()));
    }

    private static String forLog(String origin) {
        return origin.substring(0, Math.min(origin.length(), LONGEST_LOGGED)).replaceAll("[^\\x21-\\x7E]", "?");
    }

    private static void write(ChannelHandlerContext ctx, HttpResponseStatus status, String rest) {
        ByteBuf response = ByteBufUtil.writeAscii(ctx.alloc(), "HTTP/1.1 " + status + "\r\n" + rest);
        ctx.write(response, ctx.voidPromise());
    }
}
