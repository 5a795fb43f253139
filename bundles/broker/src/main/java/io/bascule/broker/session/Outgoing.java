/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.QueueLimits;
import io.bascule.api.QueuedMessage;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.spi.StoredMessage;
import io.bascule.spi.StoredSession;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A message on its way to one session: waiting, or sent and not yet acknowledged to the end. */
final class Outgoing {
    /** What one takes of the heap that is in the store alone: this, what the store knows of it, and their places in queues. */
    private static final int STORED_BYTES = 160;

    private final QoS qos;
    private final boolean retain;
    private final int[] subscriptionIdentifiers;
    private final boolean patient;
    private final int sizeInBytes;
    private Message message; // null where it is for the store to have
    private StoredMessage stored; // null where the store has not got it
    private boolean counted;
    private long queuedAtNanos;
    private int packetId;
    private long sequence; // its place in the queue while it waits
    private Outgoing before; // null for none, as behind
    private Outgoing behind;
    private boolean received;
    private boolean toBeResent;
    private boolean transmitted;
    private boolean unreadable;

    /**
     * A message for a session.
     *
     * @param stored null for what no store keeps; the message itself may be left to the store otherwise
     * @param patient whether its publisher waits where the queue is full
     */
    Outgoing(
            Message message,
            StoredMessage stored,
            QoS qos,
            boolean retain,
            int[] subscriptionIdentifiers,
            boolean patient) {
        this.message = stored == null ? message : null;
        this.stored = stored;
        this.qos = qos;
        this.retain = retain;
        this.subscriptionIdentifiers = subscriptionIdentifiers;
        this.patient = patient && qos != QoS.AT_MOST_ONCE;
        this.sizeInBytes = 64 + (stored == null ? message.sizeInBytes() : stored.sizeInBytes());
    }

    /** One of an earlier life of the broker. */
    static Outgoing restored(StoredSession.Queued queued, long nowNanos) {
        Outgoing restored = new Outgoing(
                null, queued.message(), queued.qos(), queued.retain(), queued.subscriptionIdentifiers(), false);
        restored.queuedAt(nowNanos - queued.age().toNanos());
        return restored;
    }

    /** The message, empty where it has to be read back first. */
    Optional<Message> message() {
        return message != null || stored == null ? Optional.ofNullable(message) : stored.message();
    }

    /** It was read back, until it is sent; or that cannot be done. */
    void read(Optional<Message> found) {
        message = found.orElse(null);
        unreadable = found.isEmpty();
    }

    /** Whether it cannot be had any more. */
    boolean isUnreadable() {
        return unreadable;
    }

    /** The store keeps it from now on. */
    void keptAs(StoredMessage nowStored) {
        stored = nowStored;
        message = null;
    }

    StoredMessage stored() {
        return stored;
    }

    boolean isExpired(long nowNanos) {
        return stored == null ? message.isExpired(nowNanos) : stored.isExpired(nowNanos);
    }

    QoS qos() {
        return qos;
    }

    boolean retain() {
        return retain;
    }

    int[] subscriptionIdentifiers() {
        return subscriptionIdentifiers;
    }

    /** Whether a queue that blocks takes it although it is full. */
    boolean isPatient() {
        return patient;
    }

    /** Whether the queue's gate has counted it on its way from another event loop. */
    boolean isCounted() {
        return counted;
    }

    void count() {
        counted = true;
    }

    int sizeInBytes() {
        return sizeInBytes;
    }

    /** What it takes of the heap while it waits. */
    int memoryBytes() {
        return stored == null ? sizeInBytes : STORED_BYTES;
    }

    /** When it began to wait; of what waits only. */
    long queuedAtNanos() {
        return queuedAtNanos;
    }

    void queuedAt(long nanos) {
        queuedAtNanos = nanos;
    }

    /** It begins to wait behind so many that ever did. */
    void waitsAt(long place) {
        sequence = place;
    }

    /** Its place among all that ever waited; of what waits only. */
    long place() {
        return sequence;
    }

    /** Its neighbours in the line where it waits, null for none. */
    void between(Outgoing oneBefore, Outgoing oneBehind) {
        before = oneBefore;
        behind = oneBehind;
    }

    Outgoing before() {
        return before;
    }

    Outgoing behind() {
        return behind;
    }

    /** As others see it while it waits. */
    QueuedMessage asQueued(long number, Message itself, long nowNanos, Duration longestAge) {
        Duration age = Duration.ofNanos(Math.max(0, nowNanos - queuedAtNanos));
        Optional<Duration> tooOldIn =
                longestAge.equals(QueueLimits.ANY_AGE) ? Optional.empty() : Optional.of(longestAge.minus(age));
        OptionalLong ownExpiry = itself.remainingExpirySeconds(nowNanos);
        Optional<Duration> expiresIn = Stream.concat(
                        tooOldIn.stream(), ownExpiry.stream().mapToObj(Duration::ofSeconds))
                .min(Comparator.naturalOrder())
                .map(left -> left.isNegative() ? Duration.ZERO : left);
        return new QueuedMessage(number, itself, qos, retain, sizeInBytes, age, expiresIn);
    }

    /** The Packet Identifier it was sent under, 0 before. */
    int packetId() {
        return packetId;
    }

    /** Its place among all that the session ever sent: the order of a resend. */
    long sequence() {
        return sequence;
    }

    /** It goes under this Packet Identifier. */
    void sentAs(int newPacketId, long newSequence) {
        packetId = newPacketId;
        sequence = newSequence;
    }

    /** Whether PUBREC has come, so that PUBREL and never the message is sent again [MQTT-4.3.3-6]. */
    boolean isReceived() {
        return received;
    }

    void markReceived() {
        received = true;
    }

    /** Whether it was sent over an earlier connection and not yet over this one. */
    boolean isToBeResent() {
        return toBeResent;
    }

    void toBeResent(boolean nowToBeResent) {
        toBeResent = nowToBeResent;
    }

    /** Whether it was given to a peer before, so that DUP is set [MQTT-3.3.1-1]. */
    boolean isTransmitted() {
        return transmitted;
    }

    /** It was given to a peer, or perhaps was: what the store has need not stay in memory here as well. */
    void markTransmitted() {
        transmitted = true;
        if (stored != null) {
            message = null;
        }
    }
}
