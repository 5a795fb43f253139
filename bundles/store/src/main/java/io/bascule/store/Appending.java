/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.mqtt.Message;
import io.bascule.spi.StoredMessage;
import io.bascule.store.codec.Encoder;
import io.bascule.store.codec.MessageHead;
import io.bascule.store.codec.RecordType;
import io.bascule.store.log.SegmentedLog;

/** Appends one message. Under the lock of the {@link State}. */
final class Appending {
    private final State state;
    private final Message message;
    private final MessageHead head;

    Appending(State state, Message message, MessageHead head) {
        this.state = state;
        this.message = message;
        this.head = head;
    }

    /**
     * Appends the record and does what it says.
     *
     * @param publisher who is to release its Packet Identifier, or null
     */
    StoredMessage append(Encoder record, Receivers receivers, KeptSession publisher) {
        long sequence = state.append(RecordType.MESSAGE, record);
        LogMessage logged = new LogMessage(state.time(), sequence, head.deadline(), head.size());
        receivers.receive(logged);
        if (head.retained()) {
            retain(logged);
        }
        if (logged.isNeeded()) {
            state.live()
                    .put(
                            logged,
                            sequence,
                            SegmentedLog.recordBytes(record.toBuffer().remaining()));
        }
        if (publisher != null && !publisher.isEnded()) {
            Accepted accepted = new Accepted(publisher, head.receipt());
            state.live().put(accepted, sequence, accepted.ownBytes());
            publisher.accepted(head.receipt(), accepted);
        }
        if (!logged.isNeeded() || !receivers.isEmpty() && state.hasRoomFor(logged)) {
            state.load(logged, message);
        }
        return logged;
    }

    private void retain(LogMessage logged) {
        if (message.payload().length == 0) {
            state.unretain(message.topic());
        } else {
            state.retain(message.topic(), logged);
        }
    }
}
