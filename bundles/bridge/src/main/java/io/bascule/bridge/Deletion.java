/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.api.Broker;
import io.bascule.api.DeletedBridge;
import io.bascule.api.QueueInfo;
import io.bascule.api.SessionInfo;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.RemoteIdentity;
import io.bascule.bridge.config.Server;
import io.bascule.bridge.link.RemoteEnd;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.EventLoop;
import io.bascule.transport.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A configuration that has gone, by deletion or by an edit that names another remote session, until nothing is left to be done about it. */
final class Deletion implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deletion.class);

    /** While the bridge that goes on is not connected it cannot be told whether it has the session. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final LastValid.Configuration configuration;
    private final Broker broker;
    private final Transport transport;
    private final LastValid lastValid;
    private final RemoteSessions remoteSessions;
    private final Budgets budgets;
    private final RetainedFiles retainedFiles;
    private final CredentialProviders credentialProviders;
    private final Consumer<Deletion> over;
    private final EventLoop eventLoop;
    private final ResourceScope scope;
    private final Instant since = Instant.now();
    /** The sessions that are left. */
    private volatile List<RemoteIdentity> sessions;
    /** Those of them that the remote broker ends. */
    private volatile Optional<Server> endsByItself;

    private Lease timer;
    // On the event loop alone.
    private boolean ending;
    /** Those that are being ended, with what that takes. */
    private final Map<RemoteIdentity, Lease> ends = new IdentityHashMap<>();

    Deletion(
            LastValid.Configuration configuration,
            List<RemoteIdentity> sessions,
            Optional<Server> endsByItself,
            Broker broker,
            Transport transport,
            LastValid lastValid,
            RemoteSessions remoteSessions,
            Budgets budgets,
            RetainedFiles retainedFiles,
            CredentialProviders credentialProviders,
            Consumer<Deletion> over) {
        this.configuration = configuration;
        this.sessions = List.copyOf(sessions);
        this.endsByItself = endsByItself;
        this.broker = broker;
        this.transport = transport;
        this.lastValid = lastValid;
        this.remoteSessions = remoteSessions;
        this.budgets = budgets;
        this.retainedFiles = retainedFiles;
        this.credentialProviders = credentialProviders;
        this.over = over;
        this.eventLoop = transport.nextEventLoop();
        this.scope = new ResourceScope("deleted bridge " + name());
    }

    String name() {
        return definition().name();
    }

    boolean isOf(LastValid.Configuration other) {
        return configuration == other;
    }

    /** Whether a bridge of this name that has no valid file would be run with it. */
    boolean isInForce() {
        return lastValid.get(name()).filter(this::isOf).isPresent();
    }

    BridgeDefinition definition() {
        return configuration.definition();
    }

    /** The sessions that are still to be ended by hand. */
    Optional<String> remote() {
        List<RemoteIdentity> byHand = byHand();
        return byHand.isEmpty()
                ? Optional.empty()
                : Optional.of(byHand.stream().map(RemoteIdentity::toString).collect(Collectors.joining(", ")));
    }

    private List<RemoteIdentity> byHand() {
        return sessions.stream()
                .filter(session -> endsByItself.stream().noneMatch(server -> server.isSameBroker(session.server())))
                .toList();
    }

    /** A bridge takes up what it has of these sessions, so that they are not to be ended, or not any further; whether none is left. */
    boolean keep(BridgeDefinition other) {
        List<RemoteIdentity> kept = sessions.stream().filter(other::has).toList();
        leaveOut(other::has);
        if (!sessions.isEmpty()) {
            eventLoop.execute(() -> kept.forEach(this::endNoMore));
        }
        return sessions.isEmpty();
    }

    /** From the event loop, and from whoever takes sessions up. */
    private synchronized void leaveOut(Predicate<RemoteIdentity> gone) {
        sessions = sessions.stream().filter(gone.negate()).toList();
    }

    private void endNoMore(RemoteIdentity session) {
        Lease end = ends.remove(session);
        if (end != null) {
            end.close();
        }
        if (ending && ends.isEmpty()) {
            over.accept(this);
        }
    }

    /** For people; what waits in the local session the broker knows. */
    DeletedBridge shown() {
        return new DeletedBridge(name(), since, since.plus(definition().deleteGrace()), QueueInfo.NONE, remote());
    }

    void begin() {
        timer = eventLoop.schedule(scope, definition().deleteGrace(), this::due);
    }

    /** Does not wait for the grace to pass. What the remote broker was told it does at its time; so it is told anew. */
    void purge() {
        timer.close();
        endsByItself = Optional.empty();
        eventLoop.execute(this::due);
    }

    private void due() {
        if (ending || scope.isClosed()) {
            return;
        }
        ending = true;
        if (lastValid.forget(name(), configuration)) {
            BooleanSupplier isGone = () -> lastValid.get(name()).isEmpty();
            remoteSessions.forget(name(), isGone, transport.files());
            budgets.forget(definition(), transport.files());
            retainedFiles.forget(name(), isGone, transport.files());
        }
        List<RemoteIdentity> due = byHand().stream()
                .filter(session -> !lastValid.hasRemoteSession(session))
                .toList();
        if (due.isEmpty()) {
            over.accept(this);
        }
        due.forEach(this::end);
    }

    private void end(RemoteIdentity session) {
        boolean goesOn = lastValid
                .get(name())
                .filter(now -> now.definition().clientId().equals(session.clientId()))
                .isPresent();
        if (goesOn && connectedSince().isEmpty()) {
            ends.put(session, eventLoop.schedule(scope, LOOK_AGAIN, () -> end(session)));
            return;
        }
        ResourceScope end = new ResourceScope("end of " + session);
        ends.put(session, scope.hold(ResourceKind.TASK, end::close));
        new RemoteEnd(
                        definition(),
                        session.server(),
                        broker.id(),
                        transport,
                        eventLoop,
                        credentialProviders.of(definition()),
                        end,
                        goesOn ? Optional.of(this::connectedSince) : Optional.empty(),
                        failure -> ended(session, failure))
                .start();
    }

    private Optional<Instant> connectedSince() {
        return broker.session(BridgeDefinition.LOCAL_PREFIX + name())
                .filter(SessionInfo::connected)
                .map(SessionInfo::since);
    }

    private void ended(RemoteIdentity session, Optional<String> failure) {
        failure.ifPresentOrElse(
                why -> LOG.warn("bridge {} may have left its session {}: {}", name(), session, why),
                () -> LOG.info("bridge {} has ended its session {}", name(), session));
        leaveOut(each -> each == session);
        endNoMore(session);
    }

    /** The bundle stops: nobody is left to end what does not end by itself. */
    void abandon() {
        remote().ifPresent(left -> LOG.warn("bridge {} leaves its session {}", name(), left));
        close();
    }

    @Override
    public void close() {
        scope.close();
    }
}
