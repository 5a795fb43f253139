/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.client;

import io.bascule.api.Broker;
import io.bascule.api.SessionOptions.Overlap;
import io.bascule.api.Subscription;
import io.bascule.audit.Audit;
import io.bascule.audit.AuditEvent;
import io.bascule.broker.DropReason;
import io.bascule.broker.Limit;
import io.bascule.broker.extension.Principal;
import io.bascule.broker.session.Attachment;
import io.bascule.broker.session.BrokerLoop;
import io.bascule.broker.session.ClientSession;
import io.bascule.broker.session.HeldRequests;
import io.bascule.broker.session.Peer;
import io.bascule.broker.session.Will;
import io.bascule.log.Addresses;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.mqtt.UserProperty;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.Auth;
import io.bascule.transport.ControlPacket.ConnAck;
import io.bascule.transport.ControlPacket.Connect;
import io.bascule.transport.ControlPacket.Disconnect;
import io.bascule.transport.ControlPacket.PingReq;
import io.bascule.transport.ControlPacket.RequestedSubscription;
import io.bascule.transport.ControlPacket.ServerProperties;
import io.bascule.transport.ControlPacket.SubAck;
import io.bascule.transport.ControlPacket.Subscribe;
import io.bascule.transport.ControlPacket.UnsubAck;
import io.bascule.transport.ControlPacket.Unsubscribe;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One network client: from its first packet to the end of its connection. It turns packets into calls on the session and the session's
 * wishes into packets; what outlives the connection is in the session.
 *
 * <p>While it is found out who the client is, and its session handed over from another event loop, what the client sends meanwhile is kept
 * and then served in order.
 */
public final class ClientConnection implements ConnectionHandler, Peer, ConnectProcedure.Events {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    private static final ClientSession.Acknowledged UNACKNOWLEDGED = (id, reason) -> {};

    private final ClientContext context;
    private final ServerLimits limits;
    private final ClientSession.Acknowledged puback = (id, reason) -> owed().puback(id, reason);
    private final ClientSession.Acknowledged pubrec = (id, reason) -> owed().pubrec(id, reason);

    private Connection connection;
    private BrokerLoop loop;
    private Connect connect;
    private ConnectProcedure procedure;
    private ClientSession session;
    private Principal principal;
    private ReAuthentication reAuthentication;
    private Optional<Expiry> authenticationExpiry = Optional.empty();
    private Acknowledgements owed;
    private Queue<Runnable> early = new ArrayDeque<>(1);
    private AutoCloseable heldBack; // its refusal, null while there is none
    private boolean over;
    private boolean pausing; // the client is not read, since the store does not keep up
    private HeldRequests held; // while there are any it is not read either

    /** A connection that has not been opened yet. */
    public ClientConnection(ClientContext context) {
        this.context = context;
        this.limits = context.limits();
    }

    private Acknowledgements owed() {
        return owed;
    }

    // ---------------------------------------------------------------- from the client

    @Override
    public void opened(Connection opened) {
        connection = opened;
        loop = context.loops().apply(opened);
        owed = new Acknowledgements(opened);
        connection.readTimeout(limits.connectTimeout());
    }

    @Override
    public void packet(ControlPacket packet) {
        if (over) {
            LOG.debug("client {} has gone: its {} is ignored", this, packet);
        } else if (packet instanceof Connect first) {
            connect(first);
        } else if (session != null) {
            established(packet);
        } else if (packet instanceof Auth auth) {
            if (!procedure.auth(auth)) {
                refuse(ReasonCode.PROTOCOL_ERROR, "an AUTH that it may not send");
            }
        } else if (procedure.isExchange() && !(packet instanceof Disconnect)) {
            refuse(ReasonCode.PROTOCOL_ERROR, "a packet in the middle of its authentication"); // [MQTT-3.1.2-30]
        } else {
            early.add(() -> packet(packet));
        }
    }

    private void established(ControlPacket packet) {
        if (packet instanceof Subscribe subscribe) {
            subscribe(subscribe);
        } else if (packet instanceof Unsubscribe unsubscribe) {
            inOrder(() -> unsubscribe(unsubscribe));
        } else if (packet instanceof PingReq) {
            connection.send(new ControlPacket.PingResp()); // [MQTT-3.12.4-1]
        } else if (packet instanceof Disconnect disconnect) {
            disconnect(disconnect);
        } else if (packet instanceof Auth auth) {
            reAuthentication.auth(auth);
        } else {
            refuse(ReasonCode.PROTOCOL_ERROR, "a packet that no client sends");
        }
    }

    @Override
    public void publish(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers) {
        if (over) {
            return;
        }
        if (session == null) {
            earlyOrRefused(() -> publish(message, packetId, dup, subscriptionIdentifiers));
            return;
        }
        if (held.isHolding() || !served(message, packetId, dup)) {
            hold(() -> over || served(message, packetId, dup));
        }
    }

    /** False when it cannot be told yet whether it may be published, and nothing has come of it. */
    private boolean served(Message message, int packetId, boolean dup) {
        QoS qos = message.qos();
        int owedBefore = owed.owed();
        Optional<Refusal> against = PublishRules.check(message, limits, context.hits());
        if (against.isPresent()) {
            refuse(against.get().reason(), against.get().what());
        } else if (qos != QoS.AT_MOST_ONCE && !isWithinReceiveMaximum(qos, packetId, dup)) {
            context.hits().hit(Limit.RECEIVE_MAXIMUM);
            refuse(
                    ReasonCode.RECEIVE_MAXIMUM_EXCEEDED, // [MQTT-3.3.4-9]
                    "more than " + limits.receiveMaximum() + " messages at a time");
        } else if (message.topic().isReserved()) {
            refuseReserved(qos, packetId);
        } else if (limits.payloadFormatCheck() && !PayloadFormat.isAsIndicated(message)) {
            refusePayload(qos, packetId);
        } else if (isAwaitedAlready(qos, packetId, dup)) {
            return true; // the first one's acknowledgement, which is withheld, is that of both
        } else if (!session.publish(principal, message, packetId, dup, acknowledgement(qos))) {
            owed.back(owedBefore);
            return false;
        } else if ((qos != QoS.AT_MOST_ONCE || session.hasStoredQos0()) && !pausing && session.isStoreCongested()) {
            pause();
        }
        return true;
    }

    private ClientSession.Acknowledged acknowledgement(QoS qos) {
        return switch (qos) {
            case AT_MOST_ONCE -> UNACKNOWLEDGED;
            case AT_LEAST_ONCE -> puback;
            case EXACTLY_ONCE -> pubrec;
        };
    }

    /** The store does not keep up: its publishers wait. */
    private void pause() {
        pausing = true;
        connection.reading(false);
        session.whenStoreRelieved(() -> {
            pausing = false;
            readOn();
        });
    }

    /** Somebody is missing who is to say what the client may do: it waits, and nothing of what it has sent is lost. */
    private void hold(BooleanSupplier request) {
        if (!held.isHolding()) {
            connection.reading(false);
        }
        held.hold(request);
    }

    /** After what is held. */
    private void inOrder(Runnable request) {
        if (held.isHolding()) {
            hold(() -> {
                answer(request);
                return true;
            });
        } else {
            request.run();
        }
    }

    private void readOn() {
        if (!over && !pausing && !held.isHolding()) {
            connection.reading(true);
        }
    }

    private boolean isWithinReceiveMaximum(QoS qos, int packetId, boolean dup) {
        if (qos == QoS.EXACTLY_ONCE && session.isReceived(packetId) || dup && session.isAwaited(packetId)) {
            return true; // the same one again
        }
        owed.owe();
        return owed.owed() <= limits.receiveMaximum();
    }

    private boolean isAwaitedAlready(QoS qos, int packetId, boolean dup) {
        return (dup || qos == QoS.EXACTLY_ONCE && session.isReceived(packetId)) && session.isAwaited(packetId);
    }

    /** Topics that begin with {@code $} are the broker's own: acknowledged, for 5.0 with the reason, and not delivered. */
    private void refuseReserved(QoS qos, int packetId) {
        loop.counters().dropped(DropReason.NOT_AUTHORIZED);
        owed.acknowledge(qos, packetId, ReasonCode.NOT_AUTHORIZED);
    }

    private void refusePayload(QoS qos, int packetId) {
        loop.counters().dropped(DropReason.PAYLOAD_FORMAT);
        owed.acknowledge(qos, packetId, ReasonCode.PAYLOAD_FORMAT_INVALID); // section 3.3.2.3.2
    }

    @Override
    public void acknowledged(Acknowledgement kind, int packetId, ReasonCode reason) {
        if (over) {
            return;
        }
        if (session == null) {
            earlyOrRefused(() -> acknowledged(kind, packetId, reason));
            return;
        }
        switch (kind) {
            case PUBACK -> session.puback(packetId);
            case PUBREC -> session.pubrec(packetId, reason);
            case PUBCOMP -> session.pubcomp(packetId);
            case PUBREL -> {
                if (held.isHolding()) {
                    inOrder(() -> release(packetId));
                } else {
                    release(packetId);
                }
            }
        }
    }

    private void release(int packetId) {
        boolean known = session.release(packetId);
        session.whenKept(() -> answer(() -> owed.pubcomp(packetId, known)));
    }

    /** Says something that had to wait, if there still is somebody to say it to. */
    private void answer(Runnable said) {
        if (!over) {
            said.run();
        }
    }

    private void earlyOrRefused(Runnable served) {
        if (procedure.isExchange()) {
            refuse(ReasonCode.PROTOCOL_ERROR, "a packet in the middle of its authentication"); // [MQTT-3.1.2-30]
        } else {
            early.add(served);
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
        if (reason == ReasonCode.KEEP_ALIVE_TIMEOUT && connect == null) {
            context.hits().hit(Limit.CONNECT_TIMEOUT);
        } else if (reason == ReasonCode.TOPIC_ALIAS_INVALID) {
            context.hits().hit(Limit.TOPIC_ALIAS_MAXIMUM);
        }
        refuse(reason, what);
    }

    @Override
    public void closed(String why) {
        if (session != null) {
            LOG.debug(
                    "client {} on listener {} gone: {}",
                    this,
                    context.listener().name(),
                    why);
        }
        leave(true);
        if (heldBack != null) {
            ConnectProcedure.cancel(heldBack);
        }
    }

    // ---------------------------------------------------------------- CONNECT

    private void connect(Connect first) {
        connect = first;
        connection.readTimeout(Duration.ZERO); // from here on it is the procedure that has a time limit
        procedure = new ConnectProcedure(first, connection, loop, context, this);
        procedure.begin();
        if (session == null && !over && !procedure.isExchange()) {
            connection.reading(false); // until it is known who it is, and its session is here
        }
    }

    @Override
    public void challenge(Auth auth) {
        connection.send(auth);
    }

    @Override
    public void accepted(ConnectProcedure.Outcome outcome) {
        session = outcome.session();
        principal = outcome.principal();
        held = new HeldRequests(session, this::principal, this::readOn);
        long asked = connect.version() == MqttVersion.MQTT_5
                ? connect.sessionExpiryInterval().orElse(0)
                : connect.cleanStart() ? 0 : limits.longestExpiry();
        long expiry = Math.min(asked, limits.longestExpiry());
        if (expiry < asked) {
            context.hits().hit(Limit.SESSION_EXPIRY_MAXIMUM);
        }
        if (keepAlive() != connect.keepAlive()) {
            context.hits().hit(Limit.KEEPALIVE_MAXIMUM);
        }
        Attachment attachment = new Attachment(
                this,
                expiry,
                connect.receiveMaximum().orElse(65_535),
                true,
                65_535,
                connect.will()
                        .map(will -> new Will(
                                will.message(), principal, will.delayInterval(), will.messageExpiryInterval())),
                Overlap.ONE_COPY,
                Optional.empty());
        if (over) { // gone while the session was on its way here
            session.attach(attachment);
            session.detach(this, true);
            return;
        }
        reAuthentication = new ReAuthentication(
                connect,
                context,
                procedure.connectingClient(),
                principal.client().identity().userName(),
                connection,
                new Renewal());
        sayAccepted(outcome, expiry);
        session.attach(attachment);
        Queue<Runnable> waiting = early;
        early = null;
        waiting.forEach(Runnable::run);
        readOn();
        authenticationExpiry = outcome.expires()
                .map(when -> new Expiry(
                        when,
                        loop.eventLoop(),
                        () -> refuse(ReasonCode.NOT_AUTHORIZED, "its authentication has expired")));
        if (!over) {
            authenticationExpiry.ifPresent(Expiry::begin);
        }
    }

    private void sayAccepted(ConnectProcedure.Outcome outcome, long expiry) {
        boolean sayPresent = outcome.present() && connect.version() != MqttVersion.MQTT_3_1;
        ServerProperties properties = limits.toProperties(connect, expiry, outcome.assignedClientId())
                .withAuthentication(connect.authenticationMethod(), outcome.authenticationData()) // [MQTT-4.12.0-5]
                .withUserProperties(aboutThisBroker());
        connection.send(new ConnAck(sayPresent, ReasonCode.SUCCESS, properties)); // [MQTT-3.1.4-5]
        loop.counters().accepted();
        Audit.record(AuditEvent.LOGIN_ACCEPTED, entry -> entry.who(principal.client()));
        connection.readTimeout(Duration.ofMillis(keepAlive() * 1500L)); // [MQTT-3.1.2-22]
        LOG.debug(
                "client {} connected on listener {}, session {}",
                this,
                context.listener().name(),
                outcome.present() ? "resumed" : "new");
    }

    /** Only a bridge that says whose it is hears where it has come to. */
    private List<UserProperty> aboutThisBroker() {
        boolean asked = connect.userProperties().stream()
                .anyMatch(property -> property.name().equals(Broker.ID_PROPERTY));
        return asked ? List.of(new UserProperty(Broker.ID_PROPERTY, context.brokerId())) : List.of();
    }

    @Override
    public void refused(Refusal refusal, Optional<String> reasonString, Duration holdBack) {
        String client = connect.clientId().isEmpty() ? address() : connect.clientId() + " (" + address() + ")";
        String listener = context.listener().name();
        if (refusal == ConnectProcedure.BANNED) { // the log has the ban, and does not grow with what it keeps out
            LOG.debug("client {} on listener {} refused: {}: {}", client, listener, refusal.reason(), refusal.what());
        } else {
            recordRefused(refusal.reason());
            context.complaints()
                    .info("client " + client + " on listener " + listener + " refused: " + refusal.reason() + ": "
                            + refusal.what());
        }
        ConnAck connAck = new ConnAck(
                false, refusal.reason(), ServerProperties.NONE.withReasonString(reasonString)); // [MQTT-3.2.2-6]
        leave(false);
        if (holdBack.isZero()) {
            sayRefused(connAck);
        } else {
            connection.reading(false);
            connect = null; // of a thousand that wait, only what they wait for is kept
            procedure = null;
            early = null;
            heldBack = loop.eventLoop().schedule(holdBack, () -> sayRefused(connAck));
        }
    }

    private void recordRefused(ReasonCode reason) {
        Audit.record(
                AuditEvent.LOGIN_REFUSED,
                entry -> entry.listener(context.listener().name())
                        .client(connect.clientId())
                        .user(connect.userName())
                        .address(connection.remoteAddress())
                        .reason(reason));
    }

    private void sayRefused(ConnAck connAck) {
        connection.send(connAck);
        connection.close(); // [MQTT-3.2.2-7]
    }

    /** What comes of a client that authenticates again. */
    private final class Renewal implements ReAuthentication.Events {
        @Override
        public void renewed(Principal renewed) {
            principal = renewed;
        }

        @Override
        public void failed(ReasonCode reason, String what) {
            recordRefused(reason);
            refuse(reason, what);
        }
    }

    // ---------------------------------------------------------------- the other packets

    private void subscribe(Subscribe subscribe) {
        List<ReasonCode> reasons = new ArrayList<>();
        List<ClientSession.Subscribed> made = new ArrayList<>();
        if (held.isHolding() || !served(subscribe, reasons, made)) {
            hold(() -> over || served(subscribe, reasons, made));
        }
    }

    /** Goes on where it could not be told whether a subscription may be made; false when it cannot yet. */
    private boolean served(Subscribe subscribe, List<ReasonCode> reasons, List<ClientSession.Subscribed> made) {
        List<RequestedSubscription> all = subscribe.subscriptions();
        for (RequestedSubscription requested : all.subList(reasons.size(), all.size())) {
            if (requested.subscription().isEmpty()) {
                reasons.add(ReasonCode.TOPIC_FILTER_INVALID);
                continue;
            }
            Optional<ClientSession.Subscribed> subscribed = session.subscribe(
                    principal, asBridge(requested.subscription().get()));
            if (subscribed.isEmpty()) {
                return false;
            }
            reasons.add(subscribed.get().answer());
            made.add(subscribed.get());
        }
        session.whenKept(() -> answer(() -> {
            connection.send(new SubAck(subscribe.packetId(), reasons)); // [MQTT-3.8.4-1]
            made.forEach(session::sendRetained);
        }));
        return true;
    }

    /**
     * What a 3.x client means that has announced itself as a bridge, by the bit 0x80 of its protocol level: it has no Subscription Options to
     * ask for that. Mosquitto does the same.
     */
    private Subscription asBridge(Subscription asked) {
        return connect.bridge() ? asked.forBridge() : asked;
    }

    private void unsubscribe(Unsubscribe unsubscribe) {
        List<ReasonCode> reasons = new ArrayList<>();
        for (Optional<TopicFilter> filter : unsubscribe.filters()) {
            reasons.add(filter.map(session::unsubscribe).orElse(ReasonCode.TOPIC_FILTER_INVALID));
        }
        session.whenKept(
                () -> answer(() -> connection.send(new UnsubAck(unsubscribe.packetId(), reasons)))); // [MQTT-3.10.4-4]
    }

    private void disconnect(Disconnect disconnect) {
        if (disconnect.sessionExpiryInterval().isPresent()) {
            long expiry = disconnect.sessionExpiryInterval().getAsLong();
            if (connect.sessionExpiryInterval().orElse(0) == 0 && expiry != 0) {
                refuse(ReasonCode.PROTOCOL_ERROR, "DISCONNECT that makes a session last"); // section 3.14.2.2.2
                return;
            }
            session.sessionExpiryInterval(Math.min(expiry, limits.longestExpiry()));
        }
        leave(disconnect.reason() != ReasonCode.SUCCESS); // [MQTT-3.14.4-3]
        connection.close();
    }

    /** Tells a 5.0 client why, and closes [MQTT-4.13.1-1]. */
    private void refuse(ReasonCode reason, String what) {
        if (over) {
            return;
        }
        if (session == null && connect != null) {
            recordRefused(reason);
        }
        context.complaints()
                .info("client " + this + " on listener " + context.listener().name() + ": " + reason + ": " + what);
        boolean version5 =
                connection.version().filter(MqttVersion.MQTT_5::equals).isPresent();
        if (session == null && (version5 || reason == ReasonCode.UNSUPPORTED_PROTOCOL_VERSION)) {
            connection.send(new ConnAck(false, reason, ServerProperties.NONE));
        } else if (version5) {
            connection.send(Disconnect.of(reason)); // [MQTT-3.14.0-1]
        }
        leave(true);
        connection.close();
    }

    private void leave(boolean withWill) {
        if (over) {
            return;
        }
        over = true;
        if (session != null) {
            recordLogout();
            reAuthentication.end();
            authenticationExpiry.ifPresent(Expiry::end);
            session.detach(this, withWill);
            held.end();
        } else if (procedure != null) {
            procedure.abandon();
        }
    }

    private void recordLogout() {
        Audit.record(AuditEvent.LOGOUT, entry -> entry.who(principal.client()));
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
            recordLogout();
            reAuthentication.end();
            held.end();
            authenticationExpiry.ifPresent(Expiry::end);
            if (connect.version() == MqttVersion.MQTT_5) {
                connection.send(Disconnect.of(reason));
            }
            LOG.info(
                    "client {} on listener {} sent away: {}",
                    this,
                    context.listener().name(),
                    reason);
            connection.close();
        }
    }

    @Override
    public String origin() {
        return connect.version() + " " + address();
    }

    @Override
    public String listener() {
        return context.listener().name();
    }

    @Override
    public int keepAlive() {
        return limits.keepAlive(connect.keepAlive());
    }

    @Override
    public Principal principal() {
        return principal;
    }

    private String address() {
        return Addresses.text(connection.remoteAddress());
    }

    @Override
    public String toString() {
        return session == null ? address() : session.clientId() + " (" + address() + ")";
    }
}
