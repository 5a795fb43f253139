/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.client;

import io.bascule.broker.extension.Principal;
import io.bascule.broker.login.LoginOrigin;
import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.Client;
import io.bascule.spi.ConnectingClient;
import io.bascule.spi.EnhancedAuthenticator;
import io.bascule.spi.EnhancedAuthenticator.Step;
import io.bascule.transport.Connection;
import io.bascule.transport.ControlPacket.Auth;
import io.bascule.transport.ControlPacket.Connect;
import java.util.Optional;

/**
 * A client that is connected proves anew who it is, as often as it likes (MQTT 5.0, section 4.12.1). All else goes on meanwhile. Used on the
 * connection's event loop.
 */
final class ReAuthentication {
    private final Connect connect;
    private final ClientContext context;
    private final ConnectingClient client;
    private final Optional<String> userName;
    private final Connection connection;
    private final Events events;
    private AuthExchange exchange;

    /** What comes of it. */
    interface Events {
        /** From now on this is who it is. */
        void renewed(Principal principal);

        /** The connection is to be closed [MQTT-4.12.1-2]. */
        void failed(ReasonCode reason, String what);
    }

    /** @param userName of who it has been so far, and is to be */
    ReAuthentication(
            Connect connect,
            ClientContext context,
            ConnectingClient client,
            Optional<String> userName,
            Connection connection,
            Events events) {
        this.connect = connect;
        this.context = context;
        this.client = client;
        this.userName = userName;
        this.connection = connection;
        this.events = events;
    }

    /** AUTH from the client. */
    void auth(Auth auth) {
        boolean allowed = connect.authenticationMethod().isPresent() // [MQTT-4.12.0-7]
                && auth.authenticationMethod().equals(connect.authenticationMethod()) // [MQTT-4.12.1-1]
                && (auth.reason() == ReasonCode.RE_AUTHENTICATE ? begin(auth) : proceed(auth));
        if (!allowed) {
            events.failed(ReasonCode.PROTOCOL_ERROR, "an AUTH that it may not send");
        }
    }

    private boolean begin(Auth auth) {
        if (exchange != null) {
            return false;
        }
        Optional<EnhancedAuthenticator> authenticator = context.extensions()
                .enhancedAuthenticator(
                        connect.authenticationMethod().orElseThrow(),
                        context.listener().authenticators());
        if (authenticator.isEmpty()) {
            events.failed(ReasonCode.NOT_AUTHORIZED, "its authentication method has no provider any more");
            return true;
        }
        exchange = new AuthExchange(authenticator.get(), client, connection.eventLoop(), this::stepped);
        return exchange.step(auth.authenticationData());
    }

    private boolean proceed(Auth auth) {
        return exchange != null
                && auth.reason() == ReasonCode.CONTINUE_AUTHENTICATION
                && exchange.step(auth.authenticationData());
    }

    private void stepped(Step step) {
        if (step instanceof Step.Continue next) {
            send(ReasonCode.CONTINUE_AUTHENTICATION, next.authenticationData());
        } else if (step instanceof Step.Accepted accepted) {
            exchange = null;
            if (!accepted.identity()
                    .userName()
                    .equals(userName)) { // its session, its subscriptions and its will are another's
                events.failed(ReasonCode.NOT_AUTHORIZED, "it has proved that it is somebody else");
                return;
            }
            send(ReasonCode.SUCCESS, accepted.authenticationData());
            events.renewed(new Principal(
                    new Client(
                            client.clientId(),
                            accepted.identity(),
                            Optional.of(client.version()),
                            Optional.of(client.listener()),
                            Optional.of(client.address())),
                    false,
                    context.listener().authorizers()));
        } else if (step instanceof Step.Rejected rejected) {
            exchange = null;
            context.logins()
                    .rejected(
                            LoginOrigin.of(connect.userName(), connect.clientId(), client.address()),
                            rejected.reason(),
                            client.listener());
            events.failed(forDisconnect(rejected.reason()), "it could not prove again who it is");
        }
    }

    /** Of the failures that CONNACK may carry, some are no reason for a DISCONNECT (MQTT 5.0, sections 3.2.2.2 and 3.14.2.1). */
    private static ReasonCode forDisconnect(ReasonCode reason) {
        return switch (reason) {
            case UNSUPPORTED_PROTOCOL_VERSION,
                    CLIENT_IDENTIFIER_NOT_VALID,
                    BAD_USER_NAME_OR_PASSWORD,
                    SERVER_UNAVAILABLE,
                    BANNED,
                    BAD_AUTHENTICATION_METHOD -> ReasonCode.NOT_AUTHORIZED;
            default -> reason;
        };
    }

    private void send(ReasonCode reason, Optional<byte[]> authenticationData) {
        connection.send(new Auth(reason, connect.authenticationMethod(), authenticationData));
    }

    /** The connection ends. */
    void end() {
        if (exchange != null) {
            exchange.end();
        }
    }
}
