/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.routing;

import io.bascule.api.Subscription;
import io.bascule.broker.MemoryBroker;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
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
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A client and its connection in one. It acknowledges what it gets when it is told to. */
final class Link implements Connection {
    private static final int[] NONE = {};
    private static final SocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    private final MemoryLoop loop;
    private final ConnectionHandler broker;
    private Message last;
    private int owed; // the Packet Identifier of the message that is to be acknowledged, 0 for none
    private int packetId;
    private int acknowledged;

    /** Connects. */
    Link(MemoryLoop loop, MemoryBroker broker, String clientId) {
        this.loop = loop;
        this.broker = broker.accept(this);
        this.broker.packet(connect(clientId));
        loop.run();
    }

    private static ControlPacket.Connect connect(String clientId) {
        return new ControlPacket.Connect(
                MqttVersion.MQTT_5,
                false,
                clientId,
                true,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                0,
                false,
                true,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    void subscribe(String filter) {
        Subscription subscription = new Subscription(
                TopicFilter.of(filter), QoS.AT_LEAST_ONCE, false, false, Subscription.RetainHandling.SEND, 0);
        broker.packet(new ControlPacket.Subscribe(1, List.of(ControlPacket.RequestedSubscription.of(subscription))));
        loop.run();
    }

    /** Publishes, and waits for its PUBACK where there is one to wait for. */
    void publish(Message message) {
        if (message.qos() == QoS.AT_MOST_ONCE) {
            broker.publish(message, 0, false, NONE);
            loop.run();
            return;
        }
        packetId = packetId % 65_535 + 1;
        broker.publish(message, packetId, false, NONE);
        loop.run();
        if (acknowledged != packetId) {
            throw new IllegalStateException("not acknowledged");
        }
    }

    /** Acknowledges the message that it got last, which it returns. */
    Message acknowledge() {
        if (owed != 0) {
            broker.acknowledged(Acknowledgement.PUBACK, owed, ReasonCode.SUCCESS);
            owed = 0;
        }
        return last;
    }

    // ---------------------------------------------------------------- for the broker

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public SocketAddress remoteAddress() {
        return ADDRESS;
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return List.of();
    }

    @Override
    public Optional<MqttVersion> version() {
        return Optional.of(MqttVersion.MQTT_5);
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void send(ControlPacket packet) {}

    @Override
    public boolean publish(Message message, QoS qos, boolean retain, boolean dup, int id, int[] identifiers) {
        last = message;
        owed = id;
        return true;
    }

    @Override
    public void acknowledge(Acknowledgement kind, int id, ReasonCode reason) {
        acknowledged = id;
    }

    @Override
    public void acknowledge(Acknowledgement kind, int id, ReasonCode reason, String reasonString) {
        acknowledge(kind, id, reason);
    }

    @Override
    public void readTimeout(Duration timeout) {}

    @Override
    public void reading(boolean enabled) {}

    @Override
    public void close() {
        throw new IllegalStateException("sent away");
    }
}
