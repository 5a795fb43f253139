/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.status.Presence;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.EventLoop;
import io.bascule.transport.Remote;
import io.bascule.transport.Transport;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** One connection to the remote broker, or the attempt at one: speaks the client's part of MQTT and leaves the messages to a accepted. */
final class RemoteSide implements ConnectionHandler {
    private static final int[] NO_IDENTIFIERS = {};

    private final Optional<Presence> presence;
    private final MqttVersion version;
    private final ResourceScope scope;
    private final Pulse pulse;
    private final Traces traces;
    private final Events events;
    private Lease attempt;
    private Connection connection;
    private Accepted accepted;
    private Lease ping;
    private String why;
    private boolean begun;
    private boolean notUnderstood;
    private boolean versionRefused;
    private boolean closing;
    private boolean closedByPeer;

    /** What becomes of the connection. */
    interface Events {
        /** There is a connection, over which nothing was said. */
        void prepared();

        /** CONNACK has come, whatever it says. */
        void greeted();

        /** It says that the bridge is accepted; returns who takes what comes from now on. */
        Accepted accepted(Connection connection, ControlPacket.ConnAck connAck);

        /** The connection has room again, or none. */
        void pace();

        /** The connection over which the bridge was accepted is being closed: what is sent from now on may never leave. */
        void leaving();

        /** It is over, or did not come about. The last call. */
        void lost(String why);
    }

    /** Who takes what comes over a connection that the remote broker has accepted. */
    interface Accepted {
        Limits limits();

        void publish(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers);

        void acknowledged(Acknowledgement kind, int packetId, ReasonCode reason);

        /** PINGRESP has come. */
        void answered();

        void subAck(ControlPacket.SubAck subAck);

        void unsubAck(ControlPacket.UnsubAck unsubAck);
    }

    /** A connection over which this version will be spoken; the remote broker is told that the bridge is there where {@code presence} says. */
    RemoteSide(
            Optional<Presence> presence,
            MqttVersion version,
            ResourceScope scope,
            Pulse pulse,
            Traces traces,
            Events events) {
        this.presence = presence;
        this.version = version;
        this.scope = scope;
        this.pulse = pulse;
        this.traces = traces;
        this.events = events;
    }

    /** Makes a connection; {@link Events#prepared} follows, and nothing is said yet. */
    void connect(Transport transport, Remote to, EventLoop eventLoop) {
        attempt = transport.connect(to, eventLoop, scope, this);
    }

    /** Says the first word, with the connection prepared. */
    void begin(ControlPacket.Connect connect) {
        begun = true;
        connection.send(connect);
        pulse.asked();
    }

    /** Whether there is a connection, over which something may have been said already. */
    boolean isOpen() {
        return connection != null;
    }

    /** Whether CONNECT was answered by an end, and with no other word than that its protocol level is not supported. */
    boolean isNotUnderstood() {
        return notUnderstood;
    }

    /** Whether the remote broker has said so in CONNACK. */
    boolean isVersionRefused() {
        return versionRefused;
    }

    /** Whether it was the other end that has closed it, or nobody. */
    boolean isClosedByPeer() {
        return closedByPeer;
    }

    /** Whether more may be sent: not when it is being closed, since what is sent then may never leave. */
    boolean isWritable() {
        return !closing && connection.isWritable();
    }

    /** Ends it, with a DISCONNECT where the protocol has one for this reason; {@link Events#lost} follows. */
    void close(ReasonCode reason, String sentence) {
        boolean spoken = version == MqttVersion.MQTT_5 || reason == ReasonCode.SUCCESS;
        close(sentence, spoken && Handshake.isClientsReason(reason) ? ControlPacket.Disconnect.of(reason) : null);
    }

    /**
     * Ends it, and has the remote broker end the session by itself so many seconds later. Returns whether that was said: it cannot be before
     * CONNACK, nor on 3.1.1.
     */
    boolean closeForGood(String sentence, long sessionExpiryInterval) {
        boolean sayable = accepted != null && !closing && version == MqttVersion.MQTT_5;
        OptionalLong expiry = sayable ? OptionalLong.of(sessionExpiryInterval) : OptionalLong.empty();
        close(sentence, new ControlPacket.Disconnect(ReasonCode.SUCCESS, expiry, Optional.empty()));
        return sayable;
    }

    private void close(String sentence, ControlPacket.Disconnect goodbye) {
        if (closing) {
            return;
        }
        closing = true;
        why = sentence;
        if (connection == null) {
            attempt.close();
            return;
        }
        holdBack();
        if (accepted != null && goodbye != null && goodbye.reason() == ReasonCode.SUCCESS) {
            presence.ifPresent(it -> tell(it.offline(QoS.AT_MOST_ONCE))); // no will speaks
        }
        if (accepted != null && goodbye != null) {
            connection.send(goodbye);
        }
        connection.close();
    }

    /** Nothing more is to be sent. */
    private void holdBack() {
        if (accepted != null) {
            events.leaving();
        }
    }

    /** Says that this bridge is there, where the remote broker is to know. */
    void tellOnline() {
        presence.ifPresent(it -> tell(it.online()));
    }

    private void tell(Message retained) {
        connection.publish(retained, QoS.AT_MOST_ONCE, true, false, 0, NO_IDENTIFIERS);
    }

    @Override
    public void opened(Connection opened) {
        connection = new TracedConnection(opened, traces);
        if (closing) { // while it was on its way
            connection.close();
            return;
        }
        events.prepared();
    }

    @Override
    public void packet(ControlPacket packet) {
        traces.packet(false, packet);
        if (closing) {
            return;
        }
        if (packet instanceof ControlPacket.ConnAck connAck) {
            pulse.answered();
            connAck(connAck);
        } else if (packet instanceof ControlPacket.PingResp) {
            pulse.answered();
            if (accepted != null) {
                accepted.answered();
            }
        } else if (packet instanceof ControlPacket.SubAck subAck && accepted != null) {
            accepted.subAck(subAck);
        } else if (packet instanceof ControlPacket.UnsubAck unsubAck && accepted != null) {
            accepted.unsubAck(unsubAck);
        } else if (packet instanceof ControlPacket.Disconnect disconnect) {
            why = Handshake.disconnected(disconnect);
            closedByPeer = true;
            closing = true;
            holdBack();
            connection.close();
        } else if (packet instanceof ControlPacket.Auth) {
            close(ReasonCode.PROTOCOL_ERROR, "the remote broker asks for an authentication that nobody offered");
        }
    }

    private void connAck(ControlPacket.ConnAck connAck) {
        if (connAck.reason().isFailure()) {
            versionRefused = connAck.reason() == ReasonCode.UNSUPPORTED_PROTOCOL_VERSION;
            notUnderstood = versionRefused;
            events.greeted();
            close(connAck.reason(), Handshake.refusal(connAck, version));
            return;
        }
        accepted = events.accepted(connection, connAck);
        events.greeted();
        Duration keepAlive = accepted.limits().keepAlive();
        connection.readTimeout(keepAlive.multipliedBy(3).dividedBy(2));
        schedulePing(keepAlive.dividedBy(2));
    }

    /**
     * Asks for a sign of life twice per keep alive, whatever else is sent: a link that only sends QoS 0 hears nothing else, and one that only
     * receives says nothing else [MQTT-3.1.2-20].
     */
    private void schedulePing(Duration interval) {
        ping = connection.eventLoop().schedule(scope, interval, () -> {
            connection.send(new ControlPacket.PingReq());
            pulse.asked();
            schedulePing(interval);
        });
    }

    @Override
    public void publish(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers) {
        traces.publish(false, message, message.qos(), message.retain(), dup, packetId);
        if (accepted != null && !closing) {
            accepted.publish(message, packetId, dup, subscriptionIdentifiers);
        }
    }

    @Override
    public void acknowledged(Acknowledgement kind, int packetId, ReasonCode reason) {
        traces.acknowledged(false, kind, packetId);
        if (accepted != null && !closing) {
            accepted.acknowledged(kind, packetId, reason);
        }
    }

    @Override
    public void writabilityChanged() {
        if (accepted != null && !closing) {
            events.pace();
        }
    }

    @Override
    public void failed(ReasonCode reason, String what) {
        close(reason, what);
    }

    @Override
    public void closed(String sentence) {
        notUnderstood |= begun && accepted == null && !closing;
        closedByPeer |= !closing;
        closing = true;
        connection = null;
        if (ping != null) {
            ping.close();
        }
        events.lost(why == null ? sentence : why);
    }
}
