/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import java.util.Locale;

/** What a listener speaks. Its words in a configuration are these in lower case. */
enum Protocol {
    /** MQTT over TCP. */
    MQTT(1883, false),
    /** MQTT over TLS. */
    MQTTS(8883, true);

    private final int defaultPort;
    private final boolean secure;

    Protocol(int defaultPort, boolean secure) {
        this.defaultPort = defaultPort;
        this.secure = secure;
    }

    /** The port that is registered for it. */
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
}
