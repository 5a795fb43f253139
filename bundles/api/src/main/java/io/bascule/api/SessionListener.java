/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import io.bascule.mqtt.ReasonCode;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Receives what an in-process {@link Session} is sent. Called on the session's executor, one call at a time; by default that is an event
 * loop, which a call must not block.
 */
@ConsumerType
public interface SessionListener {

    /**
     * The session is there. This is the first call: what {@link Broker#open} returns completes after it, and whoever waits for that may be
     * on another thread, and behind the first messages of a session that has some waiting.
     */
    default void opened(Session session) {}

    /**
     * A message. One with QoS 1 or 2 stays in the session, and is delivered again with {@link Delivery#dup()} when the session is next
     * opened, until it is acknowledged.
     */
    void message(Delivery delivery);

    /**
     * A message that this session is not sent, since it may not receive what is published there: it is gone from the session, and there is
     * nothing to acknowledge. A QoS 2 message that was sent before ({@link Delivery#dup}) is not released any more.
     */
    default void denied(Delivery delivery) {}

    /** A QoS 2 delivery is released: answer with {@link Session#pubcomp}. Repeated when the session is next opened, until answered. */
    default void pubrel(int packetId) {}

    /** The session is gone from under this listener: taken over, or the broker stops. Not called after {@link Session#close()}. */
    default void closed(ReasonCode reason) {}
}
