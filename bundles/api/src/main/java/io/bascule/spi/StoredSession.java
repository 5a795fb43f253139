/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.api.Subscription;
import io.bascule.mqtt.QoS;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * A session as it was kept. Its will is there unless it was published, or was not to be.
 *
 * @param store where it goes on being kept
 * @param away how long nobody has been attached to it; the time while there was no broker counts, as far as it is known
 * @param inFlight what was sent and not acknowledged to the end, in the order in which it was sent
 * @param queued what waits, in its order: made one by one, since there may be millions, and only within {@link Restoration#session}
 * @param accepted Packet Identifiers of QoS 2 messages that have come from the client and are not released
 */
public record StoredSession(
        String clientId,
        SessionStore store,
        SessionTerms terms,
        Duration away,
        List<Subscription> subscriptions,
        List<InFlight> inFlight,
        Stream<Queued> queued,
        BitSet accepted) {

    /**
     * A message for the session.
     *
     * @param qos what it is delivered with, 1 or 2
     * @param retain RETAIN as it is delivered
     * @param age how long it has been in the store
     */
    public record Queued(StoredMessage message, QoS qos, boolean retain, int[] subscriptionIdentifiers, Duration age) {}

    /**
     * A message on its way.
     *
     * @param received whether PUBREC has come
     */
    public record InFlight(Queued message, int packetId, boolean received) {}
}
