/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Session;
import io.bascule.bridge.route.Route;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import java.util.List;

/**
 * Shares out what leaves among several connections by its topic, so that messages of one topic stay in their order. The first one alone has a
 * session that outlives it and subscriptions: it takes QoS 2, which needs the one, and what may come back by a subscribe route, which No Local keeps
 * from that over the same connection alone.
 */
final class Lanes {
    /** How much may wait for room, of topics and payloads with some for each message beside them; a message of any size is one more. */
    private static final int MOST_BYTES = 1 << 20;

    /** What a message that waits takes beside its bytes. */
    private static final int OVERHEAD = 200;

    private final LoopGuard loops;
    private final Runnable changed;
    private final List<Lane> byTopic;
    private final List<Lane> all;
    private boolean open;
    private long waitingBytes;
    private boolean full;

    /** These; one may stand several times, in place of others that are not there. Calls {@code changed} when {@link #isFull} has. */
    Lanes(List<Lane> byTopic, LoopGuard loops, Runnable changed) {
        this.byTopic = List.copyOf(byTopic);
        this.all = byTopic.stream().distinct().toList();
        this.loops = loops;
        this.changed = changed;
    }

    /** The one that has a session and subscriptions. */
    Lane first() {
        return byTopic.get(0);
    }

    /** The one for a message of this route with the topic that it has at the remote broker. */
    Lane of(Topic topic, Route route, QoS qos) {
        if (qos == QoS.EXACTLY_ONCE || loops.mayComeBack(route)) {
            return first();
        }
        int hash = topic.name().hashCode(); // the same in every process
        return byTopic.get(Math.floorMod(hash ^ (hash >>> 16), byTopic.size()));
    }

    /** How many messages of QoS 1 and 2 may be on their way in all. */
    int receiveMaximum() {
        return all.stream().mapToInt(Lane::receiveMaximum).sum();
    }

    /** How many the local session is to deliver at a time: with as many as that the others have room while some wait for the fullest. */
    int deliveries() {
        return Math.min(2 * receiveMaximum(), Session.HIGHEST_PACKET_ID);
    }

    /** Whether something waits for one of them. */
    boolean isAwaited() {
        return byTopic.stream().anyMatch(Lane::isAwaited);
    }

    /** How many connections there are. */
    int size() {
        return all.size();
    }

    /** Whether so much waits that nothing more is to come. */
    boolean isFull() {
        return full;
    }

    /** Says whether messages may leave, as they could before; what waits then leaves as far as there is room. */
    void open(boolean mayLeave) {
        boolean opens = mayLeave && !open;
        open = mayLeave;
        if (opens) {
            all.forEach(this::goOn);
        }
    }

    /** Keeps a message until there is room for it in this one. */
    void await(Lane lane, Lane.Leaving message) {
        lane.await(message);
        waits(message, 1);
    }

    /** Sends what waits for this one, as far as there is room. */
    void goOn(Lane lane) {
        while (open && lane.isAwaited() && lane.hasRoom()) {
            Lane.Leaving message = lane.next();
            // Where it is given up the local session delivers another at once, which waits behind the others.
            message.send();
            waits(message, -1); // not before: what the local session delivers for that is not to overtake it
        }
    }

    /** The remote broker has this one. Where that is from an earlier connection, and it waits here, it is not to be sent. */
    void forget(int packetId) {
        if (first().carries(packetId)) {
            return; // it does not wait, and what does may be much
        }
        Lane.Leaving message = first().forget(packetId);
        if (message != null) {
            waits(message, -1);
        }
    }

    /** The connections are gone. */
    void close() {
        open = false;
        for (Lane each : all) {
            while (each.isAwaited()) {
                each.next().lost();
            }
        }
    }

    private void waits(Lane.Leaving message, int sign) {
        waitingBytes += sign * ((long) message.bytes() + OVERHEAD);
        boolean nowFull = full ? waitingBytes > MOST_BYTES / 2 : waitingBytes > MOST_BYTES;
        if (nowFull != full) {
            full = nowFull;
            changed.run();
        }
    }
}
