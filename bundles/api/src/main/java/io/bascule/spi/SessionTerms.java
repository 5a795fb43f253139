/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.api.QueueLimits;
import io.bascule.api.SessionOptions;
import io.bascule.api.SessionOptions.Overlap;
import io.bascule.mqtt.Message;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * On what terms somebody is attached to a session.
 *
 * @param sessionExpiryInterval in seconds; {@link SessionOptions#NEVER} for a session that does not expire
 * @param will what is to be published when the connection is lost
 * @param queue what may wait, where that is not for the broker to say
 * @param overlap what the session receives when several subscriptions match
 */
public record SessionTerms(
        long sessionExpiryInterval, Optional<Will> will, Optional<QueueLimits> queue, Overlap overlap) {

    /**
     * A will (MQTT 5.0, section 3.1.3.2).
     *
     * @param client whose rights it is published with
     * @param trusted whether it may be published in any case
     * @param authorizers those who say whether it may, by the names of their services; empty for all that there are
     * @param delayInterval in seconds, counted from the end of the connection
     * @param messageExpiryInterval in seconds, counted from when it is published
     */
    public record Will(
            Message message,
            Client client,
            boolean trusted,
            Optional<List<String>> authorizers,
            long delayInterval,
            OptionalLong messageExpiryInterval) {}
}
