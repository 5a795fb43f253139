/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import io.bascule.mqtt.QoS;
import java.util.Objects;

/**
 * What a bundle may ask for with a {@link Subscription} beyond what MQTT has. No client can say it: it is not on the wire. It lasts with the
 * subscription, through restarts too.
 *
 * @param minimumQos the lowest QoS that is delivered, whatever a message was published with, so that one of QoS 0 is kept and acknowledged
 *     like others; up to the subscription's maximum
 * @param keepsLatest whether QoS 0 messages wait while nobody has the session: of each topic the last, in memory and within the session's
 *     limits, in the order of their publication. One that is replaced is dropped, as {@code superseded}
 * @param priority when it is the turn of what waits for this subscription, among what waits in the session
 */
public record LocalOptions(QoS minimumQos, boolean keepsLatest, Priority priority) {
    /** Nothing beyond MQTT. */
    public static final LocalOptions NONE = new LocalOptions(QoS.AT_MOST_ONCE, false, Priority.NORMAL);

    /**
     * Classes of what waits. What is of a higher one goes first, however long others wait; within one class the order stays. Where the queue is full
     * what is of the lowest class gives way, of what waits and what comes, and within that class it is as the policy says; where that is {@link
     * QueueLimits.Overflow#BLOCK} nothing that waits gives way.
     */
    public enum Priority {
        LOW,
        NORMAL,
        HIGH
    }

    public LocalOptions {
        Objects.requireNonNull(minimumQos, "minimumQos");
        Objects.requireNonNull(priority, "priority");
    }

    /** Whether they say something of messages that wait already. */
    public boolean isOfWhatWaits() {
        return keepsLatest || priority != Priority.NORMAL;
    }

    /** By hand, for the reason that {@link Subscription#equals} has. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LocalOptions it
                && minimumQos == it.minimumQos
                && keepsLatest == it.keepsLatest
                && priority == it.priority;
    }

    @Override
    public int hashCode() {
        return Objects.hash(minimumQos, keepsLatest, priority);
    }

    /** The same with this lowest QoS. */
    public LocalOptions withMinimumQos(QoS other) {
        return new LocalOptions(other, keepsLatest, priority);
    }

    /** The same, and of each topic the last QoS 0 message waits, or none. */
    public LocalOptions withKeepsLatest(boolean other) {
        return new LocalOptions(minimumQos, other, priority);
    }

    /** The same of this class. */
    public LocalOptions withPriority(Priority other) {
        return new LocalOptions(minimumQos, keepsLatest, other);
    }
}
