/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.api.Bridge.Direction;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.link.KnownSessions;
import io.bascule.bridge.route.Route;
import io.bascule.mqtt.TopicFilter;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** What one bridge knows of its remote sessions, from activation to deactivation, and that it is written down. From any thread. */
final class RemoteSessionKeeper implements AutoCloseable {
    private final BridgeDefinition definition;
    private final RemoteSessions store;
    private final Executor files;
    private final KnownSessions known;
    private final AtomicBoolean due = new AtomicBoolean();
    private boolean closed;

    /** Reads what is known, and writes down what may be the case after a crash. */
    RemoteSessionKeeper(BridgeDefinition definition, RemoteSessions store, Executor files) {
        this.definition = definition;
        this.store = store;
        this.files = files;
        this.known = store.load(definition);
        saveBefore(definition.filters(Direction.SUBSCRIBE));
        if (definition.routes().stream().anyMatch(Route::onDemand)) {
            known.all().forEach(session -> session.whenGrown(this::keepSoon));
        }
    }

    /** What the remote session that was joined last may be subscribed to. */
    List<TopicFilter> subscribedThere() {
        OptionalInt joined = known.joined();
        return joined.isPresent()
                ? List.copyOf(known.all().get(joined.getAsInt()).subscribed())
                : List.of();
    }

    /** A remote session is about to be subscribed to more than it was: a crash is not to make that unknown. */
    private void keepSoon() {
        if (due.compareAndSet(false, true)) { // without the lock, under which a file is written
            keep();
        }
    }

    KnownSessions known() {
        return known;
    }

    /** Writes down what may be the case after a crash from now on. Completes when it has tried, on another thread. */
    CompletionStage<Void> keep() {
        CompletableFuture<Void> kept = new CompletableFuture<>();
        try {
            files.execute(() -> {
                try {
                    saveBefore(always());
                } finally {
                    kept.complete(null);
                }
            });
        } catch (RejectedExecutionException e) {
            kept.completeExceptionally(e); // the transport is going, and the connection with it
        }
        return kept;
    }

    /** What the remote sessions will be subscribed to whatever is wanted here; the rest they know. */
    private List<TopicFilter> always() {
        return definition.routes(Direction.SUBSCRIBE).stream()
                .filter(route -> !route.onDemand())
                .flatMap(route -> route.filters().stream())
                .toList();
    }

    private synchronized void saveBefore(List<TopicFilter> subscribing) {
        due.set(false);
        if (!closed) {
            store.save(definition, known.before(subscribing));
        }
    }

    /** Writes down what is the case. */
    @Override
    public synchronized void close() {
        closed = true;
        store.save(definition, known);
    }
}
