/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.EventLoop;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A connection that shows what is sent over it. */
final class TracedConnection implements Connection {
    private final Connection connection;
    private final Traces traces;

    TracedConnection(Connection connection, Traces traces) {
        this.connection = connection;
        this.traces = traces;
    }

    @Override
    public EventLoop eventLoop() {
        return connection.eventLoop();
    }

    @Override
    public SocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return connection.peerCertificates();
    }

    @Override
    public Optional<MqttVersion> version() {
        return connection.version();
    }

    @Override
    public boolean isWritable() {
        return connection.isWritable();
    }

    @Override
    public void send(ControlPacket packet) {
        connection.send(packet);
        traces.packet(true, packet);
    }

    @Override
    public boolean publish(
            Message message, QoS qos, boolean retain, boolean dup, int packetId, int[] subscriptionIdentifiers) {
        boolean sent = connection.publish(message, qos, retain, dup, packetId, subscriptionIdentifiers);
        if (sent) {
            traces.publish(true, message, qos, retain, dup, packetId);
        }
        return sent;
    }

    @Override
    public void acknowledge(Acknowledgement kind, int packetId, ReasonCode reason) {
        connection.acknowledge(kind, packetId, reason);
        traces.acknowledged(true, kind, packetId);
    }

    @Override
    public void acknowledge(Acknowledgement kind, int packetId, ReasonCode reason, String reasonString) {
        connection.acknowledge(kind, packetId, reason, reasonString);
        traces.acknowledged(true, kind, packetId);
    }

    @Override
    public void readTimeout(Duration timeout) {
        connection.readTimeout(timeout);
    }

    @Override
    public void reading(boolean enabled) {
        connection.reading(enabled);
    }

    @Override
    public void close() {
        connection.close();
    }
}
