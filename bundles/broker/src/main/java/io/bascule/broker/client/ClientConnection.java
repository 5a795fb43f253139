/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.client;

import io.bascule.api.SessionOptions.Overlap;
import io.bascule.broker.DropReason;
import io.bascule.broker.session.Attachment;
import io.bascule.broker.session.BrokerLoop;
import io.bascule.broker.session.ClientSession;
import io.bascule.broker.session.Peer;
import io.bascule.broker.session.SessionRegistry;
import io.bascule.broker.session.Will;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ConnAck;
import io.bascule.transport.ControlPacket.Connect;
import io.bascule.transport.ControlPacket.Disconnect;
import io.bascule.transport.ControlPacket.PingReq;
import io.bascule.transport.ControlPacket.RequestedSubscription;
import io.bascule.transport.ControlPacket.SubAck;
import io.bascule.transport.ControlPacket.Subscribe;
import io.bascule.transport.ControlPacket.UnsubAck;
import io.bascule.transport.ControlPacket.Unsubscribe;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One network client: from its first packet to the end of its connection. It turns packets into calls on the session and the session's
 * wishes into packets; what outlives the connection is in the session.
 *
 * <p>While the session is handed over from another event loop, what the client sends meanwhile is kept and then served in order.
 */
public final class ClientConnection implements ConnectionHandler, Peer {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    private final String listener;
    private final ServerLimits limits;
    private final SessionRegistry registry;
    private final Function<Connection, BrokerLoop> loops;
    private final ClientSession.Acknowledged puback = this::sendPuback;
    private final ClientSession.Acknowledged pubrec = this::sendPubrec;

    private Connection connection;
    private BrokerLoop loop;
    private ClientSession session;
    private MqttVersion version;
    private int keepAlive;
    private long requestedExpiry;
    private Queue<Runnable> early = new ArrayDeque<>(1);
    private boolean over;

    /** A connection that has not been opened yet. */
    public ClientConnection(
            String listener, ServerLimits limits, SessionRegistry registry, Function<Connection, BrokerLoop> loops) {
        this.listener = listener;
        this.limits = limits;
        this.registry = registry;
        this.loops = loops;
    }

    // ---------------------------------------------------------------- from the client

    @Override
    public void opened(Connection opened) {
        connection = opened;
        loop = loops.apply(opened);
        connection.readTimeout(limits.connectTimeout());
    }

    @Override
    public void packet(ControlPacket packet) {
        if (packet instanceof Connect connect) {
            connect(connect);
        } else if (session == null) {
            later(() -> packet(packet));
        } else if (over) {
            LOG.debug("client {} has gone: its {} is ignored", this, packet);
        } else if (packet instanceof Subscribe subscribe) {
            subscribe(subscribe);
        } else if (packet instanceof Unsubscribe unsubscribe) {
            unsubscribe(unsubscribe);
        } else if (packet instanceof PingReq) {
            connection.send(new ControlPacket.PingResp()); // [MQTT-3.12.4-1]
        } else if (packet instanceof Disconnect disconnect) {
            disconnect(disconnect);
        } else {
            refuse(ReasonCode.PROTOCOL_ERROR, "a packet that needs an authentication method");
        }
    }

    private void later(Runnable served) {
        if (!over) {
            early.add(served);
        }
    }

    @Override
    public void publish(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers) {
        if (session == null) {
            later(() -> publish(message, packetId, dup, subscriptionIdentifiers));
            return;
        }
        if (over) {
            return;
        }
        if (message.topic().isReserved()) {
            refusePublish(message, packetId);
        } else if (message.topic().levelCount() > limits.topicLevels()) {
            refuse(ReasonCode.TOPIC_NAME_INVALID, "a topic with more than " + limits.topicLevels() + " levels");
        } else {
            session.publish(message, packetId, message.qos() == QoS.AT_LEAST_ONCE ? puback : pubrec);
        }
    }

    /** Topics that begin with {@code $} are the broker's own: acknowledged, for 5.0 with the reason, and not delivered. */
    private void refusePublish(Message message, int packetId) {
        loop.counters().dropped(DropReason.NOT_AUTHORIZED);
        if (message.qos() == QoS.AT_LEAST_ONCE) {
            sendPuback(packetId, ReasonCode.NOT_AUTHORIZED);
        } else if (message.qos() == QoS.EXACTLY_ONCE) {
            sendPubrec(packetId, ReasonCode.NOT_AUTHORIZED);
        }
    }

    private void sendPuback(int packetId, ReasonCode reason) {
        connection.acknowledge(Acknowledgement.PUBACK, packetId, reason);
    }

    private void sendPubrec(int packetId, ReasonCode reason) {
        connection.acknowledge(Acknowledgement.PUBREC, packetId, reason);
    }

    @Override
    public void acknowledged(Acknowledgement kind, int packetId, ReasonCode reason) {
        if (session == null) {
            later(() -> acknowledged(kind, packetId, reason));
            return;
        }
        if (over) {
            return;
        }
        switch (kind) {
            case PUBACK -> session.puback(packetId);
            case PUBREC -> session.pubrec(packetId, reason);
            case PUBCOMP -> session.pubcomp(packetId);
            case PUBREL -> {
                boolean known = session.release(packetId);
                ReasonCode answer = known ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
                connection.acknowledge(Acknowledgement.PUBCOMP, packetId, answer); // [MQTT-4.3.3-11]
            }
        }
    }

    @Override
    public void writabilityChanged() {
        if (session != null && !over) {
            session.drain();
        }
    }

    @Override
    public void failed(ReasonCode reason, String what) {
        LOG.info("client {} on listener {}: {}: {}", this, listener, reason, what);
        goodbye(reason);
    }

    @Override
    public void closed(String why) {
        if (session != null) {
            LOG.debug("client {} on listener {} gone: {}", this, listener, why);
        }
        leave(true);
    }

    // ---------------------------------------------------------------- CONNECT

    private void connect(Connect connect) {
        version = connect.version();
        keepAlive = connect.keepAlive();
        boolean version5 = version == MqttVersion.MQTT_5;
        if (connect.authenticationMethod().isPresent()) {
            reject(
                    ReasonCode.BAD_AUTHENTICATION_METHOD,
                    "no provider for its authentication method"); // [MQTT-4.12.0-1]
            return;
        }
        if (connect.clientId().isEmpty() && !mayBeAssigned(connect)) {
            reject(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID, "no client id"); // [MQTT-3.1.3-8]
            return;
        }
        Optional<Topic> willTopic = connect.will().map(will -> will.message().topic());
        if (willTopic.filter(Topic::isReserved).isPresent()) {
            reject(ReasonCode.NOT_AUTHORIZED, "a will for one of the broker's own topics");
            return;
        }
        if (willTopic.filter(topic -> topic.levelCount() > limits.topicLevels()).isPresent()) {
            reject(ReasonCode.TOPIC_NAME_INVALID, "a will topic with more than " + limits.topicLevels() + " levels");
            return;
        }
        Optional<String> assigned = connect.clientId().isEmpty()
                ? Optional.of("bascule-" + UUID.randomUUID()) // [MQTT-3.1.3-6]
                : Optional.empty();
        requestedExpiry = version5
                ? connect.sessionExpiryInterval().orElse(0)
                : connect.cleanStart() ? 0 : limits.longestExpiry();
        connection.readTimeout(Duration.ofMillis(keepAlive * 1500L)); // [MQTT-3.1.2-22]
        registry.open(
                assigned.orElse(connect.clientId()),
                connect.cleanStart(),
                loop,
                (opened, present) -> established(opened, present, connect, assigned));
        if (session == null && !over) {
            connection.reading(false); // the session is on its way from another event loop
        }
    }

    private static boolean mayBeAssigned(Connect connect) {
        return switch (connect.version()) {
            case MQTT_3_1 -> false; // one character at least, in section 3.1 of that specification
            case MQTT_3_1_1 -> connect.cleanStart(); // [MQTT-3.1.3-7] of 3.1.1
            case MQTT_5 -> true; // [MQTT-3.1.3-6]
        };
    }

    private void established(ClientSession opened, boolean present, Connect connect, Optional<String> assigned) {
        session = opened;
        long expiry = Math.min(requestedExpiry, limits.longestExpiry());
        Attachment attachment = new Attachment(
                this,
                expiry,
                connect.receiveMaximum().orElse(65_535),
                connect.will()
                        .map(will -> new Will(will.message(), will.delayInterval(), will.messageExpiryInterval())),
                Overlap.ONE_COPY);
        if (over) { // gone while the session was on its way here
            session.attach(attachment);
            session.detach(this, true);
            return;
        }
        boolean sayPresent = present && version != MqttVersion.MQTT_3_1;
        connection.send(new ConnAck(
                sayPresent, ReasonCode.SUCCESS, limits.toProperties(expiry == requestedExpiry, expiry, assigned)));
        LOG.debug("client {} connected on listener {}, session {}", this, listener, present ? "resumed" : "new");
        session.attach(attachment);
        Queue<Runnable> waiting = early;
        early = null;
        waiting.forEach(Runnable::run);
        connection.reading(true);
    }

    private void reject(ReasonCode reason, String what) {
        LOG.info("client {} on listener {} refused: {}: {}", this, listener, reason, what);
        connection.send(new ConnAck(false, reason, ControlPacket.ServerProperties.NONE)); // [MQTT-3.2.2-6]
        leave(false);
        connection.close();
    }

    // ---------------------------------------------------------------- the other packets

    private void subscribe(Subscribe subscribe) {
        List<ReasonCode> reasons =
                subscribe.subscriptions().stream().map(this::check).toList();
        // Before the subscriptions are made: what is retained may leave ahead of SUBACK, but clients cope better with
        // it behind.
        connection.send(new SubAck(subscribe.packetId(), reasons)); // [MQTT-3.8.4-1]
        for (RequestedSubscription each : subscribe.subscriptions()) {
            each.subscription().ifPresent(session::subscribe);
        }
    }

    private ReasonCode check(RequestedSubscription requested) {
        return requested.subscription().map(session::check).orElse(ReasonCode.TOPIC_FILTER_INVALID);
    }

    private void unsubscribe(Unsubscribe unsubscribe) {
        List<ReasonCode> reasons = new ArrayList<>();
        for (Optional<TopicFilter> filter : unsubscribe.filters()) {
            reasons.add(filter.map(session::unsubscribe).orElse(ReasonCode.TOPIC_FILTER_INVALID));
        }
        connection.send(new UnsubAck(unsubscribe.packetId(), reasons)); // [MQTT-3.10.4-4]
    }

    private void disconnect(Disconnect disconnect) {
        if (disconnect.sessionExpiryInterval().isPresent()) {
            long expiry = disconnect.sessionExpiryInterval().getAsLong();
            if (requestedExpiry == 0 && expiry != 0) {
                refuse(ReasonCode.PROTOCOL_ERROR, "DISCONNECT that makes a session last"); // section 3.14.2.2.2
                return;
            }
            session.sessionExpiryInterval(Math.min(expiry, limits.longestExpiry()));
        }
        leave(disconnect.reason() != ReasonCode.SUCCESS); // [MQTT-3.14.4-3]
        connection.close();
    }

    private void refuse(ReasonCode reason, String what) {
        LOG.info("client {} on listener {}: {}: {}", this, listener, reason, what);
        goodbye(reason);
    }

    /** Tells a 5.0 client why, and closes [MQTT-4.13.1-1]: by CONNACK where it has not had one, by DISCONNECT afterwards. */
    private void goodbye(ReasonCode reason) {
        if (over) {
            return;
        }
        boolean version5 =
                connection.version().filter(MqttVersion.MQTT_5::equals).isPresent();
        if (session != null && version5) {
            connection.send(Disconnect.of(reason)); // [MQTT-3.14.0-1]
        } else if (session == null && (version5 || reason == ReasonCode.UNSUPPORTED_PROTOCOL_VERSION)) {
            connection.send(new ConnAck(false, reason, ControlPacket.ServerProperties.NONE));
        }
        leave(true);
        connection.close();
    }

    private void leave(boolean withWill) {
        if (!over) {
            over = true;
            if (session != null) {
                session.detach(this, withWill);
            }
        }
    }

    // ---------------------------------------------------------------- to the client

    @Override
    public boolean isWritable() {
        return connection.isWritable();
    }

    @Override
    public boolean publish(
            Message message, QoS qos, boolean retain, boolean dup, int packetId, int[] subscriptionIdentifiers) {
        return connection.publish(message, qos, retain, dup, packetId, subscriptionIdentifiers);
    }

    @Override
    public void pubrel(int packetId, ReasonCode reason) {
        connection.acknowledge(Acknowledgement.PUBREL, packetId, reason);
    }

    @Override
    public void detached(ReasonCode reason) {
        if (!over) {
            over = true;
            if (version == MqttVersion.MQTT_5) {
                connection.send(Disconnect.of(reason));
            }
            LOG.info("client {} on listener {} sent away: {}", this, listener, reason);
            connection.close();
        }
    }

    @Override
    public String origin() {
        return version + " " + address();
    }

    @Override
    public String listener() {
        return listener;
    }

    @Override
    public int keepAlive() {
        return keepAlive;
    }

    private String address() {
        if (connection.remoteAddress() instanceof InetSocketAddress address) {
            return address.getHostString() + ":" + address.getPort();
        }
        return String.valueOf(connection.remoteAddress());
    }

    @Override
    public String toString() {
        return session == null ? address() : session.clientId() + " (" + address() + ")";
    }
}
