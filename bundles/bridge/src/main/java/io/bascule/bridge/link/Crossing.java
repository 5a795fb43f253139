/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Session;
import io.bascule.bridge.route.RouteTable;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ControlPacket;
import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;

/** Both directions over one connection, from CONNACK to its end. */
final class Crossing {
    private final Connection connection;
    private final Limits limits;
    private final boolean remoteSessionPresent;
    private final RouteTable subscribe;
    private final LocalSubscriptions localSubscriptions;
    private final RemoteSubscriptions remoteSubscriptions;
    private final InFlight inFlight;
    private final Outgoing outgoing;
    private final Incoming incoming;

    Crossing(
            Connection connection,
            Limits limits,
            boolean remoteSessionPresent,
            RouteTable forward,
            RouteTable subscribe,
            InFlight inFlight,
            Pulse pulse,
            Outgoing.Events events,
            Refusals refusals) {
        this.connection = connection;
        this.limits = limits;
        this.remoteSessionPresent = remoteSessionPresent;
        this.subscribe = subscribe;
        this.inFlight = inFlight;
        this.outgoing = new Outgoing(connection, limits, forward, inFlight, pulse, events);
        this.incoming = new Incoming(connection, limits, subscribe, events);
        this.localSubscriptions = new LocalSubscriptions(forward.routes(), refusals);
        this.remoteSubscriptions = new RemoteSubscriptions(connection, limits, refusals);
    }

    Limits limits() {
        return limits;
    }

    boolean remoteSessionPresent() {
        return remoteSessionPresent;
    }

    SocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    /** What the local session is opened with. */
    Outgoing outgoing() {
        return outgoing;
    }

    /** Joins the local session, which delivers nothing yet. Completes when both sessions are subscribed to what the routes say. */
    CompletionStage<Void> attach(Session session) {
        if (!session.present()) {
            inFlight.lost();
        }
        if (!remoteSessionPresent) {
            session.forgetReceived(); // its identifiers begin anew
        }
        outgoing.attach(session);
        connection.reading(true);
        incoming.attach(session);
        return localSubscriptions
                .apply(session)
                .thenCombine(remoteSubscriptions.apply(subscribe.routes()), (local, remote) -> null);
    }

    void detach() {
        incoming.detach();
    }

    void publish(Message message, int packetId, int[] subscriptionIdentifiers) {
        incoming.publish(message, packetId, subscriptionIdentifiers);
    }

    void acknowledged(Acknowledgement kind, int packetId, ReasonCode reason) {
        switch (kind) {
            case PUBACK -> outgoing.puback(packetId, reason);
            case PUBREC -> outgoing.pubrec(packetId, reason);
            case PUBREL -> incoming.pubrel(packetId);
            case PUBCOMP -> outgoing.pubcomp(packetId);
        }
    }

    void subAck(ControlPacket.SubAck subAck) {
        remoteSubscriptions.subAck(subAck);
    }
}
