/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import java.util.Locale;

/** What a listener speaks. Its words in a configuration are these in lower case. */
enum Protocol {
    /** MQTT over TCP. */
    MQTT(1883, false, false),
    /** MQTT over TLS. */
    MQTTS(8883, true, false),
    /** MQTT over WebSocket. */
    WS(8083, false, true),
    /** MQTT over WebSocket over TLS. */
    WSS(8084, true, true);

    private final int defaultPort;
    private final boolean secure;
    private final boolean webSocket;

    Protocol(int defaultPort, boolean secure, boolean webSocket) {
        this.defaultPort = defaultPort;
        this.secure = secure;
        this.webSocket = webSocket;
    }

    /** The port that is registered for it, or usual where none is. */
    int defaultPort() {
        return defaultPort;
    }

    /** Whether it begins with a TLS handshake. */
    boolean isSecure() {
        return secure;
    }

    /** Its word in a configuration. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether packets come in the frames of a WebSocket. */
    boolean isWebSocket() {
        return webSocket;
    }
}
