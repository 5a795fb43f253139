/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a session has sent with QoS 1 or 2 and not seen acknowledged to the end, by Packet Identifier. Identifiers are handed out in turn;
 * the table is indexed by their low bits, so that finding one costs no hash and no box.
 */
final class OutgoingWindow {
    /** How many of them MQTT has. */
    private static final int MOST_IDS = 65_535;

    private static final int FIRST_CAPACITY = 8;

    private Outgoing[] slots = {};
    private int size;
    private int lastId;
    private int highestId = MOST_IDS;
    private long sequence;

    int size() {
        return size;
    }

    /** From now on none above this is handed out; what has one keeps it. */
    void highestId(int highest) {
        highestId = highest;
    }

    /** Keeps what was sent before under this Packet Identifier, behind what is there. */
    void restore(Outgoing outgoing, int packetId) {
        while (size * 2 >= slots.length || slots[packetId & slots.length - 1] != null) {
            if (slots.length > MOST_IDS) {
                throw new IllegalStateException("packet identifier " + packetId + " is in use twice");
            }
            grow();
        }
        lastId = packetId;
        put(outgoing);
    }

    /** Gives the message an unused Packet Identifier [MQTT-2.2.1-4] and keeps it. */
    void add(Outgoing outgoing) {
        if (size == MOST_IDS) {
            throw new IllegalStateException("all packet identifiers are in use");
        }
        if (size * 2 >= slots.length && slots.length <= MOST_IDS) {
            grow();
        }
        do {
            lastId = lastId >= highestId ? 1 : lastId + 1;
        } while (slots[lastId & slots.length - 1] != null);
        put(outgoing);
    }

    private void put(Outgoing outgoing) {
        outgoing.sentAs(lastId, sequence++);
        slots[lastId & slots.length - 1] = outgoing;
        size++;
    }

    /** What was sent under this identifier, or null. */
    Outgoing get(int packetId) {
        if (slots.length == 0) {
            return null;
        }
        Outgoing found = slots[packetId & slots.length - 1];
        return found != null && found.packetId() == packetId ? found : null;
    }

    void remove(Outgoing outgoing) {
        slots[outgoing.packetId() & slots.length - 1] = null;
        size--;
    }

    /**
     * Everything in the order in which it was first sent [MQTT-4.6.0-1].
     *
     * @param releasesFirst whether what was received already comes before all the rest: a PUBREL is not held up by the messages before it
     *     that the Receive Maximum holds back [MQTT-3.3.4-10]
     */
    List<Outgoing> inOrder(boolean releasesFirst) {
        List<Outgoing> all = new ArrayList<>(size);
        for (Outgoing each : slots) {
            if (each != null) {
                all.add(each);
            }
        }
        Comparator<Outgoing> order = Comparator.comparingLong(Outgoing::sequence);
        all.sort(
                releasesFirst
                        ? Comparator.comparing((Outgoing each) -> !each.isReceived())
                                .thenComparing(order)
                        : order);
        return all;
    }

    void clear() {
        slots = new Outgoing[0];
        size = 0;
    }

    private void grow() {
        Outgoing[] old = slots;
        slots = new Outgoing[Math.max(FIRST_CAPACITY, old.length * 2)];
        for (Outgoing each : old) {
            if (each != null) {
                slots[each.packetId() & slots.length - 1] = each;
            }
        }
    }
}
