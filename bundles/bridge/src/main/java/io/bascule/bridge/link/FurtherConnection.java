/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.link.Greetings.Greeting;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import io.bascule.resource.Lease;
import io.bascule.spi.Credentials;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ControlPacket;
import java.time.Duration;
import java.util.Optional;

/**
 * A connection beside the first one to the same remote broker, with a client id and a session of its own that ends with it: it is for messages of QoS 0 and
 * 1 that leave. On the event loop alone.
 */
final class FurtherConnection implements RemoteSide.Events, RemoteSide.Accepted {
    private final Lasting link;
    private final RemoteBroker broker;
    private final int number;
    private final Greeting greeting;
    private final Credentials credentials;
    private final Events events;
    private final Pulse pulse;
    private final RemoteSide remote;
    private Limits limits;
    private Lane lane;
    private Outgoing outgoing;
    private Lease overdue;
    private boolean over;

    /** What becomes of it. */
    interface Events {
        /** The remote broker has accepted it. */
        void accepted(FurtherConnection connection);

        /** It has more room, or none. */
        void pace();

        /** It is being closed: what is sent from now on may never leave. */
        void leaving(FurtherConnection connection);

        /** It is over, or did not come about. The last call. */
        void lost(FurtherConnection connection, String why);
    }

    /** The one of this number, from 2 on; does nothing yet. */
    FurtherConnection(
            Lasting link, RemoteBroker broker, int number, Greeting greeting, Credentials credentials, Events events) {
        this.link = link;
        this.broker = broker;
        this.number = number;
        this.greeting = greeting;
        this.credentials = credentials;
        this.events = events;
        this.pulse = new Pulse(link.nanoTime());
        this.remote = new RemoteSide(Optional.empty(), greeting.version(), link.scope(), pulse, link.traces(), this);
    }

    /** Makes the connection; the first has waited for as long as it may when this one has taken half of that. */
    void connect() {
        Duration most = link.definition().connectTimeout().dividedBy(2);
        overdue = link.eventLoop()
                .schedule(
                        link.scope(),
                        most,
                        () -> remote.close(
                                ReasonCode.UNSPECIFIED_ERROR, "the remote broker took too long over the connection"));
        remote.connect(link.transport(), link.wayOut().remote(broker.server()), link.eventLoop());
    }

    int number() {
        return number;
    }

    /** Whether messages may leave over it. */
    boolean isAccepted() {
        return limits != null && !over;
    }

    boolean isOver() {
        return over;
    }

    /** Whether it was the other end that has closed it, or nobody. */
    boolean isClosedByPeer() {
        return remote.isClosedByPeer();
    }

    boolean isWritable() {
        return remote.isWritable();
    }

    /** How the remote broker answers over it; from any thread. */
    Pulse pulse() {
        return pulse;
    }

    /** What messages leave by. */
    Lane lane() {
        return lane;
    }

    /** Who hears of acknowledgements. */
    void attach(Outgoing attached) {
        outgoing = attached;
    }

    /** Acknowledgements are of no more use. */
    void detach() {
        outgoing = null;
    }

    void close(String sentence) {
        remote.close(ReasonCode.SUCCESS, sentence);
    }

    @Override
    public void prepared() {
        remote.begin(
                Handshake.connectFurther(link.definition(), number, link.local().brokerId(), greeting, credentials));
    }

    @Override
    public void greeted() {
        // it keeps no session
    }

    @Override
    public RemoteSide.Accepted accepted(Connection connection, ControlPacket.ConnAck connAck) {
        overdue.close();
        limits = Limits.of(
                link.definition(),
                greeting.version(),
                connAck.properties(),
                link.loops().guard(broker.server(), link.local().brokerId(), connAck.properties(), greeting));
        lane = new Lane(connection, limits.outgoingMaximum(), pulse);
        events.accepted(this);
        return this;
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public void pace() {
        events.pace();
    }

    @Override
    public void leaving() {
        events.leaving(this);
    }

    @Override
    public void lost(String why) {
        over = true;
        overdue.close();
        events.lost(this, why);
    }

    @Override
    public void publish(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers) {
        violated("sends a message over a connection that is subscribed to nothing");
    }

    @Override
    public void acknowledged(Acknowledgement kind, int packetId, ReasonCode reason) {
        if (kind != Acknowledgement.PUBACK) {
            violated("answers with " + kind + " where nothing was sent with QoS 2");
        } else if (outgoing != null) {
            outgoing.puback(lane, packetId, reason);
        }
    }

    @Override
    public void answered() {
        if (outgoing != null && outgoing.retained() != null) {
            outgoing.retained().answered();
        }
    }

    private void violated(String what) {
        remote.close(ReasonCode.PROTOCOL_ERROR, "the remote broker " + what);
    }

    @Override
    public void subAck(ControlPacket.SubAck subAck) {
        violated("answers a SUBSCRIBE that was not sent");
    }

    @Override
    public void unsubAck(ControlPacket.UnsubAck unsubAck) {
        violated("answers an UNSUBSCRIBE that was not sent");
    }
}
