/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.api.Bridge.Direction;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.link.KnownSessions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** What one bridge knows of its remote sessions, from activation to deactivation, and that it is written down. From any thread. */
final class Sessions implements AutoCloseable {
    private final BridgeDefinition definition;
    private final RemoteSessions store;
    private final Executor files;
    private final KnownSessions known;
    private boolean closed;

    /** Reads what is known, and writes down what may be the case after a crash. */
    Sessions(BridgeDefinition definition, RemoteSessions store, Executor files) {
        this.definition = definition;
        this.store = store;
        this.files = files;
        this.known = store.load(definition);
        saveBefore();
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
                    saveBefore();
                } finally {
                    kept.complete(null);
                }
            });
        } catch (RejectedExecutionException e) {
            kept.completeExceptionally(e); // the transport is going, and the connection with it
        }
        return kept;
    }

    private synchronized void saveBefore() {
        if (!closed) {
            store.save(definition, known.before(definition.filters(Direction.SUBSCRIBE)));
        }
    }

    /** Writes down what is the case. */
    @Override
    public synchronized void close() {
        closed = true;
        store.save(definition, known);
    }
}
