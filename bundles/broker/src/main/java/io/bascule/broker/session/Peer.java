/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.broker.extension.Principal;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;

/** Whoever is attached to a session: a network client or a bundle. Called on the session's event loop. */
public interface Peer {

    /** Whether it keeps up; while it does not, messages wait in the session. */
    boolean isWritable();

    /** Sends a message; false when it is too large for the peer, which then never gets it. */
    boolean publish(Message message, QoS qos, boolean retain, boolean dup, int packetId, int[] subscriptionIdentifiers);

    /** It may not receive a message, which is given up. */
    default void denied(
            Message message, QoS qos, boolean retain, boolean dup, int packetId, int[] subscriptionIdentifiers) {}

    /** Sends PUBREL. */
    void pubrel(int packetId, ReasonCode reason);

    /** The session goes to someone else, or ends: the peer is to leave. */
    void detached(ReasonCode reason);

    /** For people: protocol version and address, or {@code in-process}. */
    String origin();

    /** The listener it came through, null for in-process. */
    String listener();

    /** In seconds, 0 for none. */
    int keepAlive();

    /** Whose rights count. */
    Principal principal();
}
