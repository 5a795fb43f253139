/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.QueueInfo;
import io.bascule.api.QueueLimits;
import io.bascule.api.QueuedMessage;
import io.bascule.broker.DropReason;
import io.bascule.broker.Limit;
import io.bascule.broker.Tally;
import io.bascule.broker.extension.Verdict;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.MessageStore;
import io.bascule.spi.SessionStore;
import io.bascule.spi.StoredMessage;
import io.bascule.spi.StoredSession;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The way from a session to whoever is attached to it: what waits, what is in flight, what an earlier connection has left to be sent again.
 * Touched on the session's event loop alone, where it does not say otherwise.
 */
final class OutgoingFlow {
    private final ClientSession session;
    private final SessionStore store;
    private final SessionEnvironment environment;

    private final OutgoingQueue queue;
    private final OutgoingWindow window = new OutgoingWindow();
    private final ArrayDeque<Outgoing> resend = new ArrayDeque<>(1);
    private final Pipeline pipeline = new Pipeline();
    private final ReadAhead readAhead;
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
    /** Known to be true: nothing waits to be sent or sent again. A shortcut for every message, past three collections. */
    private boolean nothingWaits;

    private boolean undecided; // whether the peer may have what is next: somebody is missing who is to say so
    private final Runnable wake;

    OutgoingFlow(ClientSession session, SessionEnvironment environment) {
        this.session = session;
        this.store = session.store();
        this.environment = environment;
        this.queue = new OutgoingQueue(environment.queueMemory(), () -> WaitingRules.of(session.subscriptions()));
        this.readAhead = new ReadAhead(environment.store(), session::onEventLoop, this::drain);
        this.queueLimits = environment.sessionLimits().queue();
        this.wake = () -> session.onEventLoopLater(this::goOn);
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
            QueueGate first = new QueueGate(
                    environment.room(),
                    () -> environment.queueMemory().isExceeded(store.isKept()),
                    queueLimits,
                    queue.size(),
                    queue.bytes());
            queue.guardedBy(first);
            gate = first;
        }
    }

    /** Attaches a peer and sends what is unacknowledged, then what waits. */
    void attach(Peer to, int itsReceiveMaximum, boolean limited, int highestPacketId) {
        peer = to;
        window.highestId(highestPacketId);
        int possible = Math.min(itsReceiveMaximum, highestPacketId);
        receiveMaximum =
                limited ? Math.min(possible, environment.sessionLimits().inFlight()) : possible;
        heldBackByUs = receiveMaximum < possible;
        pipeline.clear();
        resend.clear();
        queue.attached();
        nothingWaits = false;
        resend.addAll(window.inOrder(window.size() > receiveMaximum));
        resend.forEach(each -> each.toBeResent(true));
        drain();
    }

    void detach() {
        peer = null;
        pipeline.clear();
        decided();
    }

    /** What the subscriptions say of what waits is something else. */
    void rulesHaveChanged() {
        queue.rulesHaveChanged();
    }

    /** Nothing is sent, and nothing dropped, until it can be decided again what the peer may have. */
    private void hold() {
        undecided = true;
        nothingWaits = false;
        environment.waiting().await(peer.principal(), wake);
    }

    private void decided() {
        if (undecided) {
            undecided = false;
            environment.waiting().forget(wake);
        }
    }

    private void goOn() {
        if (undecided) {
            undecided = false;
            if (pipeline.isEmpty()) {
                drain();
            } else {
                flush();
            }
        }
    }

    /** Takes what an earlier life of the broker has left. */
    void restore(List<StoredSession.InFlight> inFlight, Stream<StoredSession.Queued> queued) {
        long now = environment.nanoTime();
        for (StoredSession.InFlight each : inFlight) {
            Outgoing sent = Outgoing.restored(each.message(), now);
            sent.markTransmitted();
            if (each.received()) {
                sent.markReceived();
            }
            window.restore(sent, each.packetId());
        }
        nothingWaits = false;
        queued.forEach(each -> queue.restore(Outgoing.restored(each, now)));
    }

    /** Has the store keep what it has not kept so far, since the session is to last from now on. */
    void keep() {
        window.inOrder(false).forEach(sent -> {
            if (sent.stored() == null) {
                keep(sent);
                session.note(store.sent(sent.stored(), sent.packetId()));
                if (sent.isReceived()) {
                    session.note(store.received(sent.packetId()));
                }
            }
        });
        queue.all().forEach(waiting -> {
            if (waiting.stored() == null && waiting.qos() != QoS.AT_MOST_ONCE) {
                int before = waiting.memoryBytes();
                keep(waiting);
                queue.kept(before, waiting);
            }
        });
    }

    /** What was on its way here when the session came to be kept. */
    private void keepIfMissed(Outgoing outgoing) {
        if (outgoing.stored() == null && outgoing.qos() != QoS.AT_MOST_ONCE && store.isKept()) {
            keep(outgoing);
        }
    }

    private void keep(Outgoing outgoing) {
        Message message = outgoing.message().orElseThrow();
        MessageStore.Receiver receiver = new MessageStore.Receiver(
                store, 0, outgoing.qos(), outgoing.qos(), outgoing.retain(), outgoing.subscriptionIdentifiers());
        outgoing.keptAs(environment.store().append(message, false, List.of(receiver), Optional.empty()));
        session.note(outgoing.stored().position());
    }

    /** Gives up everything; nothing more is taken. */
    void close() {
        closed = true;
        queue.clear();
        window.clear();
        pipeline.clear();
        resend.clear();
        decided();
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
            session.note(store.received(packetId));
            Peer to = peer;
            session.whenKept(
                    () -> { // otherwise the message could be sent again after its identifier was released
                        if (to != null && to == peer) {
                            to.pubrel(packetId, ReasonCode.SUCCESS);
                        }
                    });
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
        completed(sent);
        if (sent.isToBeResent()) {
            resend.remove(sent); // acknowledged after all, as of the last connection
        }
        drain();
    }

    private void completed(Outgoing sent) {
        if (sent.stored() != null) {
            store.completed(sent.packetId());
        }
    }

    // ---------------------------------------------------------------- messages

    /** A message for the peer: sent at once where nothing is before it and the peer keeps up, otherwise it waits. */
    void accept(Message message, StoredMessage stored, QoS qos, boolean retain, int[] identifiers) {
        if (isDirect(qos)) {
            sendNow(message, stored, qos, retain, identifiers);
        } else if (isToWait(qos, identifiers)) {
            add(new Outgoing(message, stored, qos, retain, identifiers, false));
        }
    }

    /** The same for one that has been on its way, or whose publisher waits. */
    void accept(Outgoing arriving) {
        Optional<Message> message = arriving.message();
        if (isDirect(arriving.qos()) && message.isPresent()) {
            sendNow(
                    message.get(),
                    arriving.stored(),
                    arriving.qos(),
                    arriving.retain(),
                    arriving.subscriptionIdentifiers());
        } else if (isToWait(arriving.qos(), arriving.subscriptionIdentifiers())) {
            add(arriving);
            if (message.isEmpty()) {
                drain(); // it may be its turn, and has to be read back for that
            }
        }
    }

    private boolean isDirect(QoS qos) {
        Peer to = peer;
        return to != null
                && !draining
                && (nothingWaits || isNothingBefore(qos))
                && (qos == QoS.AT_MOST_ONCE || awaited() < receiveMaximum)
                && to.isWritable();
    }

    private boolean isNothingBefore(QoS qos) {
        if (undecided || !queue.isEmpty() || !resend.isEmpty()) {
            return false;
        }
        nothingWaits = pipeline.isEmpty();
        return nothingWaits || qos != QoS.AT_MOST_ONCE;
    }

    private boolean isToWait(QoS qos, int[] identifiers) {
        if (peer == null && qos == QoS.AT_MOST_ONCE && !queue.keepsLatest(identifiers)) {
            session.home().counters().dropped(DropReason.OFFLINE_QOS_0);
            return false;
        }
        return !closed;
    }

    private void add(Outgoing waiting) {
        if (heldBackByUs && peer != null && waiting.qos() != QoS.AT_MOST_ONCE && awaited() >= receiveMaximum) {
            environment.hits().hit(Limit.INFLIGHT_MAXIMUM);
        }
        keepIfMissed(waiting);
        long now = environment.nanoTime();
        dropTooOld(now);
        nothingWaits = false;
        if (peer == null && waiting.qos() == QoS.AT_MOST_ONCE) {
            queue.replace(waiting, older -> drop(older, DropReason.SUPERSEDED));
        }
        queue.add(waiting, now, queueLimits, peer != null, this::overflowed);
    }

    private void sendNow(Message message, StoredMessage stored, QoS qos, boolean retain, int[] identifiers) {
        draining = true; // what an in-process peer publishes in return waits until this has been sent
        try {
            if (qos == QoS.AT_MOST_ONCE) {
                Verdict verdict = mayReceive(message);
                if (verdict == Verdict.UNDECIDED) {
                    hold();
                    add(new Outgoing(message, stored, qos, retain, identifiers, false));
                } else {
                    sendOnce(verdict, message, retain, identifiers);
                }
            } else {
                send(new Outgoing(message, stored, qos, retain, identifiers, false), message);
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
        while (peer != null && !undecided && !resend.isEmpty() && peer.isWritable()) {
            Outgoing next = resend.peek();
            if (!next.isReceived() && (awaited() >= receiveMaximum || readAhead.isAwaited(next, resend))) {
                return; // [MQTT-4.9.0-2]
            }
            resend.poll();
            next.toBeResent(false);
            if (next.isReceived()) {
                releaseAgain(next.packetId());
            } else if (next.isUnreadable()) {
                giveUp(next, DropReason.UNREADABLE);
            } else {
                transmit(next, next.message().orElseThrow());
            }
        }
    }

    private void releaseAgain(int packetId) {
        Peer to = peer;
        session.whenKept(() -> {
            if (to == peer) {
                to.pubrel(packetId, ReasonCode.SUCCESS); // [MQTT-4.4.0-1]
            }
        });
    }

    private void sendWaiting() {
        while (peer != null && !undecided && resend.isEmpty() && !queue.isEmpty() && peer.isWritable()) {
            Outgoing next = queue.peek();
            long now = environment.nanoTime();
            boolean expired = next.isExpired(now) || isTooOld(next, now);
            if (!expired && (isHeldUp(next.qos()) || readAhead.isAwaited(next, queue.all()))) {
                return;
            }
            if (expired || next.isUnreadable()) {
                queue.poll();
                drop(next, expired ? DropReason.EXPIRED : DropReason.UNREADABLE);
            } else if (next.qos() == QoS.AT_MOST_ONCE) {
                sendOnce(next, next.message().orElseThrow());
            } else {
                queue.poll();
                send(next, next.message().orElseThrow());
            }
        }
    }

    /** What waits at the head of the queue leaves it when it is decided. */
    private void sendOnce(Outgoing next, Message message) {
        Verdict verdict = mayReceive(message);
        if (verdict == Verdict.UNDECIDED) {
            hold();
        } else {
            queue.take(next);
            sendOnce(verdict, message, next.retain(), next.subscriptionIdentifiers());
        }
    }

    private Verdict mayReceive(Message message) {
        return environment.extensions().mayReceive(peer.principal(), message.topic());
    }

    private boolean isHeldUp(QoS qos) {
        return qos == QoS.AT_MOST_ONCE
                ? !pipeline.isEmpty() // it has no place in the window, and is not to overtake what has
                : awaited() >= receiveMaximum; // [MQTT-4.9.0-2]
    }

    /** What has waited too long need not wait for somebody to come and drop it. */
    private void dropTooOld(long now) {
        while (!queue.isEmpty() && isTooOld(queue.oldest(), now)) {
            drop(queue.take(queue.oldest()), DropReason.EXPIRED);
        }
    }

    /** Drops what has expired at the head of the queue. */
    void dropExpired() {
        long now = environment.nanoTime();
        dropTooOld(now);
        while (!queue.isEmpty() && queue.peek().isExpired(now)) {
            drop(queue.poll(), DropReason.EXPIRED);
        }
    }

    private boolean isTooOld(Outgoing waiting, long now) {
        return now - waiting.queuedAtNanos() >= queueLimits.age().toNanos();
    }

    private void sendOnce(Verdict verdict, Message message, boolean retain, int[] identifiers) {
        if (verdict == Verdict.DENIED) {
            countDrop(DropReason.NOT_AUTHORIZED);
            peer.denied(message, QoS.AT_MOST_ONCE, retain, false, 0, identifiers);
        } else if (peer.publish(message, QoS.AT_MOST_ONCE, retain, false, 0, identifiers)) {
            countDelivered();
        } else {
            countDrop(DropReason.TOO_LARGE);
        }
    }

    private void send(Outgoing outgoing, Message message) {
        keepIfMissed(outgoing);
        window.add(outgoing);
        if (outgoing.stored() != null) {
            session.note(store.sent(outgoing.stored(), outgoing.packetId()));
        }
        transmit(outgoing, message);
    }

    /** Sends what is in the window, as soon as the store has what it must have before. */
    private void transmit(Outgoing outgoing, Message message) {
        long position = outgoing.qos() == QoS.EXACTLY_ONCE ? session.noted() : 0;
        if (pipeline.isEmpty() && environment.store().isDurable(position)) {
            publish(outgoing, message);
        } else {
            nothingWaits = false;
            pipeline.add(outgoing, message, position);
            session.whenKept(this::flush);
        }
    }

    private void flush() {
        if (peer == null || pipeline.isEmpty()) {
            return; // it is all to be sent to the next one
        }
        pipeline.flush(this::mayLeave, (outgoing, message) -> {
            if (window.get(outgoing.packetId()) == outgoing && !outgoing.isReceived()) {
                publish(outgoing, message);
            }
        });
        drain(); // what is of QoS 0 may have had to wait
    }

    private boolean mayLeave(long position) {
        return !undecided && environment.store().isDurable(position);
    }

    /** Sends what is in the window, or gives it up where the peer cannot have it. */
    private void publish(Outgoing outgoing, Message message) {
        Verdict verdict = mayReceive(message);
        if (verdict == Verdict.UNDECIDED) {
            pipeline.putBack(outgoing, message);
            hold();
            return;
        }
        boolean dup = outgoing.isTransmitted();
        outgoing.markTransmitted();
        if (verdict == Verdict.DENIED) {
            Peer to = peer;
            giveUp(outgoing, DropReason.NOT_AUTHORIZED);
            to.denied(
                    message,
                    outgoing.qos(),
                    outgoing.retain(),
                    dup,
                    outgoing.packetId(),
                    outgoing.subscriptionIdentifiers());
            return;
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
        } else if (!dup) {
            countDelivered();
        }
    }

    /** Drops what has waited since before this moment, so many at most, and tells how many those were. */
    int purge(long beforeNanos, int atMost) {
        int purged = 0;
        while (purged < atMost && !queue.isEmpty() && queue.oldest().queuedAtNanos() - beforeNanos <= 0) {
            drop(queue.take(queue.oldest()), DropReason.PURGED);
            purged++;
        }
        return purged;
    }

    private void giveUp(Outgoing outgoing, DropReason reason) {
        window.remove(outgoing);
        completed(outgoing);
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
        notKept(reason, there);
    }

    /** A message was not even made one for this session; called on any event loop. */
    void notKept(DropReason reason, BrokerLoop there) {
        there.counters().dropped(reason);
        droppedOutside.increment();
    }

    private void countDrop(DropReason reason) {
        dropped.increment();
        session.home().counters().dropped(reason);
    }

    private void countDelivered() {
        delivered.increment();
        session.home().counters().delivered();
    }

    // ---------------------------------------------------------------- for people

    /** How full it is. Read without a lock while the session works: each figure was true a moment ago. */
    QueueInfo info() {
        QueueGate guard = gate;
        return new QueueInfo(
                queue.size(),
                queue.bytes(),
                queue.oldestAge(),
                window.size(),
                dropped.sum() + droppedOutside.sum(),
                guard == null ? 0 : guard.withheld());
    }

    /** Hands over what waits, from this number on, on the event loop once it has been read back. */
    void queued(long from, int atMost, Consumer<List<QueuedMessage>> then) {
        new QueueListing(environment, session::onEventLoop, queueLimits.age()).list(queue.list(from, atMost), then);
    }

    /** How many messages were sent for the first time; from any thread. */
    long delivered() {
        return delivered.sum();
    }
}
