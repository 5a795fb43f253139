/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A connection of a client to the broker, which hands over what is sent through it as it is sent. */
final class Wire implements Connection {
    private final SteppedLoop loop;
    private final MqttVersion version;
    private final Receiver receiver;
    private ConnectionHandler broker;
    private boolean closed;
    private boolean goodbye;

    /** What the client gets; also from within a call of the broker's. */
    interface Receiver {
        void packet(ControlPacket packet);

        void publish(Message message, QoS qos, boolean retain, boolean dup, int packetId, int[] identifiers);

        void acknowledged(Acknowledgement kind, int packetId);

        void closed();
    }

    Wire(SteppedLoop loop, MqttVersion version, Receiver receiver) {
        this.loop = loop;
        this.version = version;
        this.receiver = receiver;
    }

    void open(ConnectionHandler handler) {
        broker = handler;
        handler.opened(this);
    }

    ConnectionHandler broker() {
        return broker;
    }

    boolean isClosed() {
        return closed;
    }

    void sayGoodbye() {
        goodbye = true;
    }

    /** Whether the broker has said DISCONNECT. */
    boolean saidGoodbye() {
        return goodbye;
    }

    /** The client is gone without a word. */
    void cut() {
        closed = true;
        broker.closed("cut");
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public SocketAddress remoteAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return List.of();
    }

    @Override
    public Optional<MqttVersion> version() {
        return Optional.of(version);
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void send(ControlPacket packet) {
        if (!closed) {
            receiver.packet(packet);
        }
    }

    @Override
    public boolean publish(Message message, QoS qos, boolean retain, boolean dup, int packetId, int[] identifiers) {
        if (!closed) {
            receiver.publish(message, qos, retain, dup, packetId, identifiers);
        }
        return true;
    }

    @Override
    public void acknowledge(Acknowledgement kind, int packetId, ReasonCode reason) {
        if (!closed) {
            receiver.acknowledged(kind, packetId);
        }
    }

    @Override
    public void acknowledge(Acknowledgement kind, int packetId, ReasonCode reason, String reasonString) {
        acknowledge(kind, packetId, reason);
    }

    @Override
    public void readTimeout(Duration timeout) {}

    @Override
    public void reading(boolean enabled) {}

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            receiver.closed();
            loop.execute(() -> broker.closed("closed"));
        }
    }
}
