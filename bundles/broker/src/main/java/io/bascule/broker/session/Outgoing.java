/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.QueueLimits;
import io.bascule.api.QueuedMessage;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.spi.StoredMessage;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A message on its way to one session: waiting, or sent and not yet acknowledged to the end. */
final class Outgoing {
    private final Message message;
    private final StoredMessage stored;
    private final QoS qos;
    private final boolean retain;
    private final int[] subscriptionIdentifiers;
    private final boolean patient;
    private boolean counted;
    private long queuedAtNanos;
    private int packetId;
    private long sequence;
    private boolean received;
    private boolean toBeResent;

    /**
     * A message for a session; {@code stored} is null for QoS 0, which no store keeps.
     *
     * @param patient whether its publisher waits where the queue is full
     */
    Outgoing(
            Message message,
            StoredMessage stored,
            QoS qos,
            boolean retain,
            int[] subscriptionIdentifiers,
            boolean patient) {
        this.message = message;
        this.stored = stored;
        this.qos = qos;
        this.retain = retain;
        this.subscriptionIdentifiers = subscriptionIdentifiers;
        this.patient = patient && qos != QoS.AT_MOST_ONCE;
    }

    Message message() {
        return message;
    }

    StoredMessage stored() {
        return stored;
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
        return 64 + message.sizeInBytes();
    }

    /** When it began to wait; of what waits only. */
    long queuedAtNanos() {
        return queuedAtNanos;
    }

    void queuedAt(long nanos) {
        queuedAtNanos = nanos;
    }

    /** As others see it while it waits. */
    QueuedMessage asQueued(long number, long nowNanos, Duration longestAge) {
        Duration age = Duration.ofNanos(Math.max(0, nowNanos - queuedAtNanos));
        Optional<Duration> tooOldIn =
                longestAge.equals(QueueLimits.ANY_AGE) ? Optional.empty() : Optional.of(longestAge.minus(age));
        OptionalLong ownExpiry = message.remainingExpirySeconds(nowNanos);
        Optional<Duration> expiresIn = Stream.concat(
                        tooOldIn.stream(), ownExpiry.stream().mapToObj(Duration::ofSeconds))
                .min(Comparator.naturalOrder())
                .map(left -> left.isNegative() ? Duration.ZERO : left);
        return new QueuedMessage(number, message, qos, retain, sizeInBytes(), age, expiresIn);
    }

    /** The Packet Identifier it was sent under, 0 before. */
    int packetId() {
        return packetId;
    }

    /** Its place among all that the session ever sent: the order of a resend. */
    long sequence() {
        return sequence;
    }

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
}
