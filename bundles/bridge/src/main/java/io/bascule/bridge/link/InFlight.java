/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.route.RouteBooks;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

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
     * @param hasLeft whether it has been sent, over whatever connection; false while it waits for room in one
     */
    record Sent(long message, RouteBooks books, Topic topic, QoS delivered, QoS published, boolean hasLeft) {}

    /** It has been sent, perhaps once more; returns the number of the message. */
    long sent(int packetId, RouteBooks books, Topic topic, QoS delivered, QoS published) {
        return put(packetId, books, topic, delivered, published, true);
    }

    /** It is about to be sent, perhaps once more, and counts as on its way. */
    void waits(int packetId, RouteBooks books, Topic topic, QoS delivered, QoS published) {
        put(packetId, books, topic, delivered, published, hasLeft(packetId));
    }

    private long put(int packetId, RouteBooks books, Topic topic, QoS delivered, QoS published, boolean hasLeft) {
        long earlier = message(packetId);
        long message = earlier == NONE ? ++messages : earlier;
        byPacketId.put(packetId, new Sent(message, books, topic, delivered, published, hasLeft));
        return message;
    }

    /** Whether what is on its way under this identifier has been sent already. */
    boolean hasLeft(int packetId) {
        Sent sent = byPacketId.get(packetId);
        return sent != null && sent.hasLeft();
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

    /** The same among those under certain identifiers. */
    Optional<Sent> first(IntPredicate packetIds) {
        return byPacketId.entrySet().stream()
                .filter(entry -> packetIds.test(entry.getKey()))
                .map(Map.Entry::getValue)
                .min(Comparator.comparingLong(Sent::message));
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
