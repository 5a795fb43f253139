/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.SessionInfo;
import io.bascule.api.SessionOptions;
import io.bascule.shell.view.ByteCount;
import io.bascule.shell.view.Details;
import io.bascule.shell.view.Expiry;
import io.bascule.shell.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code mqtt:client-info} and {@code mqtt:session-info}: all there is to know of a client and its session, which are
 * two names for one thing while the client is connected.
 *
 * @param clientId whose session it is
 */
public record SessionDetails(String clientId) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String CLIENT_SUMMARY = "Shows a client with its session and its subscriptions.";
    /** For the help of both shells. */
    public static final String CLIENT_EXAMPLE = "mqtt:client-info gateway-7";
    /** For the help of both shells. */
    public static final String SESSION_SUMMARY = "Shows a session, its client connected or not, and its subscriptions.";
    /** For the help of both shells. */
    public static final String SESSION_EXAMPLE = "mqtt:session-info gateway-7";

    /**
     * The session that is asked for.
     *
     * @param clientId as typed, null when it was left out
     * @throws CommandFailure when it was
     */
    public static SessionDetails of(String clientId) {
        return new SessionDetails(Input.clientId(clientId));
    }

    @Override
    public View run(Services services) {
        SessionInfo session = Input.session(services, clientId);
        return new Details()
                .with("clientId", "Client id", session.clientId())
                .with("connected", "Connected", session.connected())
                .with("since", "  since", session.since())
                .with("userName", "User", session.userName())
                .with("origin", "From", session.origin())
                .with("listener", "Listener", session.listener())
                .with("keepAlive", "Keep alive", Duration.ofSeconds(session.keepAlive()))
                .with("sessionExpiryInterval", "Session expires", new Expiry(session.sessionExpiryInterval()))
                .with("expiresAt", "  at", expiresAt(session))
                .with("received", "Messages received", session.received())
                .with("delivered", "Messages delivered", session.delivered())
                .with("queued", "Queued", session.queue().queued())
                .with("queuedBytes", "  memory", new ByteCount(session.queue().queuedBytes()))
                .with("oldest", "  oldest", session.queue().oldest())
                .with("inFlight", "In flight", session.queue().inFlight())
                .with("dropped", "Dropped by the queue", session.queue().dropped())
                .with("withheldByQueue", "Acks withheld", session.queue().withheld())
                .with("withheld", "Acks it waits for", session.withheld())
                .with("subscriptions", "Subscriptions", Subscriptions.ofClient(services, clientId));
    }

    /** Only a session that has been left runs out. */
    private static Optional<Instant> expiresAt(SessionInfo session) {
        return session.connected() || session.sessionExpiryInterval() == SessionOptions.NEVER
                ? Optional.empty()
                : Optional.of(session.since().plusSeconds(session.sessionExpiryInterval()));
    }
}
