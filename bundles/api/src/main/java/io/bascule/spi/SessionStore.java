/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.api.Subscription;
import io.bascule.mqtt.TopicFilter;
import org.osgi.annotation.versioning.ConsumerType;

/** The durable part of one session. Called on the session's event loop, unless it is said otherwise. */
@ConsumerType
public interface SessionStore {

    /** The session's expiry interval, in seconds, as of now. */
    void expiry(long sessionExpiryInterval);

    /** A subscription was made or replaced. */
    void subscribed(Subscription subscription);

    /** A subscription was removed. */
    void unsubscribed(TopicFilter filter);

    /** The message is on its way under this Packet Identifier, and keeps it when it is sent again. */
    void sent(StoredMessage message, int packetId);

    /** PUBREC has come: from now on PUBREL is sent again, the message never [MQTT-4.3.3-6]. */
    void received(int packetId);

    /** The message under this Packet Identifier is acknowledged to the end. */
    void completed(int packetId);

    /** The message is given up before it was sent: expired or dropped. Called on any event loop. */
    void dropped(StoredMessage message);

    /** The publisher has released this Packet Identifier: PUBREL has come. */
    void released(int packetId);

    /** The session ends; all that is kept of it goes. */
    void end();
}
