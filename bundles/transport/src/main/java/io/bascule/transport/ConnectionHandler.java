/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import org.osgi.annotation.versioning.ConsumerType;

/** What happens on one connection. Every method is called on the connection's event loop and must not block. */
@ConsumerType
public interface ConnectionHandler {

    /** The connection is there; nothing has been read. */
    void opened(Connection connection);

    /** Any packet but PUBLISH and its acknowledgements. */
    void packet(ControlPacket packet);

    /**
     * A PUBLISH. Topic Aliases are resolved and the Message Expiry Interval has begun to run.
     *
     * @param packetId 0 for QoS 0
     * @param subscriptionIdentifiers from a 5.0 server, empty otherwise
     */
    void publish(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers);

    /** PUBACK, PUBREC, PUBREL or PUBCOMP. */
    void acknowledged(Acknowledgement kind, int packetId, ReasonCode reason);

    /** {@link Connection#isWritable} has changed. */
    void writabilityChanged();

    /**
     * The other end has broken the protocol, sent too much, or been silent for too long. Nothing more is read; the handler may send a last
     * packet with this reason and closes the connection. What it may send depends on how far the two have come and on
     * {@link Connection#version}: CONNACK where CONNECT has failed, DISCONNECT after CONNACK, nothing to a client before 5.0.
     *
     * @param what one sentence for the log, without payloads
     */
    void failed(ReasonCode reason, String what);

    /**
     * The connection is gone, or did not come about. The last call.
     *
     * @param why one sentence for people, such as {@code connection refused: 127.0.0.1:1883}
     */
    void closed(String why);
}
