/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The Packet Identifiers under which a remote session may hold a QoS 2 message, and which message that is: the local session goes on at
 * another remote broker, and uses them anew, while this one still waits for PUBREL. It would take the next message under one of them for the one
 * that it has.
 */
final class HeldIdentifiers {
    /** Of a message that is not known any more. */
    private static final long SOME_MESSAGE = 0;

    private final BitSet earlier = new BitSet();
    private final Map<Integer, Long> messages = new HashMap<>();

    /** {@code earlier} are those of messages that are not known any more. */
    HeldIdentifiers(BitSet earlier) {
        this.earlier.or(earlier);
    }

    /** A message has been sent under it. */
    void sent(int packetId, long message) {
        earlier.clear(packetId);
        messages.put(packetId, message);
    }

    /** It is to be released, whatever is held under it. */
    void releasing(int packetId) {
        sent(packetId, SOME_MESSAGE);
    }

    /** Nothing is held under it any more. */
    void released(int packetId) {
        earlier.clear(packetId);
        messages.remove(packetId);
    }

    /** All that was on its way in the local session has been sent again since it was joined with this one: nothing else is held. */
    void nothingEarlier() {
        earlier.clear();
    }

    /** Nothing is held. */
    void clear() {
        earlier.clear();
        messages.clear();
    }

    /** Those that are held for another message than the one that is on its way under them now. */
    BitSet stale(InFlight inFlight) {
        BitSet stale = (BitSet) earlier.clone();
        messages.forEach((packetId, message) -> stale.set(packetId, inFlight.message(packetId) != message));
        return stale;
    }

    /** All of them. */
    BitSet all() {
        BitSet all = (BitSet) earlier.clone();
        messages.keySet().forEach(all::set);
        return all;
    }
}
