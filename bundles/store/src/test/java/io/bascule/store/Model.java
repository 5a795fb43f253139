/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.spi.StoredMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a store must have, as plainly as it can be said. */
final class Model {
    final Map<String, Kept> sessions = new TreeMap<>();
    final Map<String, String> retained = new TreeMap<>();

    /** A session in the log. */
    static final class Kept {
        long expiry;
        String will = "";
        String terms = "";
        final Map<String, String> subscriptions = new TreeMap<>();
        final List<String> order = new ArrayList<>();
        final List<Copy> queue = new ArrayList<>();
        final List<Copy> inFlight = new ArrayList<>();
        final TreeSet<Integer> accepted = new TreeSet<>();

        Kept copy() {
            Kept copy = new Kept();
            copy.expiry = expiry;
            copy.will = will;
            copy.terms = terms;
            copy.subscriptions.putAll(subscriptions);
            copy.order.addAll(order);
            queue.forEach(each -> copy.queue.add(each.copy()));
            inFlight.forEach(each -> copy.inFlight.add(each.copy()));
            copy.accepted.addAll(accepted);
            return copy;
        }

        @Override
        public String toString() {
            return expiry + " will '" + will + "' " + terms + " subscriptions "
                    + order.stream().map(subscriptions::get).toList() + " queued " + queue + " in flight " + inFlight
                    + " accepted " + accepted;
        }
    }

    /** A message for a session. */
    static final class Copy {
        final long number;
        final String text;
        int packetId;
        boolean received;
        /** Of the store's present life. */
        StoredMessage handle;

        Copy(long number, String text) {
            this.number = number;
            this.text = text;
        }

        Copy copy() {
            Copy copy = new Copy(number, text);
            copy.packetId = packetId;
            copy.received = received;
            copy.handle = handle;
            return copy;
        }

        @Override
        public String toString() {
            return number + " " + text + (packetId == 0 ? "" : " as " + packetId + (received ? " received" : ""));
        }
    }

    Model copy() {
        Model copy = new Model();
        sessions.forEach((clientId, kept) -> copy.sessions.put(clientId, kept.copy()));
        copy.retained.putAll(retained);
        return copy;
    }

    /** The process has ended and another begins. */
    Model restarted() {
        Model copy = copy();
        copy.sessions.values().removeIf(each -> each.expiry == 0 && each.will.isEmpty());
        return copy;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("retained " + retained);
        sessions.forEach((clientId, kept) ->
                text.append('\n').append(clientId).append(' ').append(kept));
        return text.toString();
    }
}
