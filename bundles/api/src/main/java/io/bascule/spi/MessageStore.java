/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.mqtt.Message;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where what the broker has promised to keep is kept: sessions, their queues and packet identifiers, retained messages. The broker uses
 * the store of the highest ranking, and its own, which keeps nothing over a restart, where there is no other.
 *
 * <p>Every method is called on event loops and must not block; the order of the calls of one thread is the order of the log.
 */
@ConsumerType
public interface MessageStore {

    /** The store's state of this client id, which is created where there is none. */
    SessionStore session(String clientId);

    /**
     * Appends a QoS 1 or 2 message once for all sessions that are to receive it. Where it came in with QoS 2, the publisher's Packet
     * Identifier is part of the same record, so that either both are there after a crash or neither.
     *
     * @param receivers whose queues it joins, never empty unless there is a receipt
     * @param receipt who published it under which Packet Identifier, for QoS 2
     */
    StoredMessage append(Message message, List<SessionStore> receivers, Optional<Receipt> receipt);

    /** Keeps the message as its topic's retained message; one without payload deletes it. */
    void retain(Message message);

    /** Runs the action when everything that this thread has appended so far is safe: at once, on this thread, where it is already. */
    void whenDurable(Runnable action);

    /**
     * A Packet Identifier that came with a QoS 2 message.
     *
     * @param publisher the session it belongs to
     * @param packetId 1 to 65,535
     */
    record Receipt(SessionStore publisher, int packetId) {}
}
