/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.QueueInfo;
import io.bascule.api.QueueLimits;
import io.bascule.api.QueuedMessage;
import io.bascule.broker.DropReason;
import io.bascule.broker.Limit;
import io.bascule.broker.Tally;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.SessionStore;
import io.bascule.spi.StoredMessage;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * The way from a session to whoever is attached to it: what waits, what is in flight, what an earlier connection has left to be sent again.
 * Touched on the session's event loop alone, where it does not say otherwise.
 */
final class OutgoingFlow {
    private final SessionStore store;
    private final SessionEnvironment environment;
    private final Supplier<BrokerLoop> home;

    private final OutgoingQueue queue = new OutgoingQueue();
    private final OutgoingWindow window = new OutgoingWindow();
    private final ArrayDeque<Outgoing> resend = new ArrayDeque<>(1);
    private final Tally delivered = new Tally();
    private final Tally dropped = new Tally();
    private final LongAdder droppedOutside = new LongAdder();
    private volatile Peer peer;
    private volatile QueueLimits queueLimits;
    private volatile QueueGate gate; // null but for a queue that makes publishers wait, or did once
    private int receiveMaximum;
    private boolean heldBackByUs; // by our limit, which is lower than the peer's
    private boolean draining;
    private boolean closed;

    OutgoingFlow(SessionStore store, SessionEnvironment environment, Supplier<BrokerLoop> home) {
        this.store = store;
        this.environment = environment;
        this.home = home;
        this.queueLimits = environment.sessionLimits().queue();
    }

    /** Who is attached, null for nobody; from any thread, and so perhaps no longer true. */
    Peer peer() {
        return peer;
    }

    /** Whether messages wait; from any thread, and so perhaps no longer true. */
    boolean isBehind() {
        return !queue.isEmpty();
    }

    /** What may wait; from any thread. */
    QueueLimits queueLimits() {
        return queueLimits;
    }

    /** What makes publishers wait, null where nothing does; from any thread. */
    QueueGate gate() {
        return gate;
    }

    /** Whoever is attached next wants these limits, or the broker's. */
    void queueLimits(Optional<QueueLimits> wanted) {
        queueLimits = wanted.orElse(environment.sessionLimits().queue());
        if (gate != null) {
            gate.limits(queueLimits);
        } else if (queueLimits.overflow() == QueueLimits.Overflow.BLOCK) {
            QueueGate first = new QueueGate(queueLimits, queue.size(), queue.bytes());
            queue.guardedBy(first);
            gate = first;
        }
    }

    /** Attaches a peer and sends what is unacknowledged, then what waits. */
    void attach(Peer to, int itsReceiveMaximum) {
        peer = to;
        receiveMaximum = Math.min(itsReceiveMaximum, environment.sessionLimits().inFlight());
        heldBackByUs = receiveMaximum < itsReceiveMaximum;
        resend.clear();
        resend.addAll(window.inOrder(window.size() > receiveMaximum));
        resend.forEach(each -> each.toBeResent(true));
        drain();
    }

    void detach() {
        peer = null;
    }

    /** Gives up everything; nothing more is taken. */
    void close() {
        closed = true;
        queue.clear();
        window.clear();
        resend.clear();
        if (gate != null) {
            gate.end();
        }
    }

    // ---------------------------------------------------------------- acknowledgements

    /** PUBACK from the peer. */
    void puback(int packetId) {
        Outgoing sent = window.get(packetId);
        if (sent != null && sent.qos() == QoS.AT_LEAST_ONCE) {
            complete(sent);
        }
    }

    /** PUBREC from the peer: answered with PUBREL, unless it is a refusal, which ends the delivery [MQTT-4.4.0-2]. */
    void pubrec(int packetId, ReasonCode reason) {
        Outgoing sent = window.get(packetId);
        if (sent == null || sent.qos() != QoS.EXACTLY_ONCE) {
            if (peer != null && !reason.isFailure()) {
                peer.pubrel(packetId, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
            }
        } else if (reason.isFailure()) {
            complete(sent);
        } else {
            sent.markReceived();
            store.received(packetId);
            if (peer != null) {
                peer.pubrel(packetId, ReasonCode.SUCCESS);
            }
        }
    }

    /** PUBCOMP from the peer. */
    void pubcomp(int packetId) {
        Outgoing sent = window.get(packetId);
        if (sent != null && sent.qos() == QoS.EXACTLY_ONCE && sent.isReceived()) {
            complete(sent);
        }
    }

    private void complete(Outgoing sent) {
        window.remove(sent);
        store.completed(sent.packetId());
        if (sent.isToBeResent()) {
            resend.remove(sent); // acknowledged after all, as of the last connection
        }
        drain();
    }

    // ---------------------------------------------------------------- messages

    /** A message for the peer: sent at once where nothing is before it and the peer keeps up, otherwise it waits. */
    void accept(Message message, StoredMessage stored, QoS qos, boolean retain, int[] identifiers) {
        if (isDirect(qos)) {
            sendNow(message, stored, qos, retain, identifiers);
        } else if (isToWait(qos)) {
            add(new Outgoing(message, stored, qos, retain, identifiers, false));
        }
    }

    /** The same for one that has been on its way, or whose publisher waits. */
    void accept(Outgoing arriving) {
        if (isDirect(arriving.qos())) {
            sendNow(
                    arriving.message(),
                    arriving.stored(),
                    arriving.qos(),
                    arriving.retain(),
                    arriving.subscriptionIdentifiers());
        } else if (isToWait(arriving.qos())) {
            add(arriving);
        }
    }

    private boolean isDirect(QoS qos) {
        Peer to = peer;
        return to != null
                && !draining
                && queue.isEmpty()
                && resend.isEmpty()
                && (qos == QoS.AT_MOST_ONCE || awaited() < receiveMaximum)
                && to.isWritable();
    }

    private boolean isToWait(QoS qos) {
        if (peer == null && qos == QoS.AT_MOST_ONCE) {
            home.get().counters().dropped(DropReason.OFFLINE_QOS_0);
            return false;
        }
        return !closed;
    }

    private void add(Outgoing waiting) {
        if (heldBackByUs && peer != null && waiting.qos() != QoS.AT_MOST_ONCE && awaited() >= receiveMaximum) {
            environment.hits().hit(Limit.INFLIGHT_MAXIMUM);
        }
        long now = System.nanoTime();
        dropTooOld(now);
        queue.add(waiting, now, queueLimits, this::overflowed);
    }

    private void sendNow(Message message, StoredMessage stored, QoS qos, boolean retain, int[] identifiers) {
        draining = true; // what an in-process peer publishes in return waits until this has been sent
        try {
            if (qos == QoS.AT_MOST_ONCE) {
                sendOnce(message, retain, identifiers);
            } else {
                send(new Outgoing(message, stored, qos, retain, identifiers, false));
            }
        } finally {
            draining = false;
        }
        if (!queue.isEmpty()) {
            drain();
        }
    }

    /** The peer may take more. */
    void drain() {
        if (draining) {
            return; // a peer that answers at once gets here again from within
        }
        draining = true;
        try {
            resendUnacknowledged();
            sendWaiting();
        } finally {
            draining = false;
        }
    }

    /** How many were sent over this connection and are not acknowledged to the end. */
    private int awaited() {
        return window.size() - resend.size();
    }

    private void resendUnacknowledged() {
        while (peer != null && !resend.isEmpty() && peer.isWritable()) {
            if (!resend.peek().isReceived() && awaited() >= receiveMaximum) {
                return; // [MQTT-4.9.0-2]
            }
            Outgoing next = resend.poll();
            next.toBeResent(false);
            if (next.isReceived()) {
                peer.pubrel(next.packetId(), ReasonCode.SUCCESS); // [MQTT-4.4.0-1]
            } else {
                publish(next, true);
            }
        }
    }

    private void sendWaiting() {
        while (peer != null && resend.isEmpty() && !queue.isEmpty() && peer.isWritable()) {
            Outgoing next = queue.peek();
            long now = System.nanoTime();
            boolean expired = next.message().isExpired(now) || isTooOld(next, now);
            if (!expired && next.qos() != QoS.AT_MOST_ONCE && awaited() >= receiveMaximum) {
                return; // [MQTT-4.9.0-2]
            }
            queue.poll();
            if (expired) {
                drop(next, DropReason.EXPIRED);
            } else if (next.qos() == QoS.AT_MOST_ONCE) {
                sendOnce(next.message(), next.retain(), next.subscriptionIdentifiers());
            } else {
                send(next);
            }
        }
    }

    /** What has waited too long need not wait for somebody to come and drop it. */
    private void dropTooOld(long now) {
        while (!queue.isEmpty() && isTooOld(queue.peek(), now)) {
            drop(queue.poll(), DropReason.EXPIRED);
        }
    }

    /** Drops what has expired at the head of the queue. */
    void dropExpired() {
        long now = System.nanoTime();
        while (!queue.isEmpty()
                && (isTooOld(queue.peek(), now) || queue.peek().message().isExpired(now))) {
            drop(queue.poll(), DropReason.EXPIRED);
        }
    }

    private boolean isTooOld(Outgoing waiting, long now) {
        return now - waiting.queuedAtNanos() >= queueLimits.age().toNanos();
    }

    private void sendOnce(Message message, boolean retain, int[] identifiers) {
        if (!environment.extensions().mayReceive(peer.principal(), message.topic())) {
            countDrop(DropReason.NOT_AUTHORIZED);
        } else if (peer.publish(message, QoS.AT_MOST_ONCE, retain, false, 0, identifiers)) {
            countDelivered();
        } else {
            countDrop(DropReason.TOO_LARGE);
        }
    }

    private void send(Outgoing outgoing) {
        window.add(outgoing);
        store.sent(outgoing.stored(), outgoing.packetId());
        if (publish(outgoing, false)) {
            countDelivered();
        }
    }

    /** Sends what is in the window, or gives it up where the peer cannot have it. */
    private boolean publish(Outgoing outgoing, boolean dup) {
        Message message = outgoing.message();
        if (!environment.extensions().mayReceive(peer.principal(), message.topic())) {
            giveUp(outgoing, DropReason.NOT_AUTHORIZED);
            return false;
        }
        boolean fits = peer.publish(
                message,
                outgoing.qos(),
                outgoing.retain(),
                dup,
                outgoing.packetId(),
                outgoing.subscriptionIdentifiers());
        if (!fits) {
            giveUp(outgoing, DropReason.TOO_LARGE); // [MQTT-3.1.2-25]
        }
        return fits;
    }

    /** Drops what has waited since before this moment, so many at most, and tells how many those were. */
    int purge(long beforeNanos, int atMost) {
        int purged = 0;
        while (purged < atMost && !queue.isEmpty() && queue.peek().queuedAtNanos() - beforeNanos <= 0) {
            drop(queue.poll(), DropReason.PURGED);
            purged++;
        }
        return purged;
    }

    private void giveUp(Outgoing outgoing, DropReason reason) {
        window.remove(outgoing);
        store.completed(outgoing.packetId());
        countDrop(reason);
    }

    private void overflowed(Outgoing outgoing, Limit limit) {
        environment.hits().hit(limit);
        drop(outgoing, DropReason.QUEUE_FULL);
    }

    private void drop(Outgoing outgoing, DropReason reason) {
        if (outgoing.stored() != null) {
            store.dropped(outgoing.stored());
        }
        countDrop(reason);
    }

    /** A message did not even get here, on the way from another event loop; called there. */
    void droppedOutside(Outgoing outgoing, DropReason reason, BrokerLoop there) {
        if (outgoing.stored() != null) {
            store.dropped(outgoing.stored());
        }
        environment.hits().hit(Limit.QUEUE_BYTES);
        there.counters().dropped(reason);
        droppedOutside.increment();
    }

    private void countDrop(DropReason reason) {
        dropped.increment();
        home.get().counters().dropped(reason);
    }

    private void countDelivered() {
        delivered.increment();
        home.get().counters().delivered();
    }

    // ---------------------------------------------------------------- for people

    /** How full it is. Read without a lock while the session works: each figure was true a moment ago. */
    QueueInfo info() {
        QueueGate guard = gate;
        return new QueueInfo(
                queue.size(),
                queue.bytes(),
                queue.oldest(),
                window.size(),
                dropped.sum() + droppedOutside.sum(),
                guard == null ? 0 : guard.withheld());
    }

    /** What waits, from this number on. */
    List<QueuedMessage> queued(long from, int atMost) {
        return queue.list(from, atMost, System.nanoTime(), queueLimits);
    }

    /** How many messages were sent for the first time; from any thread. */
    long delivered() {
        return delivered.sum();
    }
}
