/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.api.Subscription;
import io.bascule.mqtt.TopicFilter;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The durable part of one session. Called on the session's event loop, unless it is said otherwise. What returns a {@code long} returns the
 * position of what it has appended ({@link MessageStore}), 0 where the session is not kept.
 */
@ConsumerType
public interface SessionStore {

    /**
     * Whether the session is kept: it has a Session Expiry Interval. Changes with {@link #connected} and {@link #expiry} alone; from any
     * thread.
     */
    boolean isKept();

    /** Somebody is attached on these terms. A session that is kept from now on and was not before is empty as far as the store knows. */
    void connected(SessionTerms terms);

    /** The Session Expiry Interval is another, in seconds, as of now. */
    void expiry(long sessionExpiryInterval);

    /** Nobody is attached any more, as of now. */
    void disconnected();

    /** The will was published, or is not to be. */
    void willDone();

    /** A subscription was made or replaced. */
    long subscribed(Subscription subscription);

    /** A subscription was removed. */
    long unsubscribed(TopicFilter filter);

    /** The message is on its way under this Packet Identifier, and keeps it when it is sent again. */
    long sent(StoredMessage message, int packetId);

    /** PUBREC has come: from now on PUBREL is sent again, the message never [MQTT-4.3.3-6]. */
    long received(int packetId);

    /** The message under this Packet Identifier is acknowledged to the end, or given up. */
    void completed(int packetId);

    /** The message is given up before it was sent: expired or dropped. Called on any event loop. */
    void dropped(StoredMessage message);

    /** A QoS 2 message of the client has come under this Packet Identifier, of which nothing was appended for anybody. */
    long accepted(int packetId);

    /** The client has released this Packet Identifier: PUBREL has come. */
    long released(int packetId);

    /** The session ends: all that is kept of it goes, and nothing that is called after this does anything. */
    long end();
}
