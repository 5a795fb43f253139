/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.route.RouteBooks;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The messages that were sent to the remote broker and that it has not answered, by Packet Identifier. It outlives a connection, as the
 * identifiers do in the local session, so that a message that is sent again is not counted again.
 */
final class InFlight {
    private static final long NONE = -1;

    private final Map<Integer, Sent> byPacketId = new HashMap<>();
    private long messages;

    /**
     * A message on its way.
     *
     * @param message its number among those that were on their way, from 1 on; the same when it is sent again
     * @param topic under which it was sent
     * @param delivered the QoS the local session delivered it with, whose acknowledgements it expects
     * @param published the QoS it was sent with, whose acknowledgements the remote broker gives
     */
    record Sent(long message, RouteBooks books, Topic topic, QoS delivered, QoS published) {}

    /** It has been sent, perhaps once more; returns the number of the message. */
    long sent(int packetId, RouteBooks books, Topic topic, QoS delivered, QoS published) {
        long earlier = message(packetId);
        long message = earlier == NONE ? ++messages : earlier;
        byPacketId.put(packetId, new Sent(message, books, topic, delivered, published));
        return message;
    }

    boolean contains(int packetId) {
        return byPacketId.containsKey(packetId);
    }

    /** The number of the message on its way under this identifier; -1 where there is none. */
    long message(int packetId) {
        Sent sent = byPacketId.get(packetId);
        return sent == null ? NONE : sent.message();
    }

    /** What is on its way under this identifier, or null. */
    Sent get(int packetId) {
        return byPacketId.get(packetId);
    }

    /** The one that was sent before all others; it takes a look at each. */
    Optional<Sent> first() {
        return byPacketId.values().stream().min(Comparator.comparingLong(Sent::message));
    }

    boolean isEmpty() {
        return byPacketId.isEmpty();
    }

    /** Takes out what is on its way under this identifier, or null. */
    Sent remove(int packetId) {
        return byPacketId.remove(packetId);
    }

    /** The local session that these identifiers belong to is gone, and the messages with it. */
    void lost() {
        byPacketId.values().forEach(sent -> sent.books().dropped(DropReasons.SESSION_LOST));
        byPacketId.clear();
    }
}
