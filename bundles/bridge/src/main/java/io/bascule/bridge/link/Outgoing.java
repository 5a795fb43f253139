/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Delivery;
import io.bascule.api.Session;
import io.bascule.api.SessionListener;
import io.bascule.bridge.link.ForwardMapping.Crosses;
import io.bascule.bridge.link.ForwardMapping.Dropped;
import io.bascule.bridge.link.ForwardMapping.TooLarge;
import io.bascule.bridge.route.RouteBooks;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Local to remote, for as long as one connection lives. The local session's deliveries become PUBLISH packets under the same identifier, and
 * the remote broker's acknowledgements the session's: it is told that a message was received only by whoever received it.
 */
final class Outgoing implements SessionListener {
    private static final int[] NO_IDENTIFIERS = {};

    private final Connection connection;
    private final Limits limits;
    private final ForwardMapping mapping;
    private final InFlight inFlight;
    private final DeadLetters deadLetters;
    private final Pulse pulse;
    private final SendRate rate;
    private final Leftovers leftovers;
    private final SendBudget budget;
    private final StaleIdentifiers staleIdentifiers;
    private final RemoteSession remoteSession;
    /** Whether there is another remote broker, at which the local session's identifiers would be used anew. */
    private final boolean maySwitch;
    /** Whether it has lost, or never had, what was sent over an earlier connection. */
    private final boolean remoteSessionIsNew;

    private final Crossing.Events events;
    private final RetainedOut retained; // null where no route needs it
    private final Set<Integer> releasing = new HashSet<>();
    /** Under which something has been sent over this connection; where it matters. */
    private final BitSet used = new BitSet();

    private Session session;
    /** Null where there is one connection. */
    private Lanes lanes;

    /** Until all that was on its way has been sent again. */
    private boolean mayHoldEarlier = true;

    private boolean leaving;
    private boolean detached;
    /** The number of the last message that was sent over this connection. */
    private long lastSent;

    private boolean hasAnswers;

    Outgoing(
            Lasting link,
            Connection connection,
            Limits limits,
            Leftovers leftovers,
            StaleIdentifiers staleIdentifiers,
            SendRate rate,
            SendBudget budget,
            Pulse pulse,
            RemoteBroker broker,
            boolean remoteSessionPresent,
            Crossing.Events events) {
        this.connection = connection;
        this.limits = limits;
        this.mapping = new ForwardMapping(link, limits);
        this.inFlight = link.inFlight();
        this.deadLetters = link.deadLetters();
        this.pulse = pulse;
        this.rate = rate;
        this.remoteSession = broker.session();
        this.leftovers = leftovers;
        this.budget = budget;
        this.staleIdentifiers = staleIdentifiers;
        this.maySwitch = !link.remotes().isOnlyOne();
        this.remoteSessionIsNew = !remoteSessionPresent;
        this.events = events;
        this.retained = RetainedOut.isNeeded(link, limits)
                ? new RetainedOut(link, broker, limits, this::isAwaited, this::message, this::lost, events::pace)
                : null;
    }

    /** Whether something that was delivered waits for its connection. */
    boolean isAwaited() {
        return lanes != null && lanes.isAwaited();
    }

    /** Leaves by these from now on. */
    void share(Lanes shared) {
        lanes = shared;
    }

    void attach(Session attached) {
        session = attached;
    }

    /** Messages flow from now on. */
    void begin() {
        if (retained != null) {
            retained.begin(session);
        }
    }

    /** What the remote broker has of what is retained here; null where no route needs it. */
    RetainedOut retained() {
        return retained;
    }

    /** Whether nothing more is to be delivered for now. */
    boolean isHolding() {
        return retained != null && retained.isHolding();
    }

    /**
     * The connection, or one of several, is being closed and takes nothing more. The session may have a message on its way here still, which it delivers
     * again.
     */
    void leave() {
        leaving = true;
    }

    /** The connection is gone: what is not acknowledged the session will deliver again. */
    void detach() {
        detached = true;
        if (lanes != null) {
            lanes.close();
        }
        if (retained != null) {
            retained.close();
        }
    }

    /** Says whether messages may leave that wait for room in one of several connections. */
    void open(boolean mayLeave) {
        if (lanes != null) {
            lanes.open(mayLeave);
        }
    }

    /** Whether so much waits for room that nothing more is to be delivered. */
    boolean isFull() {
        return lanes != null && lanes.isFull();
    }

    @Override
    public void message(Delivery delivery) {
        if (leaving) {
            if (delivery.packetId() == 0) {
                lost(delivery);
            }
            return;
        }
        if (retained != null && retained.holds(delivery)) {
            return;
        }
        if (mayHoldEarlier
                && delivery.packetId() != 0
                && !delivery.dup()
                && (lanes == null || !lanes.first().isAwaited())) {
            mayHoldEarlier = false;
            // Behind what is released again, which waits for the disk.
            session.unsubscribe(List.of()).thenRun(remoteSession::holdsNothingEarlier);
        }
        if (delivery.dup() && delivery.qos() == QoS.EXACTLY_ONCE) {
            remoteSession.releasing(delivery.packetId()); // whatever becomes of it now
        }
        CompletableFuture<Void> letter = delivery.dup() ? deadLetters.awaited(delivery.packetId()) : null;
        if (letter != null) {
            acknowledgeAfter(letter, delivery); // it is in the books since an earlier connection
        } else {
            deadLetters.forget(delivery.packetId());
            relay(delivery);
        }
        if (delivery.packetId() != 0) {
            staleIdentifiers.used(delivery.packetId());
        }
    }

    private void relay(Delivery delivery) {
        ForwardMapping.Outcome outcome = mapping.of(delivery);
        if (delivery.packetId() == 0 || !inFlight.contains(delivery.packetId())) {
            outcome.books().received();
        }
        if (outcome instanceof Dropped dropped) {
            giveUp(delivery, dropped.books(), dropped.reason());
        } else if (outcome instanceof TooLarge large) {
            tooLarge(delivery, large);
        } else if (outcome instanceof Crosses crossing) {
            if (lanes == null) {
                send(delivery, crossing, null);
            } else {
                share(delivery, crossing);
            }
        }
    }

    private void share(Delivery delivery, Crosses crossing) {
        Message message = crossing.message();
        QoS qos = crossing.qos();
        Lane lane = lanes.of(message.topic(), crossing.match().route(), qos);
        if (!lane.isAwaited() && (qos == QoS.AT_MOST_ONCE || lane.hasRoom())) {
            send(delivery, crossing, lane);
            return;
        }
        if (delivery.packetId() != 0) {
            inFlight.waits(delivery.packetId(), crossing.books(), message.topic(), delivery.qos(), qos);
        }
        lanes.await(lane, new Waiting(delivery, crossing, lane));
    }

    private final class Waiting implements Lane.Leaving {
        private final Delivery delivery;
        private final Crosses crossing;
        private final Lane lane;

        Waiting(Delivery delivery, Crosses crossing, Lane lane) {
            this.delivery = delivery;
            this.crossing = crossing;
            this.lane = lane;
        }

        @Override
        public int packetId() {
            return delivery.packetId();
        }

        @Override
        public int bytes() {
            return Outgoing.bytes(crossing.message());
        }

        @Override
        public void send() {
            if (crossing.message().isExpired(System.nanoTime())) { // [MQTT-3.3.2-5]
                giveUp(delivery, crossing.books(), DropReasons.EXPIRED);
            } else {
                Outgoing.this.send(delivery, crossing, lane);
            }
        }

        @Override
        public void lost() {
            if (packetId() == 0) { // others are delivered again
                drop(crossing.books(), DropReasons.OFFLINE_QOS_0);
            }
        }
    }

    /** Sends it over this one of several connections, or the only one where it is null. */
    private void send(Delivery delivery, Crosses crossing, Lane lane) {
        Connection over = lane == null ? connection : lane.connection();
        int packetId = delivery.packetId();
        Message message = crossing.message();
        RouteBooks books = crossing.books();
        QoS qos = crossing.qos();
        if (!publish(over, delivery, crossing)) {
            tooLarge(delivery, new TooLarge(crossing.match(), DropReasons.TOO_LARGE, message.payload().length));
            return;
        }
        leaves(delivery, crossing);
        if (retained != null) {
            retained.sent(delivery, message, crossing.match().route(), qos, over, lane == null ? pulse : lane.pulse());
        }
        if (qos != QoS.AT_MOST_ONCE) {
            long number = inFlight.sent(packetId, books, message.topic(), delivery.qos(), qos);
            lastSent = number;
            if (isUsedNoted()) {
                used.set(packetId);
            }
            if (qos == QoS.EXACTLY_ONCE) {
                remoteSession.holds(packetId, number);
            }
            if (lane == null) {
                pulse.sent();
            } else {
                lane.sent(packetId);
            }
        } else {
            if (packetId != 0) {
                inFlight.remove(packetId); // it was sent with more over an earlier connection
            }
            books.forwarded();
            acknowledge(delivery, ReasonCode.SUCCESS);
            if (packetId != 0 && !over.isWritable()) {
                events.pace(); // at once, since no window bounds what is acknowledged here
            }
        }
    }

    /**
     * What may have been sent over an earlier connection is in the books already, and what the remote broker may hold of it is released: under
     * that identifier it would take the next message for this one.
     */
    @Override
    public void denied(Delivery delivery) {
        InFlight.Sent sent = inFlight.remove(delivery.packetId());
        boolean givenUp = deadLetters.forget(delivery.packetId());
        if (delivery.dup() && delivery.qos() == QoS.EXACTLY_ONCE) {
            pubrel(delivery.packetId()); // [MQTT-2.2.1-3]
        }
        if (givenUp) {
            return; // and is in the books
        }
        RouteBooks books = sent == null ? mapping.books(delivery) : sent.books();
        if (sent == null) {
            books.received();
        }
        if (sent == null && mapping.match(delivery).isEmpty()) {
            drop(books, mapping.unmapped(delivery)); // it would not have crossed either
        } else if (books.dropped(DropReasons.NOT_AUTHORIZED)) {
            events.denied(books, delivery.message().topic());
        }
    }

    /** A QoS 0 message that waited until the connection was lost, or came too late for it. */
    private void lost(Delivery delivery) {
        RouteBooks books = mapping.books(delivery);
        books.received();
        drop(books, DropReasons.OFFLINE_QOS_0);
    }

    private boolean publish(Connection over, Delivery delivery, Crosses crossing) {
        boolean retain = crossing.match().route().retain().of(delivery.retain()) && limits.retain(); // [MQTT-3.2.2-14]
        boolean acknowledged = crossing.qos() != QoS.AT_MOST_ONCE;
        return over.publish(
                crossing.message(),
                crossing.qos(),
                retain,
                acknowledged && delivery.dup(),
                acknowledged ? delivery.packetId() : 0,
                NO_IDENTIFIERS);
    }

    private void leaves(Delivery delivery, Crosses crossing) {
        int bytes = bytes(crossing.message());
        rate.count(bytes);
        budget.count(bytes);
        if (!inFlight.hasLeft(delivery.packetId())) {
            limits.loops().left(crossing.message(), crossing.match().route());
        }
    }

    private static int bytes(Message message) {
        return message.topic().utf8().length + message.payload().length;
    }

    /** Acknowledges what will never be sent, so that it does not come again for ever. */
    private void giveUp(Delivery delivery, RouteBooks books, String reason) {
        inFlight.remove(delivery.packetId());
        drop(books, reason);
        acknowledge(delivery, ReasonCode.SUCCESS);
    }

    /** Gives up what the route or the remote broker does not take, and acknowledges it once the local broker has had its dead letter. */
    private void tooLarge(Delivery delivery, TooLarge large) {
        if (!deadLetters.areMadeOf(delivery.message())) {
            giveUp(delivery, large.books(), DropReasons.TOO_LARGE);
            return;
        }
        inFlight.remove(delivery.packetId());
        drop(large.books(), DropReasons.TOO_LARGE);
        boolean acknowledged = delivery.packetId() != 0;
        CompletableFuture<Void> letter = deadLetters.publish(
                new DeadLetters.Uncrossed(
                        delivery.message(), large.match().route(), large.why(), large.size(), acknowledged),
                () -> true);
        if (acknowledged) {
            deadLetters.await(delivery.packetId(), letter);
            acknowledgeAfter(letter, delivery);
        }
    }

    private void acknowledgeAfter(CompletableFuture<Void> letter, Delivery delivery) {
        letter.thenRun(() -> {
            if (!detached && deadLetters.acknowledge(delivery.packetId(), letter)) {
                acknowledge(delivery, ReasonCode.SUCCESS);
            }
        });
    }

    private void acknowledge(Delivery delivery, ReasonCode reason) {
        if (delivery.qos() == QoS.AT_LEAST_ONCE) {
            session.puback(delivery.packetId(), reason);
        } else if (delivery.qos() == QoS.EXACTLY_ONCE) {
            session.pubrec(delivery.packetId(), reason);
        }
    }

    private void drop(RouteBooks books, String reason) {
        if (books.dropped(reason)) {
            events.dropping(books, reason);
        }
    }

    /** Releases at the remote broker, even what was given up here: an earlier connection may have brought it there. */
    @Override
    public void pubrel(int packetId) {
        if (mayHold(packetId)) {
            connection.acknowledge(Acknowledgement.PUBREL, packetId, ReasonCode.SUCCESS);
            releasing.add(packetId);
            if (lanes != null) {
                lanes.first().sent(packetId);
            }
            remoteSession.releasing(packetId);
            pulse.sent();
        } else {
            session.pubcomp(packetId);
        }
    }

    private boolean isUsedNoted() {
        return maySwitch || remoteSessionIsNew;
    }

    /** Whether the remote broker may hold a QoS 2 message under this identifier: not what it had in a session that is lost [MQTT-3.2.2-5]. */
    private boolean mayHold(int packetId) {
        return limits.maximumQos() == QoS.EXACTLY_ONCE && (!remoteSessionIsNew || used.get(packetId));
    }

    @Override
    public void closed(ReasonCode reason) {
        detached = true;
        events.sessionClosed(reason);
    }

    /** PUBACK from the remote broker. */
    void puback(int packetId, ReasonCode reason) {
        puback(first(), packetId, reason);
    }

    /** The same, over this one of several connections. */
    void puback(Lane lane, int packetId, ReasonCode reason) {
        if (lane != null && !lane.carries(packetId) || isUnexpected(packetId, QoS.AT_LEAST_ONCE)) {
            return;
        }
        InFlight.Sent sent = answered(packetId, reason);
        done(lane, packetId);
        if (sent != null && sent.delivered() == QoS.EXACTLY_ONCE) {
            session.pubrec(packetId, reason);
        } else {
            session.puback(packetId, reason);
        }
        goOn(lane);
    }

    /**
     * PUBREC from the remote broker. One that nothing here waits for goes to the session all the same: some brokers repeat it on a new
     * connection, before the message has been sent again. With several servers it may be about a message of before the bridge was at another
     * one, and is passed over: it is repeated for what is sent again. So is one from a session that cannot have the message.
     */
    void pubrec(int packetId, ReasonCode reason) {
        if (isUsedNoted() && !used.get(packetId)) {
            return;
        }
        if (!isUnexpected(packetId, QoS.EXACTLY_ONCE)) {
            answered(packetId, reason);
            if (reason.isFailure()) {
                remoteSession.holdsNot(packetId);
            }
            if (lanes != null) {
                lanes.forget(packetId);
            }
            if (reason.isFailure()) {
                done(first(), packetId);
            } else {
                if (lanes != null && !releasing.contains(packetId)) {
                    lanes.first().received(packetId);
                }
                acknowledged();
            }
            session.pubrec(packetId, reason);
            goOn(first());
        }
    }

    /** PUBCOMP from the remote broker: done, also where it does not know the identifier any more. */
    void pubcomp(int packetId) {
        if (leftovers.pubcomp(packetId) || staleIdentifiers.pubcomp(packetId)) {
            acknowledged();
        } else if (session != null) {
            releasing.remove(packetId);
            remoteSession.holdsNot(packetId);
            if (retained != null) {
                retained.answered(packetId, true);
            }
            done(first(), packetId);
            session.pubcomp(packetId);
            goOn(first());
        }
    }

    /** Of several connections the one with a session; null where there is one. */
    Lane first() {
        return lanes == null ? null : lanes.first();
    }

    private void acknowledged() {
        if (lanes == null) {
            pulse.acknowledged(!isQuiet() || isAsking());
        } else {
            lanes.first().answered(isAsking());
        }
    }

    /** Nothing more is to come of what was sent under this identifier; before the session is told, which may use it anew at once. */
    private void done(Lane lane, int packetId) {
        if (lane == null) {
            acknowledged();
        } else {
            lane.acknowledged(packetId, lane == lanes.first() && isAsking());
        }
    }

    private void goOn(Lane lane) {
        if (lane != null) {
            lanes.goOn(lane);
        }
    }

    private boolean isAsking() {
        return leftovers.isAsking() || staleIdentifiers.isAsking();
    }

    /** Whether nothing that was sent is still to be acknowledged or released. */
    boolean isQuiet() {
        return inFlight.isEmpty() && releasing.isEmpty();
    }

    /** The first message that was sent over this one of several connections, or the only one where it is null, and is not answered. */
    Optional<InFlight.Sent> firstUnanswered(Lane lane) {
        return lane == null
                ? inFlight.first().filter(first -> first.message() <= lastSent) // it is sent in order, also once more
                : inFlight.first(lane::carries);
    }

    /** Whether a message is answered over it. */
    boolean hasAnswers(Lane lane) {
        return lane == null ? hasAnswers : lane.hasAnswers();
    }

    /** Whether an acknowledgement comes before the session is there, or is not the kind that was asked for. */
    private boolean isUnexpected(int packetId, QoS acknowledged) {
        InFlight.Sent sent = inFlight.get(packetId);
        if (session == null) {
            return true; // the session sends the message again, and the remote broker acknowledges again
        }
        if (sent != null && sent.published() != acknowledged) {
            events.violated(
                    ReasonCode.PROTOCOL_ERROR,
                    "packet identifier " + packetId + " was sent with QoS "
                            + sent.published().level() + " and acknowledged as QoS " + acknowledged.level());
            return true;
        }
        return false;
    }

    /** Enters the answer in the books; returns what it answers, null when that is unknown. */
    private InFlight.Sent answered(int packetId, ReasonCode reason) {
        InFlight.Sent sent = inFlight.remove(packetId);
        hasAnswers = true;
        if (retained != null && sent != null && (reason.isFailure() || sent.published() == QoS.AT_LEAST_ONCE)) {
            retained.answered(packetId, !reason.isFailure()); // one of QoS 2 is there when it is released
        }
        if (sent != null && reason.isFailure()) {
            drop(sent.books(), DropReasons.of(reason));
        } else if (sent != null) {
            sent.books().forwarded();
        }
        return sent;
    }
}
