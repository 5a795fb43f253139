/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

/**
 * What the client is owed.
 *
 * @param promise which change must be safe before, 0 for none
 * @param detail what it says beside
 * @param sub what was subscribed to, and is to be served with what is retained
 */
record Owed(Kind kind, int packetId, long promise, String detail, Sub sub) {
    enum Kind {
        PUBACK,
        PUBREC,
        PUBREL,
        PUBCOMP,
        SUBACK,
        UNSUBACK
    }

    @Override
    public String toString() {
        return kind + " " + packetId + " " + detail;
    }
}
