/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.api.DeletedBridge;
import io.bascule.api.QueueInfo;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.link.RemoteEnd;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.EventLoop;
import io.bascule.transport.Transport;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A configuration that has gone, by deletion or by an edit that names another remote session, until nothing is left to be done about it. */
final class Deletion implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deletion.class);

    private final LastValid.Configuration configuration;
    private final String brokerId;
    private final Transport transport;
    private final LastValid lastValid;
    private final RemoteSessions remoteSessions;
    private final CredentialProviders credentialProviders;
    private final Consumer<Deletion> over;
    private final EventLoop eventLoop;
    private final ResourceScope scope;
    private final Instant since = Instant.now();
    private volatile boolean remoteEndsByItself;
    private Lease timer;
    private boolean ending; // on the event loop alone

    Deletion(
            LastValid.Configuration configuration,
            boolean remoteEndsByItself,
            String brokerId,
            Transport transport,
            LastValid lastValid,
            RemoteSessions remoteSessions,
            CredentialProviders credentialProviders,
            Consumer<Deletion> over) {
        this.configuration = configuration;
        this.remoteEndsByItself = remoteEndsByItself;
        this.brokerId = brokerId;
        this.transport = transport;
        this.lastValid = lastValid;
        this.remoteSessions = remoteSessions;
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

    BridgeDefinition definition() {
        return configuration.definition();
    }

    /** The session that is still to be ended by hand. */
    Optional<String> remote() {
        return remoteEndsByItself ? Optional.empty() : Optional.of(session());
    }

    private String session() {
        return definition().clientId() + " at " + definition().server();
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
        remoteEndsByItself = false;
        eventLoop.execute(this::due);
    }

    private void due() {
        if (ending) {
            return;
        }
        ending = true;
        if (lastValid.forget(name(), configuration)) {
            remoteSessions.forget(name());
        }
        if (remoteEndsByItself || lastValid.hasRemoteSession(definition())) {
            over.accept(this);
        } else {
            new RemoteEnd(
                            definition(),
                            brokerId,
                            transport,
                            eventLoop,
                            credentialProviders.of(definition()),
                            scope,
                            this::ended)
                    .start();
        }
    }

    private void ended(Optional<String> failure) {
        failure.ifPresentOrElse(
                why -> LOG.warn("bridge {} may have left its session {}: {}", name(), session(), why),
                () -> LOG.info("bridge {} has ended its session {}", name(), session()));
        over.accept(this);
    }

    /** The bundle stops: nobody is left to end what does not end by itself. */
    void abandon() {
        remote().ifPresent(session -> LOG.warn("bridge {} leaves its session {}", name(), session));
        close();
    }

    @Override
    public void close() {
        scope.close();
    }
}
