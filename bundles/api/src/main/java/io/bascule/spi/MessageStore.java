/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where what the broker has promised to keep is kept: sessions, their queues and packet identifiers, retained messages, wills. The broker
 * uses the store of the highest ranking, and its own, which keeps nothing over a restart, where there is no other. A service of prototype
 * scope: each broker has an instance of its own, which it asks for what is there, once, before it does anything else with it.
 *
 * <p>Only sessions that outlive their connection are kept, those with a Session Expiry Interval; of the others nothing but their wills.
 *
 * <p>A store refuses nothing: that there is too much is for the broker to see ({@link #limitBytes}), since it knows what may be dropped.
 *
 * <p>Every method but {@link #restore} is called on event loops and must not block. What one call appends has a <em>position</em>: a number
 * that grows from call to call, or 0 where nothing was appended, and so nothing has to be waited for. What is at a position is durable when
 * everything before it is.
 */
@ConsumerType
public interface MessageStore {

    /** Hands over what was kept. Called once, before any other method, on a thread that may wait. */
    void restore(Restoration into);

    /** The store's state of this client id, which is created where there is none. */
    SessionStore session(String clientId);

    /**
     * Appends a message once, for all sessions that are to receive it and for its topic. Where it came in with QoS 2, the publisher's Packet
     * Identifier is part of the same record, so that either both are there after a crash or neither.
     *
     * @param retained whether it becomes the retained message of its topic; one without payload deletes that
     * @param receivers whose queues it joins with the QoS that {@link Receiver#delivered} says, unless that is 0. A session that gets several
     *     copies is there once for each
     * @param receipt who published it under which Packet Identifier, for QoS 2
     * @return the message for those of the receivers that are kept
     */
    StoredMessage append(Message message, boolean retained, List<Receiver> receivers, Optional<Receipt> receipt);

    /** Keeps no retained message of this topic any more; from any thread. */
    long unretain(Topic topic);

    /** Whether what is at this position is durable. True for 0. */
    boolean isDurable(long position);

    /** Runs the action when what is at this position is durable: on a thread of the store, or at once on this one where it is already. */
    void whenDurable(long position, Runnable action);

    /**
     * Reads messages back that are not in memory, and hands them over in the same order, on a thread of the store: empty where one cannot be
     * read, of which the store says why in the log.
     */
    void read(List<StoredMessage> messages, Consumer<List<Optional<Message>>> reader);

    /** Whether so much waits to become durable that nobody should append more. */
    boolean isCongested();

    /** Runs the action when there is room again: on a thread of the store, or at once on this one where there is. */
    void whenRelieved(Runnable action);

    /** How much what is kept takes at present, in bytes; from any thread. */
    long keptBytes();

    /**
     * How much it may take, in bytes: for what would be beyond, the broker has no new messages kept. {@link Long#MAX_VALUE} where nothing
     * bounds it.
     */
    long limitBytes();

    /** What it takes on the disk, in bytes; 0 where it keeps nothing there. From any thread. */
    default long bytesOnDisk() {
        return 0;
    }

    /** Why nothing becomes durable at present, in words, if that is so. From any thread. */
    Optional<String> failure();

    /**
     * A session that is to receive a message, by all its subscriptions that match, or a copy for some of them.
     *
     * @param copy which of the session's copies this is, any number from 0 on: of one session no two have the same
     * @param minimumQos the QoS below which it is not delivered, whatever it was published with
     * @param maximumQos the highest that one of them asks for
     * @param retainAsPublished whether one of them wants the RETAIN flag as it was
     * @param subscriptionIdentifiers of those that have one; not to be written to
     */
    record Receiver(
            SessionStore session,
            int copy,
            QoS minimumQos,
            QoS maximumQos,
            boolean retainAsPublished,
            int[] subscriptionIdentifiers) {
        public Receiver {
            Objects.requireNonNull(session, "session");
            Objects.requireNonNull(minimumQos, "minimumQos");
            Objects.requireNonNull(maximumQos, "maximumQos");
            Objects.requireNonNull(subscriptionIdentifiers, "subscriptionIdentifiers");
        }

        /** One that has it with QoS 0 where it was published so. */
        public Receiver(
                SessionStore session,
                int copy,
                QoS maximumQos,
                boolean retainAsPublished,
                int[] subscriptionIdentifiers) {
            this(session, copy, QoS.AT_MOST_ONCE, maximumQos, retainAsPublished, subscriptionIdentifiers);
        }

        /** What a message is delivered with that was published with this QoS. */
        public QoS delivered(QoS published) {
            return published.atMost(maximumQos).atLeast(minimumQos);
        }
    }

    /**
     * A Packet Identifier that came with a QoS 2 message.
     *
     * @param publisher the session it belongs to
     * @param packetId 1 to 65,535
     */
    record Receipt(SessionStore publisher, int packetId) {}
}
