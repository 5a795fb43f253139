/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.client;

import io.bascule.api.Identity;
import io.bascule.broker.Limit;
import io.bascule.broker.extension.Principal;
import io.bascule.broker.extension.Verdict;
import io.bascule.broker.login.LoginOrigin;
import io.bascule.broker.session.BrokerLoop;
import io.bascule.broker.session.ClientSession;
import io.bascule.broker.session.SessionRegistry;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import io.bascule.spi.Client;
import io.bascule.spi.ConnectingClient;
import io.bascule.spi.EnhancedAuthenticator;
import io.bascule.spi.EnhancedAuthenticator.Step;
import io.bascule.transport.Connection;
import io.bascule.transport.ControlPacket.Auth;
import io.bascule.transport.ControlPacket.Connect;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The way of one client from CONNECT to its session: whether it may come, who it is, and then its session, which may be on another event
 * loop. Used on the client's event loop.
 */
final class ConnectProcedure {
    /** Why somebody is refused who may not even try; the log has it once for all. */
    static final Refusal BANNED = new Refusal(ReasonCode.BANNED, "too many failed logins");

    private final Connect connect;
    private final Connection connection;
    private final BrokerLoop loop;
    private final ClientContext context;
    private final Events events;
    private final Optional<String> assignedClientId;
    private final LoginOrigin origin;
    private AutoCloseable patience;
    private AuthExchange exchange;
    private boolean over;

    /** What comes of it: one of the last two, once. */
    interface Events {
        /** The client is to go on with its authentication [MQTT-4.12.0-2]. */
        void challenge(Auth auth);

        /** The client is accepted, and this is its session. */
        void accepted(Outcome outcome);

        /** It is not, and is to be told so after this time. */
        void refused(Refusal refusal, Optional<String> reasonString, Duration holdBack);
    }

    /**
     * A client that is accepted.
     *
     * @param assignedClientId where it brought none
     * @param authenticationData for CONNACK, of an enhanced authentication
     * @param expires when what it has shown is no longer valid
     */
    record Outcome(
            ClientSession session,
            boolean present,
            Principal principal,
            Optional<String> assignedClientId,
            Optional<byte[]> authenticationData,
            Optional<Instant> expires) {}

    ConnectProcedure(Connect connect, Connection connection, BrokerLoop loop, ClientContext context, Events events) {
        this.connect = connect;
        this.connection = connection;
        this.loop = loop;
        this.context = context;
        this.events = events;
        this.assignedClientId = connect.clientId().isEmpty()
                ? Optional.of("bascule-" + UUID.randomUUID()) // [MQTT-3.1.3-6], [MQTT-3.2.2-16]
                : Optional.empty();
        this.origin = LoginOrigin.of(connect.userName(), connect.clientId(), connection.remoteAddress());
    }

    void begin() {
        Optional<Refusal> against = new ConnectRules(context.limits(), context.hits()).check(connect);
        if (against.isPresent()) {
            refuse(against.get(), Optional.empty());
            return;
        }
        if (isBanned()) {
            return;
        }
        patience = loop.eventLoop().schedule(context.limits().connectTimeout(), this::overdue);
        if (connect.authenticationMethod().isPresent()) {
            beginExchange(connect.authenticationMethod().get());
        } else {
            Authentication.of(connectingClient(), context, loop.eventLoop(), this::authenticated);
        }
    }

    /** Whether it has failed too often of late, in which case it is refused, whatever it would prove now. */
    private boolean isBanned() {
        Optional<Limit> exceeded = context.logins().bans(origin);
        exceeded.ifPresent(limit -> {
            context.hits().hit(limit);
            refuse(BANNED, Optional.empty());
        });
        return exceeded.isPresent();
    }

    /** Whether the client is to send AUTH, and nothing else but DISCONNECT [MQTT-3.1.2-30]. */
    boolean isExchange() {
        return exchange != null;
    }

    private void overdue() {
        context.hits().hit(Limit.CONNECT_TIMEOUT);
        refuse(
                new Refusal(
                        ReasonCode.SERVER_UNAVAILABLE,
                        "its authentication took more than "
                                + context.limits().connectTimeout().toMillis() + " ms"),
                Optional.empty());
    }

    // ---------------------------------------------------------------- who it is

    private void beginExchange(String method) {
        if (context.extensions().lacksAuthenticator(context.listener().authenticators())) {
            refuse(
                    new Refusal(ReasonCode.SERVER_UNAVAILABLE, "somebody who says who clients are is not there"),
                    Optional.empty());
            return;
        }
        Optional<EnhancedAuthenticator> authenticator = context.extensions()
                .enhancedAuthenticator(method, context.listener().authenticators());
        if (authenticator.isEmpty()) {
            refuse(
                    new Refusal(
                            ReasonCode.BAD_AUTHENTICATION_METHOD, // [MQTT-4.12.0-1]
                            "no provider for its authentication method"),
                    Optional.empty());
            return;
        }
        exchange = new AuthExchange(authenticator.get(), connectingClient(), loop.eventLoop(), this::stepped);
        exchange.step(connect.authenticationData());
    }

    /** AUTH from the client; false when it may not send it now. */
    boolean auth(Auth auth) {
        return exchange != null
                && auth.reason() == ReasonCode.CONTINUE_AUTHENTICATION // [MQTT-4.12.0-3]
                && auth.authenticationMethod().equals(connect.authenticationMethod()) // [MQTT-4.12.0-5]
                && exchange.step(auth.authenticationData());
    }

    private void stepped(Step step) {
        if (over || !(step instanceof Step.Continue) && isBanned()) {
            return;
        }
        if (step instanceof Step.Continue next) {
            events.challenge(new Auth(
                    ReasonCode.CONTINUE_AUTHENTICATION, connect.authenticationMethod(), next.authenticationData()));
        } else if (step instanceof Step.Accepted accepted) {
            identified(accepted.identity(), accepted.authenticationData(), Optional.empty());
        } else if (step instanceof Step.Rejected rejected) {
            rejected(rejected.reason(), rejected.reasonString());
        }
    }

    private void authenticated(AuthenticationResult result) {
        if (over || isBanned()) { // many may have been asked about before the first of them failed
            return;
        }
        if (result instanceof Accepted accepted) {
            identified(accepted.identity(), Optional.empty(), accepted.expires());
        } else if (result instanceof Rejected rejected) {
            rejected(rejected.reason(), rejected.reasonString());
        }
    }

    private void rejected(ReasonCode reason, Optional<String> reasonString) {
        Duration holdBack =
                context.logins().rejected(origin, reason, context.listener().name());
        refuse(new Refusal(reason, "its authentication failed"), reasonString, holdBack);
    }

    private void identified(Identity identity, Optional<byte[]> authenticationData, Optional<Instant> expires) {
        patience = cancel(patience);
        if (provesWhatItSays(identity)) {
            context.logins().accepted(origin);
        }
        Principal principal = new Principal(
                new Client(
                        clientId(),
                        identity,
                        Optional.of(connect.version()),
                        Optional.of(context.listener().name()),
                        Optional.of(connection.remoteAddress())),
                false,
                context.listener().authorizers());
        Verdict itsWill = mayHaveItsWill(principal);
        if (itsWill != Verdict.ALLOWED) {
            refuse(
                    itsWill == Verdict.DENIED
                            ? new Refusal(ReasonCode.NOT_AUTHORIZED, "a will that it may not publish")
                            : new Refusal(
                                    ReasonCode.SERVER_UNAVAILABLE,
                                    "nobody is there to say whether it may have its will"),
                    Optional.empty());
            return;
        }
        context.registry().open(clientId(), connect.cleanStart(), loop, new SessionRegistry.Opened() {
            @Override
            public void opened(ClientSession session, boolean present) {
                finish();
                events.accepted(
                        new Outcome(session, present, principal, assignedClientId, authenticationData, expires));
            }

            @Override
            public void noRoom() {
                context.hits().hit(Limit.SESSIONS_MAXIMUM);
                refuse(new Refusal(ReasonCode.QUOTA_EXCEEDED, "there are too many sessions"), Optional.empty());
            }
        });
    }

    /** Whoever is anonymous has proved nothing, and whoever a certificate or a token names has not proved the User Name beside it. */
    private boolean provesWhatItSays(Identity identity) {
        return identity.userName().isPresent()
                && (connect.userName().isEmpty() || connect.userName().equals(identity.userName()));
    }

    private Verdict mayHaveItsWill(Principal principal) {
        if (connect.will().isEmpty()) {
            return Verdict.ALLOWED;
        }
        return context.extensions().mayHaveWill(principal, connect.will().get().message());
    }

    private String clientId() {
        return assignedClientId.orElse(connect.clientId());
    }

    /** What authenticators see. */
    ConnectingClient connectingClient() {
        record Seen(
                String clientId,
                Optional<String> userName,
                Optional<byte[]> password,
                MqttVersion version,
                String listener,
                SocketAddress address,
                List<X509Certificate> certificates)
                implements ConnectingClient {}
        return new Seen(
                clientId(),
                connect.userName(),
                connect.password(),
                connect.version(),
                context.listener().name(),
                connection.remoteAddress(),
                connection.peerCertificates());
    }

    // ---------------------------------------------------------------- the end

    private void refuse(Refusal refusal, Optional<String> reasonString) {
        refuse(refusal, reasonString, Duration.ZERO);
    }

    private void refuse(Refusal refusal, Optional<String> reasonString, Duration holdBack) {
        if (!over) {
            finish();
            events.refused(refusal, reasonString, holdBack);
        }
    }

    /** The connection is gone before it is decided who it is; a session that is already on its way still comes. */
    void abandon() {
        finish();
    }

    private void finish() {
        over = true;
        patience = cancel(patience);
        if (exchange != null) {
            exchange.end();
        }
    }

    static AutoCloseable cancel(AutoCloseable timer) {
        if (timer != null) {
            try {
                timer.close();
            } catch (Exception e) {
                throw new IllegalStateException("a timer cannot be cancelled", e);
            }
        }
        return null;
    }
}
