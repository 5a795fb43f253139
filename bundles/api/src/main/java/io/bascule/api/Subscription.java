/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import io.bascule.mqtt.QoS;
import io.bascule.mqtt.TopicFilter;
import java.util.Objects;

/**
 * A filter with its Subscription Options (MQTT 5.0, section 3.8.3.1).
 *
 * @param filter what is wanted
 * @param maximumQos the highest QoS that is delivered
 * @param noLocal whether the session's own messages are left out; not allowed on a Shared Subscription [MQTT-3.8.3-4]
 * @param retainAsPublished whether RETAIN is kept as it was published
 * @param retainHandling when retained messages are sent
 * @param identifier the Subscription Identifier, 1 to 268,435,455, or 0 for none
 * @param local what a bundle asks for beyond that
 */
public record Subscription(
        TopicFilter filter,
        QoS maximumQos,
        boolean noLocal,
        boolean retainAsPublished,
        RetainHandling retainHandling,
        int identifier,
        LocalOptions local) {

    /** The largest Subscription Identifier. */
    public static final int MAX_IDENTIFIER = 268_435_455;

    /** Retain Handling: the values of the wire in their order. */
    public enum RetainHandling {
        SEND,
        SEND_IF_NEW,
        DO_NOT_SEND
    }

    public Subscription {
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(maximumQos, "maximumQos");
        Objects.requireNonNull(retainHandling, "retainHandling");
        Objects.requireNonNull(local, "local");
        if (noLocal && filter.isShared()) {
            throw new IllegalArgumentException("a shared subscription cannot be noLocal: " + filter);
        }
        if (identifier < 0 || identifier > MAX_IDENTIFIER) {
            throw new IllegalArgumentException(
                    "a subscription identifier is at most " + MAX_IDENTIFIER + ", not " + identifier);
        }
        if (local.minimumQos().compareTo(maximumQos) > 0) {
            throw new IllegalArgumentException(
                    "minimumQos is at most maximumQos, " + maximumQos + ", not " + local.minimumQos());
        }
        if (local.isOfWhatWaits() && identifier == 0) {
            throw new IllegalArgumentException(
                    "what waits is known by its subscription identifier; keepsLatest and priority need one");
        }
    }

    /** One that asks for nothing beyond MQTT. */
    public Subscription(
            TopicFilter filter,
            QoS maximumQos,
            boolean noLocal,
            boolean retainAsPublished,
            RetainHandling retainHandling,
            int identifier) {
        this(filter, maximumQos, noLocal, retainAsPublished, retainHandling, identifier, LocalOptions.NONE);
    }

    /**
     * By hand, since the one that a record is given has the JDK hold on to the class of the last record that was compared in the JVM, and so
     * to the class loader of its bundle: {@code java.lang.runtime.ObjectMethods.OBJECT_EQ} caches its last type, on JDK 17 at least.
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof Subscription it
                && filter.equals(it.filter)
                && maximumQos == it.maximumQos
                && noLocal == it.noLocal
                && retainAsPublished == it.retainAsPublished
                && retainHandling == it.retainHandling
                && identifier == it.identifier
                && local.equals(it.local);
    }

    @Override
    public int hashCode() {
        return Objects.hash(filter, maximumQos, noLocal, retainAsPublished, retainHandling, identifier, local);
    }

    /** What a message is delivered with that was published with this QoS. */
    public QoS delivered(QoS published) {
        return published.atMost(maximumQos).atLeast(local.minimumQos());
    }

    /** The same with another maximum QoS, beyond which the minimum is not either. */
    public Subscription withMaximumQos(QoS other) {
        return other == maximumQos
                ? this
                : new Subscription(
                        filter,
                        other,
                        noLocal,
                        retainAsPublished,
                        retainHandling,
                        identifier,
                        local.withMinimumQos(local.minimumQos().atMost(other)));
    }

    /** The same as a bridge needs it: with No Local, unless it is shared, and Retain As Published. */
    public Subscription forBridge() {
        return new Subscription(filter, maximumQos, !filter.isShared(), true, retainHandling, identifier, local);
    }

    /** The same with these. */
    public Subscription with(LocalOptions other) {
        return new Subscription(filter, maximumQos, noLocal, retainAsPublished, retainHandling, identifier, other);
    }

    /** A plain subscription with this maximum QoS. */
    public static Subscription of(TopicFilter filter, QoS maximumQos) {
        return new Subscription(filter, maximumQos, false, false, RetainHandling.SEND, 0);
    }
}
