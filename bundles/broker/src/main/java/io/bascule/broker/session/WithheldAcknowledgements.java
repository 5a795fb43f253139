/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * The acknowledgements that a publisher waits for, from the first that is withheld until there is none: PUBACK and PUBREC each in the order
 * of the messages [MQTT-4.6.0-2, MQTT-4.6.0-3]. Touched on the session's event loop alone; what holds them lets go on any thread.
 *
 * <p>They outlive the connection: whoever comes back to his session and sends such a message again gets the acknowledgement of the first
 * time, and the message is not routed twice.
 */
final class WithheldAcknowledgements {
    /** As many as there are Packet Identifiers. */
    private static final int MOST = 65_535;

    private final ClientSession session;
    private final Queue<Pending> pubacks = new ArrayDeque<>();
    private final Queue<Pending> pubrecs = new ArrayDeque<>();
    private final BitSet awaited = new BitSet();
    /** What an earlier connection has left, by Packet Identifier and QoS; several where a bridge has published for several routes. */
    private final Map<Integer, Queue<Pending>> left = new HashMap<>();

    private volatile int waiting;

    private final class Pending {
        private final QoS qos;
        private final int packetId;
        private final ReasonCode reason;
        private ClientSession.Acknowledged to;
        private boolean settled;

        Pending(QoS qos, int packetId, ReasonCode reason, ClientSession.Acknowledged to) {
            this.qos = qos;
            this.packetId = packetId;
            this.reason = reason;
            this.to = to;
        }

        void settle() {
            settled = true;
            giveSettled(lane(qos));
        }
    }

    WithheldAcknowledgements(ClientSession session) {
        this.session = session;
    }

    /** Whether there are so many that no further message is taken; clients may have fewer, which is for their connection to see to. */
    boolean isFull() {
        return waiting >= MOST;
    }

    /** How many messages that came over this connection are not acknowledged; from any thread. */
    int waiting() {
        return waiting;
    }

    /** Whether a message that came over this connection under this Packet Identifier is not acknowledged. */
    boolean isAwaited(int packetId) {
        return awaited.get(packetId);
    }

    /**
     * Appends an acknowledgement, which is given in its turn.
     *
     * @return what holds it, until it is released
     */
    Withheld add(QoS qos, int packetId, ReasonCode reason, ClientSession.Acknowledged to) {
        Pending pending = new Pending(qos, packetId, reason, to);
        append(pending);
        // Never within this call: an in-process publisher may answer with the next message, and the queue is busy with
        // this one.
        return new Withheld(() -> session.onEventLoopLater(pending::settle));
    }

    private void append(Pending pending) {
        lane(pending.qos).add(pending);
        awaited.set(pending.packetId);
        waiting = pubacks.size() + pubrecs.size();
    }

    private Queue<Pending> lane(QoS qos) {
        return qos == QoS.AT_LEAST_ONCE ? pubacks : pubrecs;
    }

    private void giveSettled(Queue<Pending> lane) {
        while (!lane.isEmpty() && lane.peek().settled) {
            Pending next = lane.poll();
            awaited.clear(next.packetId);
            waiting = pubacks.size() + pubrecs.size();
            next.to.acknowledged(next.packetId, next.reason);
        }
    }

    /**
     * A message that was sent over an earlier connection, if that time is not acknowledged yet; false when it is to be taken for a new one. What has
     * come under its identifier over this connection says nothing: a bridge publishes one after the other for several routes.
     */
    boolean isKnown(QoS qos, int packetId, ClientSession.Acknowledged to) {
        Queue<Pending> same = left.get(key(qos, packetId));
        if (same == null) {
            return false;
        }
        Pending pending = same.poll();
        if (same.isEmpty()) {
            left.remove(key(qos, packetId));
        }
        pending.to = to;
        append(pending);
        giveSettled(lane(qos));
        return true;
    }

    /** A new message has this Packet Identifier: nobody will come back for the one of an earlier connection. */
    void replaced(QoS qos, int packetId) {
        left.remove(key(qos, packetId));
    }

    private static int key(QoS qos, int packetId) {
        return packetId << 2 | qos.level();
    }

    /** The connection is gone: what it waits for is kept for the next one. */
    void disconnected() {
        keep(pubacks);
        keep(pubrecs);
        awaited.clear();
        waiting = 0;
    }

    private void keep(Queue<Pending> lane) {
        lane.forEach(pending -> {
            if (pending.packetId != 0) { // otherwise nothing tells the message by which it could come again
                left.computeIfAbsent(key(pending.qos, pending.packetId), key -> new ArrayDeque<>(1))
                        .add(pending);
            }
        });
        lane.clear();
    }

    /** Nobody will come back for any of it. */
    void forget() {
        disconnected();
        left.clear();
    }
}
