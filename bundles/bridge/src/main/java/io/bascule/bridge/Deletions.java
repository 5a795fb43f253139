/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.api.Broker;
import io.bascule.api.DeletedBridge;
import io.bascule.api.DeletedBridges;
import io.bascule.api.SessionInfo;
import io.bascule.api.SessionOptions;
import io.bascule.audit.Audit;
import io.bascule.audit.AuditEvent;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.RemoteIdentity;
import io.bascule.bridge.config.Server;
import io.bascule.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * What outlives a bridge whose configuration is deleted, until its grace has passed. The local session and, on 5.0, the remote one end by
 * themselves, by their Session Expiry Interval, whatever becomes of this bundle; they are found in the broker and kept nowhere else. What
 * is kept here is who has to be ended by hand.
 */
@Component(
        service = {Deletions.class, DeletedBridges.class},
        immediate = true)
public final class Deletions implements DeletedBridges {
    private final Transport transport;
    private final Broker broker;
    private final LastValid lastValid;
    private final RemoteSessions remoteSessions;
    private final Budgets budgets;
    private final RetainedFiles retainedFiles;
    private final CredentialProviders credentialProviders;
    private final List<Deletion> deletions = new ArrayList<>();

    /** Knows of no deletion yet. */
    @Activate
    public Deletions(
            @Reference Transport transport,
            @Reference Broker broker,
            @Reference LastValid lastValid,
            @Reference RemoteSessions remoteSessions,
            @Reference Budgets budgets,
            @Reference RetainedFiles retainedFiles,
            @Reference CredentialProviders credentialProviders) {
        this.transport = transport;
        this.broker = broker;
        this.lastValid = lastValid;
        this.remoteSessions = remoteSessions;
        this.budgets = budgets;
        this.retainedFiles = retainedFiles;
        this.credentialProviders = credentialProviders;
    }

    /**
     * A bridge has gone with its configuration, or an edit has left remote sessions that it names.
     *
     * @param sessions that are left
     * @param endsByItself where the remote broker was told to see to the end of one
     */
    synchronized void deleted(
            LastValid.Configuration configuration, List<RemoteIdentity> sessions, Optional<Server> endsByItself) {
        BridgeDefinition definition = configuration.definition();
        if (definition.cleanStart()) {
            if (lastValid.forget(definition.name(), configuration)) { // nothing is left to be taken up again
                budgets.forget(definition, transport.files());
            }
            return;
        }
        if (deletions.stream().anyMatch(deletion -> deletion.isOf(configuration))) {
            return; // deleted, and then written anew with another remote session
        }
        Deletion deletion = new Deletion(
                configuration,
                sessions,
                endsByItself,
                broker,
                transport,
                lastValid,
                remoteSessions,
                budgets,
                retainedFiles,
                credentialProviders,
                this::over);
        deletion.begin();
        deletions.add(deletion);
    }

    /**
     * A bridge takes up these sessions, perhaps under another name than they had: they are not to be ended. What is kept for that name is
     * forgotten all the same after the grace.
     */
    synchronized void keep(BridgeDefinition definition) {
        deletions.removeIf(deletion -> {
            boolean nothingIsLeft =
                    deletion.keep(definition) && (deletion.name().equals(definition.name()) || !deletion.isInForce());
            if (nothingIsLeft) {
                deletion.close();
            }
            return nothingIsLeft;
        });
    }

    private synchronized void over(Deletion deletion) {
        deletions.remove(deletion);
        deletion.close();
    }

    @Override
    public synchronized List<DeletedBridge> list() {
        Map<String, DeletedBridge> byName = new TreeMap<>();
        deletions.forEach(deletion -> byName.put(deletion.name(), deletion.shown()));
        for (SessionInfo session : broker.sessions()) {
            if (isEnding(session)) {
                DeletedBridge ending = ending(session);
                byName.merge(
                        ending.name(),
                        ending,
                        (known, found) -> new DeletedBridge(
                                found.name(), found.since(), found.until(), found.queue(), known.remote()));
            }
        }
        return List.copyOf(byName.values());
    }

    /** A bridge that is configured has a session that does not expire, or none that outlives its connection. */
    private static boolean isEnding(SessionInfo session) {
        return session.clientId().startsWith(BridgeDefinition.LOCAL_PREFIX)
                && !session.connected()
                && session.sessionExpiryInterval() != SessionOptions.NEVER;
    }

    private static DeletedBridge ending(SessionInfo session) {
        return new DeletedBridge(
                session.clientId().substring(BridgeDefinition.LOCAL_PREFIX.length()),
                session.since(),
                session.since().plusSeconds(session.sessionExpiryInterval()),
                session.queue(),
                Optional.empty());
    }

    @Override
    public synchronized CompletionStage<Boolean> purge(String name) {
        boolean known = false;
        for (Deletion deletion : List.copyOf(deletions)) {
            if (deletion.name().equals(name)) {
                deletion.purge();
                known = true;
            }
        }
        boolean wasKnown = known;
        String clientId = BridgeDefinition.LOCAL_PREFIX + name;
        boolean isEnding = broker.session(clientId).filter(Deletions::isEnding).isPresent();
        if (wasKnown || isEnding) {
            Audit.record(AuditEvent.BRIDGE_PURGED, entry -> entry.bridge(name));
        }
        return isEnding
                ? broker.endSession(clientId).thenApply(had -> had || wasKnown)
                : CompletableFuture.completedFuture(wasKnown);
    }

    @Deactivate
    synchronized void deactivate() {
        deletions.forEach(Deletion::abandon);
        deletions.clear();
    }
}
