/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

/**
 * What went over all connections, in and out, of clients and to other brokers, since the transport started.
 *
 * @param packetsReceived MQTT Control Packets of every type
 * @param bytesReceived as read from sockets
 * @param bytesSent as handed to sockets
 * @param publishesReceived PUBLISH packets among them
 * @param publishBytesReceived payloads of these
 * @param connectionsAccepted through all listeners, those that were refused included
 */
public record Traffic(
        long packetsReceived,
        long packetsSent,
        long bytesReceived,
        long bytesSent,
        long publishesReceived,
        long publishesSent,
        long publishBytesReceived,
        long publishBytesSent,
        long connectionsAccepted) {

    /** Nothing yet. */
    public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** The sum of both. */
    public Traffic plus(Traffic other) {
        return new Traffic(
                packetsReceived + other.packetsReceived,
                packetsSent + other.packetsSent,
                bytesReceived + other.bytesReceived,
                bytesSent + other.bytesSent,
                publishesReceived + other.publishesReceived,
                publishesSent + other.publishesSent,
                publishBytesReceived + other.publishBytesReceived,
                publishBytesSent + other.publishBytesSent,
                connectionsAccepted + other.connectionsAccepted);
    }
}
