/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.log.SparingLog;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.SocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a listener opens WebSockets, and for whom (RFC 6455, section 4.2).
 *
 * @param path of the request, without its query
 * @param origins of web pages that may open one
 */
record WebSocketEndpoint(String path, Origins origins) {
    static final String VERSION = "13";

    private static final int LONGEST_LINE = 4 * 1024;
    private static final int LARGEST_HEADERS = 16 * 1024;
    private static final int KEY_BYTES = 16;
    /** The second is what clients of 3.1 ask for, as they do with Mosquitto. */
    private static final List<String> SUBPROTOCOLS = List.of("mqtt", "mqttv3.1");

    /** Why no WebSocket is opened. */
    record Refusal(HttpResponseStatus status, String what) {}

    /** Has what comes through this pipeline begin as HTTP. The result is what stands around packets on their way out. */
    Framing addTo(ChannelPipeline pipeline, SparingLog log, SocketAddress remote) {
        HttpRequestDecoder decoder = new HttpRequestDecoder(
                new HttpDecoderConfig().setMaxInitialLineLength(LONGEST_LINE).setMaxHeaderSize(LARGEST_HEADERS));
        WebSocketFraming framing = new WebSocketFraming();
        pipeline.addLast(decoder, new WebSocketHandshake(log, remote, this, decoder, framing));
        return framing;
    }

    /** What is against opening a WebSocket for this request; the first such thing. */
    Optional<Refusal> check(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (request.decoderResult().isFailure()) {
            return refusal(statusOf(request.decoderResult().cause()), "a request that cannot be read");
        } else if (!path.equals(pathOf(request.uri()))) {
            return refusal(HttpResponseStatus.NOT_FOUND, "there is nothing here");
        } else if (!asksForWebSocket(request)) {
            return refusal(HttpResponseStatus.UPGRADE_REQUIRED, "what is here is MQTT over WebSocket");
        } else if (!isComplete(request)) {
            return refusal(HttpResponseStatus.BAD_REQUEST, "a request that opens no WebSocket by RFC 6455");
        } else if (!isAllowed(headers)) {
            return refusal(HttpResponseStatus.FORBIDDEN, "pages of this origin open no WebSocket here");
        } else if (subprotocol(headers).isEmpty()) {
            return refusal(HttpResponseStatus.BAD_REQUEST, "the subprotocol of WebSockets here is mqtt");
        }
        return Optional.empty();
    }

    private static Optional<Refusal> refusal(HttpResponseStatus status, String what) {
        return Optional.of(new Refusal(status, what));
    }

    private static HttpResponseStatus statusOf(Throwable failure) {
        if (failure instanceof TooLongHttpLineException) {
            return HttpResponseStatus.REQUEST_URI_TOO_LONG;
        }
        return failure instanceof TooLongHttpHeaderException
                ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                : HttpResponseStatus.BAD_REQUEST;
    }

    private static String pathOf(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    private static boolean asksForWebSocket(HttpRequest request) {
        HttpHeaders headers = request.headers();
        return request.method().equals(HttpMethod.GET)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && VERSION.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION));
    }

    private static boolean isComplete(HttpRequest request) {
        HttpHeaders headers = request.headers();
        return request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && headers.getAll(HttpHeaderNames.HOST).size() == 1
                && headers.getAll(HttpHeaderNames.ORIGIN).size() <= 1
                && headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY).size() == 1
                && isKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY))
                && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                && headers.get(HttpHeaderNames.CONTENT_LENGTH, "0").equals("0");
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key.strip()).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false; // not Base64
        }
    }

    /** Whoever names no origin is no browser, and could name any. */
    private boolean isAllowed(HttpHeaders headers) {
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        return origin == null || origins.allow(origin, headers.get(HttpHeaderNames.HOST));
    }

    /** The subprotocol that both ends speak [MQTT-6.0.0-4]. */
    static Optional<String> subprotocol(HttpHeaders headers) {
        List<String> offered = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
                .flatMap(value -> Stream.of(value.split(",")))
                .map(String::strip)
                .toList();
        return SUBPROTOCOLS.stream().filter(offered::contains).findFirst();
    }
}
