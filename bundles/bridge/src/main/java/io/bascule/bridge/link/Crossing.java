/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.Session;
import io.bascule.bridge.route.RouteBooks;
import io.bascule.bridge.route.RouteTable;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ControlPacket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Both directions over one connection, from CONNACK to its end. */
final class Crossing implements RemoteSide.Accepted {
    private final Lasting link;
    private final Events events;
    private final RemoteBroker broker;
    private final Connection connection;
    private final Limits limits;
    private final Pulse pulse;
    private final boolean remoteSessionPresent;
    private final RemoteSubscriptions remoteSubscriptions;
    private final Leftovers leftovers;
    private final StaleIdentifiers staleIdentifiers;
    private final SendRate sendRate;
    private final SendBudget sendBudget;
    private final Outgoing outgoing;
    private final Incoming incoming;
    private Session session;
    private int receiveMaximum;
    private int deliveries;
    private boolean quiet;

    /** What both directions have to tell. */
    interface Events {
        /** A message of this route was given up; the first for this reason. */
        void dropping(RouteBooks books, String reason);

        /** The bridge may not publish or receive there, so that a message of this route was given up; the first. */
        void denied(RouteBooks books, Topic topic);

        /** More waits for those who say what the bridge may publish than is held here. */
        void overflowed();

        /** The remote broker broke the protocol. */
        void violated(ReasonCode reason, String what);

        /** The remote broker sends more QoS 0 messages than it is to, for the first time. */
        void flooded();

        /** The remote broker does not answer, as this says. */
        void unanswered(String what);

        /** The local session is gone. */
        void sessionClosed(ReasonCode reason);

        /** Whether the local session may deliver has changed. */
        void pace();
    }

    Crossing(
            Lasting link,
            RemoteBroker broker,
            Connection connection,
            Limits limits,
            boolean remoteSessionPresent,
            Pulse pulse,
            Events events) {
        this.link = link;
        this.events = events;
        this.broker = broker;
        this.connection = connection;
        this.limits = limits;
        this.pulse = pulse;
        this.receiveMaximum = limits.outgoingMaximum();
        this.deliveries = receiveMaximum;
        this.remoteSessionPresent = remoteSessionPresent;
        RemoteSession remoteSession = broker.session();
        this.leftovers = new Leftovers(connection, remoteSession, pulse);
        this.staleIdentifiers = new StaleIdentifiers(
                connection,
                remoteSession,
                sendsExactlyOnce(limits, link.forward()),
                link.remotes()::keep,
                pulse,
                events::pace);
        this.sendRate = new SendRate(link, () -> link.local().queue().queued() == 0, events::pace);
        this.sendBudget = new SendBudget(link, events::pace);
        this.outgoing = new Outgoing(
                link,
                connection,
                limits,
                leftovers,
                staleIdentifiers,
                sendRate,
                sendBudget,
                pulse,
                broker,
                remoteSessionPresent,
                events);
        this.remoteSubscriptions = new RemoteSubscriptions(link, remoteSession, connection, limits, events::unanswered);
        this.incoming = new Incoming(
                link,
                broker,
                connection,
                limits,
                remoteSessionPresent,
                pulse,
                outgoing.retained(),
                remoteSubscriptions,
                events);
        if (!remoteSessionPresent && !link.definition().cleanStart()) {
            // It has lost the session that it was to keep, and perhaps what it has retained as well.
            link.remembered().ifPresent(remembered -> remembered.doubtAll(broker.index(), Direction.FORWARD));
        }
    }

    private static boolean sendsExactlyOnce(Limits limits, RouteTable forward) {
        return limits.maximumQos() == QoS.EXACTLY_ONCE
                && forward.routes().stream().anyMatch(route -> route.maximumQos() == QoS.EXACTLY_ONCE);
    }

    @Override
    public Limits limits() {
        return limits;
    }

    boolean remoteSessionPresent() {
        return remoteSessionPresent;
    }

    SocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    /** Shares out what leaves among this connection and further ones; before the local session is joined. */
    void share(FurtherConnections further) {
        Lanes lanes = further.lanes(
                new Lane(connection, limits.outgoingMaximum(), pulse), outgoing, limits.loops(), events::pace);
        if (lanes.size() > 1) {
            receiveMaximum = lanes.receiveMaximum();
            deliveries = lanes.deliveries();
            outgoing.share(lanes);
        }
    }

    /** How many QoS 1 and 2 messages may be on their way to the remote broker, over all connections together. */
    int receiveMaximum() {
        return receiveMaximum;
    }

    /** How many the local session may have delivered that are not acknowledged. */
    int deliveries() {
        return deliveries;
    }

    /** Both sessions are there and subscribed, and messages flow. */
    void begin() {
        if (link.local().queue().inFlight() == 0) {
            broker.session().holdsNothingEarlier();
        }
        outgoing.begin();
        incoming.begin();
    }

    @Override
    public void answered() {
        if (outgoing.retained() != null) {
            outgoing.retained().answered();
        }
    }

    /** What the local session is opened with. */
    Outgoing outgoing() {
        return outgoing;
    }

    /** The connection, the first one of several, is lost: one sentence where it looks as if it were over the same message as those before. */
    Optional<String> lost(boolean byPeer) {
        return lost(outgoing.first(), pulse.silence(), byPeer);
    }

    /** The same of this one of several. */
    Optional<String> lost(Lane lane, Duration silence, boolean byPeer) {
        return link.repeatedLoss().lost(outgoing.firstUnanswered(lane), outgoing.hasAnswers(lane), silence, byPeer);
    }

    /** Whether the local session is to deliver nothing for now. */
    boolean isHeld() {
        return quiet || outgoing.isHolding() || staleIdentifiers.isHeld() || outgoing.isFull();
    }

    /** Whether nothing is to be sent for now. */
    boolean isHeldBack() {
        return sendRate.isHeldBack() || sendBudget.isHeldBack();
    }

    /** Says whether messages may leave. */
    void open(boolean mayLeave) {
        outgoing.open(mayLeave);
    }

    /** A connection is being closed: what is delivered from now on is not sent. */
    void leave() {
        outgoing.leave();
    }

    /** The local session is to deliver nothing more, and what comes with QoS 1 or 2 is not taken. */
    void quieten() {
        quiet = true;
        incoming.quieten(true);
    }

    /** It may again, and what was not taken meanwhile is caught up with. */
    void goOn() {
        quiet = false;
        incoming.quieten(false);
    }

    /** Whether nothing that has crossed is still to be acknowledged, or released at the remote broker. */
    boolean isQuiet() {
        return outgoing.isQuiet() && incoming.isQuiet();
    }

    /** Whether something that was delivered is still to be sent. */
    boolean isAwaited() {
        return outgoing.isAwaited() || outgoing.isHolding();
    }

    /**
     * Joins the local session, which delivers nothing yet. Completes when both sessions are subscribed to what the routes say, and the remote
     * one takes no new message for an old one.
     *
     * @param fromElsewhere whether the local session was joined with another remote broker before
     */
    CompletionStage<Void> attach(Session attached, LocalSubscriptions localSubscriptions, boolean fromElsewhere) {
        session = attached;
        if (!remoteSessionPresent || fromElsewhere) {
            session.forgetReceived(); // its identifiers begin anew, or are those of another broker
        }
        if (fromElsewhere && !link.remotes().isOnlyOne()) {
            // Both may be of one cluster, which has got something else by way of the other.
            link.remembered().ifPresent(remembered -> remembered.doubtAll(broker.index(), Direction.FORWARD));
        }
        if (!remoteSessionPresent) {
            broker.session().begun();
        }
        outgoing.attach(session);
        connection.reading(true);
        incoming.attach(session);
        return localSubscriptions
                .apply(session)
                .thenCombine(remoteSubscriptions.apply(), (local, remote) -> null)
                .thenCombine(
                        fromElsewhere ? comingFromElsewhere() : staleIdentifiers.begin(deliveries),
                        (subscribed, released) -> null);
    }

    private CompletionStage<Void> comingFromElsewhere() {
        // Also where nothing is sent with QoS 2: an edit may change that, and the broker be no new one then.
        BitSet stale = limits.maximumQos() == QoS.EXACTLY_ONCE
                ? broker.session().stale(link.inFlight())
                : new BitSet(); // it cannot hold any
        return leftovers
                .release(stale)
                .thenCompose(released -> staleIdentifiers.begin(deliveries))
                .thenCompose(
                        released -> session.unsubscribe(List.of())) // when it answers what it has forgotten is kept
                .thenCompose(forgotten -> link.remotes().joined(broker));
    }

    /** Subscribes the local session to something else. */
    CompletionStage<Void> subscribe(LocalSubscriptions subscriptions) {
        return subscriptions.apply(session);
    }

    /** Asks once more for what the bridge might not subscribe to. */
    CompletionStage<Void> askAgain(LocalSubscriptions subscriptions) {
        return subscriptions.askAgain(session);
    }

    /** Takes what was held while it was paused; false where only the next connection brings all of it. */
    boolean catchUp() {
        return incoming.catchUp();
    }

    void detach() {
        remoteSubscriptions.detach();
        staleIdentifiers.close();
        sendRate.close();
        sendBudget.close();
        outgoing.detach();
        incoming.detach();
    }

    @Override
    public void publish(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers) {
        incoming.publish(message, packetId, dup, subscriptionIdentifiers);
    }

    @Override
    public void acknowledged(Acknowledgement kind, int packetId, ReasonCode reason) {
        switch (kind) {
            case PUBACK -> outgoing.puback(packetId, reason);
            case PUBREC -> outgoing.pubrec(packetId, reason);
            case PUBREL -> incoming.pubrel(packetId);
            case PUBCOMP -> outgoing.pubcomp(packetId);
        }
    }

    @Override
    public void subAck(ControlPacket.SubAck subAck) {
        remoteSubscriptions.subAck(subAck);
    }

    @Override
    public void unsubAck(ControlPacket.UnsubAck unsubAck) {
        remoteSubscriptions.unsubAck(unsubAck);
    }
}
