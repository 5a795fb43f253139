/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.transfer;

import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.spi.SessionTerms;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A line of the file. Messages do not expire by themselves: how long they have is beside them, in seconds. */
public sealed interface Entry {

    /**
     * What the file is: its first line.
     *
     * @param version of the format
     */
    record Head(long version) implements Entry {}

    /**
     * A session.
     *
     * @param away how long nobody has been attached to it; empty where somebody is
     * @param inFlight in the order in which it was sent
     * @param accepted Packet Identifiers of QoS 2 messages that have come from the client and are not released
     */
    record Session(
            String clientId,
            SessionTerms terms,
            Optional<Duration> away,
            List<Subscription> subscriptions,
            List<InFlight> inFlight,
            int[] accepted)
            implements Entry {}

    /**
     * Under which Packet Identifier a message is on its way.
     *
     * @param received whether PUBREC has come
     */
    record InFlight(int packetId, boolean received) {}

    /**
     * A message that sessions are to receive, in the order of the lines.
     *
     * @param age how long it has been in the store
     */
    record Queued(Message message, OptionalLong expiry, Duration age, List<Receiver> receivers) implements Entry {}

    /**
     * As whom and how somebody receives a message.
     *
     * @param packetId under which it is on its way, 0 while it waits
     */
    record Receiver(String clientId, QoS qos, boolean retain, int[] subscriptionIdentifiers, int packetId) {}

    /** The retained message of its topic. */
    record Retained(Message message, OptionalLong expiry) implements Entry {}

    /** How many there were of each: the last line, without which the file is cut short. */
    record End(long sessions, long messages, long retained) implements Entry {}
}
