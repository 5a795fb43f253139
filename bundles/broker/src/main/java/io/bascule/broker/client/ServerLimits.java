/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.client;

import io.bascule.mqtt.QoS;
import io.bascule.transport.ControlPacket.Connect;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What clients are held to, and told in CONNACK.
 *
 * @param connectTimeout from the connection to its CONNECT, and again for who it is to be found out
 * @param longestExpiry the longest Session Expiry Interval, in seconds
 * @param longestKeepAlive in seconds; 65,535 leaves the choice to the client, also not to be held to any
 * @param clientIdLength in bytes
 * @param topicLevels levels that a topic may have
 * @param topicLength in bytes
 * @param topicAliasMaximum topic aliases that a client may use
 * @param receiveMaximum QoS 1 and 2 messages of a client that may wait for their acknowledgement
 * @param maximumQos the highest QoS that a client may publish with
 * @param retainAvailable whether a client may publish retained messages
 * @param payloadFormatCheck whether what calls itself UTF-8 text is to be that
 * @param responseInformation what a client is told that asks for it, empty for nothing
 * @param maximumPacketSize the largest packet that the listener accepts, in bytes
 */
public record ServerLimits(
        Duration connectTimeout,
        long longestExpiry,
        int longestKeepAlive,
        int clientIdLength,
        int topicLevels,
        int topicLength,
        int topicAliasMaximum,
        int receiveMaximum,
        QoS maximumQos,
        boolean retainAvailable,
        boolean payloadFormatCheck,
        Optional<String> responseInformation,
        int maximumPacketSize) {
    private static final int ANY_KEEP_ALIVE = 65_535;

    /** The same for a listener that accepts packets of this size. */
    public ServerLimits withMaximumPacketSize(int bytes) {
        return new ServerLimits(
                connectTimeout,
                longestExpiry,
                longestKeepAlive,
                clientIdLength,
                topicLevels,
                topicLength,
                topicAliasMaximum,
                receiveMaximum,
                maximumQos,
                retainAvailable,
                payloadFormatCheck,
                responseInformation,
                bytes);
    }

    /** The Keep Alive in force for a client that asked for this one, in seconds, 0 for none. */
    int keepAlive(int asked) {
        if (longestKeepAlive == ANY_KEEP_ALIVE) {
            return asked;
        }
        return asked == 0 ? longestKeepAlive : Math.min(asked, longestKeepAlive);
    }

    /** What CONNACK tells a client that is accepted. */
    ServerProperties toProperties(Connect connect, long expiryInForce, Optional<String> assignedClientId) {
        boolean expiryAsAsked = connect.sessionExpiryInterval().orElse(0) == expiryInForce;
        int keepAlive = keepAlive(connect.keepAlive());
        return new ServerProperties(
                expiryAsAsked ? OptionalLong.empty() : OptionalLong.of(expiryInForce), // section 3.2.2.3.2
                receiveMaximum,
                maximumQos.level(),
                retainAvailable,
                OptionalLong.of(maximumPacketSize),
                assignedClientId,
                topicAliasMaximum,
                Optional.empty(),
                true,
                true,
                true,
                keepAlive == connect.keepAlive() ? OptionalInt.empty() : OptionalInt.of(keepAlive), // [MQTT-3.2.2-22]
                connect.requestResponseInformation() ? responseInformation : Optional.empty(), // [MQTT-3.1.2-28]
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }
}
