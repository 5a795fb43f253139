/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.route.RouteBooks;
import io.bascule.mqtt.QoS;
import java.util.HashMap;
import java.util.Map;

/**
 * The messages that were sent to the remote broker and that it has not answered, by Packet Identifier. It outlives a connection, as the
 * identifiers do in the local session, so that a message that is sent again is not counted again.
 */
final class InFlight {
    private final Map<Integer, Sent> byPacketId = new HashMap<>();

    /**
     * A message on its way.
     *
     * @param delivered the QoS the local session delivered it with, whose acknowledgements it expects
     * @param published the QoS it was sent with, whose acknowledgements the remote broker gives
     */
    record Sent(RouteBooks books, QoS delivered, QoS published) {}

    void put(int packetId, Sent sent) {
        byPacketId.put(packetId, sent);
    }

    boolean contains(int packetId) {
        return byPacketId.containsKey(packetId);
    }

    /** What is on its way under this identifier, or null. */
    Sent get(int packetId) {
        return byPacketId.get(packetId);
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
