/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.mqtt.Message;

/**
 * How much a bundle has published with QoS 1 and 2 without a Packet Identifier that is not acknowledged: as fast as it publishes, while the disk does
 * not keep up. A bridge bounds that by itself, far below. Touched on the session's event loop alone.
 */
final class UnnumberedMessages {
    /** As many as there are Packet Identifiers. */
    private static final int MOST = 65_535;

    private static final long MOST_BYTES = 64L << 20;

    private int messages;
    private long bytes;

    /** Whether no more is to come before some are acknowledged. */
    boolean isFull() {
        return messages >= MOST || bytes >= MOST_BYTES;
    }

    void add(Message message) {
        messages++;
        bytes += message.sizeInBytes();
    }

    void acknowledged(Message message) {
        messages--;
        bytes -= message.sizeInBytes();
    }
}
