/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

/** A message that is on its way to a session. Guarded by the lock of the {@link State}. */
final class InFlight implements Recipient {
    private final KeptSession session;
    private final LogMessage message;
    private final int copy;
    private final int packetId;
    private final long sentAt;
    private boolean received;

    /** Sent as the record of this sequence says. */
    InFlight(KeptSession session, LogMessage message, int copy, int packetId, long sentAt) {
        this.session = session;
        this.message = message;
        this.copy = copy;
        this.packetId = packetId;
        this.sentAt = sentAt;
    }

    @Override
    public KeptSession session() {
        return session;
    }

    LogMessage message() {
        return message;
    }

    int copy() {
        return copy;
    }

    int packetId() {
        return packetId;
    }

    long sentAt() {
        return sentAt;
    }

    boolean isReceived() {
        return received;
    }

    void receive() {
        received = true;
    }
}
