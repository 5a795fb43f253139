/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.client;

import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;

/**
 * The acknowledgements that one connection owes its client, and how many there are: what Receive Maximum bounds. Used on the connection's
 * event loop.
 */
final class Acknowledgements {
    private final Connection connection;
    private int owed;

    Acknowledgements(Connection connection) {
        this.connection = connection;
    }

    /** How many QoS 1 and 2 messages of this connection are not acknowledged to the end [MQTT-3.3.4-7]. */
    int owed() {
        return owed;
    }

    /** A QoS 1 or 2 message has come that did not come before. */
    void owe() {
        owed++;
    }

    /** So many again as before what came last, which is not taken yet. */
    void back(int before) {
        owed = before;
    }

    /** Sends PUBACK or PUBREC. */
    void acknowledge(QoS qos, int packetId, ReasonCode reason) {
        if (qos == QoS.AT_LEAST_ONCE) {
            puback(packetId, reason);
        } else if (qos == QoS.EXACTLY_ONCE) {
            pubrec(packetId, reason);
        }
    }

    void puback(int packetId, ReasonCode reason) {
        settled();
        connection.acknowledge(Acknowledgement.PUBACK, packetId, reason);
    }

    void pubrec(int packetId, ReasonCode reason) {
        if (reason.isFailure()) {
            settled();
        }
        connection.acknowledge(Acknowledgement.PUBREC, packetId, reason);
    }

    /** Answers PUBREL [MQTT-4.3.3-11]. */
    void pubcomp(int packetId, boolean known) {
        ReasonCode reason = known ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
        if (known) {
            settled();
        }
        connection.acknowledge(Acknowledgement.PUBCOMP, packetId, reason);
    }

    // What an earlier connection has left to be released was never owed on this one.
    private void settled() {
        owed = Math.max(0, owed - 1);
    }
}
