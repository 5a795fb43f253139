/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * How an in-process session is opened: the fields of CONNECT that make sense without a network.
 *
 * @param clientId 1 to 65,535 bytes; sessions of clients and of bundles share one name space
 * @param cleanStart whether an earlier session of this id is thrown away first
 * @param sessionExpiryInterval how long the session outlives {@link Session#close()}, in seconds; 0 ends it then, {@link #NEVER} keeps it
 * @param receiveMaximum how many QoS 1 and 2 messages may be delivered and not yet acknowledged, 1 to 65,534, or as many as the broker lets a
 *     client have ({@link #ANY_RECEIVE_MAXIMUM}). They are in memory beside the queue's limits.
 * @param overlap what happens when several subscriptions of the session match a message
 * @param executor where the listener is called: one task at a time, in order. By default an event loop of the broker, where the listener
 *     must not block. An event loop of the transport is used as it is, without a hop.
 * @param identity as whom the session is to be authorized; without one it may do everything
 * @param authorizers those who say what it may do then, by the names of their services ({@link SecurityProvider#NAME}), in the order in which
 *     they are asked; without them all that there are
 * @param queue what may wait in it, from now on; the broker's own limits where there are none
 */
public record SessionOptions(
        String clientId,
        boolean cleanStart,
        long sessionExpiryInterval,
        int receiveMaximum,
        Overlap overlap,
        Optional<Executor> executor,
        Optional<Identity> identity,
        Optional<List<String>> authorizers,
        Optional<QueueLimits> queue) {

    /** The Session Expiry Interval of a session that does not expire [MQTT-3.1.2.11.2]. */
    public static final long NEVER = 0xFFFF_FFFFL;

    /** As many as {@code inflight.maximum} of the broker says, which holds for clients. */
    public static final int ANY_RECEIVE_MAXIMUM = 65_535;

    /** What a session with several matching subscriptions receives; the specification allows both [MQTT-3.3.4-2]. */
    public enum Overlap {
        /** One copy, with the highest QoS and all Subscription Identifiers. */
        ONE_COPY,
        /** One copy for each subscription, with its QoS and its Subscription Identifier. */
        COPY_PER_SUBSCRIPTION
    }

    public SessionOptions {
        Objects.requireNonNull(overlap, "overlap");
        Objects.requireNonNull(executor, "executor");
        Objects.requireNonNull(identity, "identity");
        authorizers = authorizers.map(List::copyOf);
        Objects.requireNonNull(queue, "queue");
        if (clientId.isEmpty()) {
            throw new IllegalArgumentException("a session needs a client id");
        }
        if (sessionExpiryInterval < 0 || sessionExpiryInterval > NEVER) {
            throw new IllegalArgumentException(
                    "sessionExpiryInterval is 0 to " + NEVER + " s, not " + sessionExpiryInterval);
        }
        if (receiveMaximum < 1 || receiveMaximum > ANY_RECEIVE_MAXIMUM) {
            throw new IllegalArgumentException("receiveMaximum is 1 to 65535, not " + receiveMaximum);
        }
    }

    /** A session that ends when it is closed. */
    public static SessionOptions temporary(String clientId) {
        return new SessionOptions(
                clientId,
                true,
                0,
                ANY_RECEIVE_MAXIMUM,
                Overlap.ONE_COPY,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** A session that stays, with what is queued for it, until it is ended. */
    public static SessionOptions lasting(String clientId) {
        return new SessionOptions(
                clientId,
                false,
                NEVER,
                ANY_RECEIVE_MAXIMUM,
                Overlap.ONE_COPY,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The same with this executor. */
    public SessionOptions on(Executor other) {
        return new SessionOptions(
                clientId,
                cleanStart,
                sessionExpiryInterval,
                receiveMaximum,
                overlap,
                Optional.of(other),
                identity,
                authorizers,
                queue);
    }

    /** The same with this receive maximum. */
    public SessionOptions withReceiveMaximum(int other) {
        return new SessionOptions(
                clientId, cleanStart, sessionExpiryInterval, other, overlap, executor, identity, authorizers, queue);
    }

    /** The same with this treatment of overlapping subscriptions. */
    public SessionOptions withOverlap(Overlap other) {
        return new SessionOptions(
                clientId,
                cleanStart,
                sessionExpiryInterval,
                receiveMaximum,
                other,
                executor,
                identity,
                authorizers,
                queue);
    }

    /** The same, authorized as this identity. */
    public SessionOptions as(Identity other) {
        return new SessionOptions(
                clientId,
                cleanStart,
                sessionExpiryInterval,
                receiveMaximum,
                overlap,
                executor,
                Optional.of(other),
                authorizers,
                queue);
    }

    /** The same, and these say what that identity may do, in this order; where there are none it may do everything. */
    public SessionOptions authorizedBy(List<String> names) {
        return new SessionOptions(
                clientId,
                cleanStart,
                sessionExpiryInterval,
                receiveMaximum,
                overlap,
                executor,
                identity,
                Optional.of(names),
                queue);
    }

    /** The same with these limits of what may wait. */
    public SessionOptions withQueue(QueueLimits other) {
        return new SessionOptions(
                clientId,
                cleanStart,
                sessionExpiryInterval,
                receiveMaximum,
                overlap,
                executor,
                identity,
                authorizers,
                Optional.of(other));
    }

    /** The same with or without an earlier session of this id. */
    public SessionOptions withCleanStart(boolean other) {
        return new SessionOptions(
                clientId,
                other,
                sessionExpiryInterval,
                receiveMaximum,
                overlap,
                executor,
                identity,
                authorizers,
                queue);
    }
}
