/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.client;

import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What clients are held to, and told in CONNACK.
 *
 * @param connectTimeout from the connection to its CONNECT
 * @param longestExpiry the longest Session Expiry Interval, in seconds
 * @param topicLevels levels that a topic may have
 * @param topicAliasMaximum topic aliases that a client may use
 * @param maximumPacketSize the largest packet that the listener accepts, in bytes
 */
public record ServerLimits(
        Duration connectTimeout, long longestExpiry, int topicLevels, int topicAliasMaximum, int maximumPacketSize) {

    ServerProperties toProperties(boolean expiryAsRequested, long expiry, Optional<String> assignedClientId) {
        return new ServerProperties(
                expiryAsRequested ? OptionalLong.empty() : OptionalLong.of(expiry), // section 3.2.2.3.2
                65_535,
                2,
                true,
                OptionalLong.of(maximumPacketSize),
                assignedClientId,
                topicAliasMaximum,
                Optional.empty(),
                true,
                true,
                true,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
