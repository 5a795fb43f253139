/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

/** What the clients of a listener are held to, by the key of its configuration. */
enum Limit {
    BYTE_RATE("byte.rate"),
    CONNECT_RATE("connect.rate"),
    CONNECTIONS_MAXIMUM("connections.maximum"),
    CONNECTIONS_PER_ADDRESS("connections.per.address"),
    MAX_CONNECT_SIZE("max.connect.size"),
    MAX_PACKET_SIZE("max.packet.size"),
    MESSAGE_RATE("message.rate"),
    PROPERTIES_BYTES("properties.bytes"),
    PROPERTIES_MAXIMUM("properties.maximum");

    private final String key;

    Limit(String key) {
        this.key = key;
    }

    /** The key in the configuration. */
    String key() {
        return key;
    }
}
