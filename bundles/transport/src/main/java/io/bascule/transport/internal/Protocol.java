/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

/** What a listener speaks. Its words in a configuration are these in lower case. */
enum Protocol {
    /** MQTT over TCP. */
    MQTT(1883);

    private final int defaultPort;

    Protocol(int defaultPort) {
        this.defaultPort = defaultPort;
    }

    /** The port that is registered for it. */
    int defaultPort() {
        return defaultPort;
    }
}
