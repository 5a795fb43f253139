/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.resource.ResourceScope;
import io.bascule.transport.RemoteTls;
import io.bascule.transport.TlsOptions;
import io.bascule.transport.internal.tls.RemoteContext;
import io.bascule.transport.internal.tls.TlsWatch;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that an owner's connections to other brokers need, looked at until his scope is closed. */
final class RemoteTlsFiles implements RemoteTls {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteTlsFiles.class);
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final String owner;
    private final NettyEventLoop eventLoop;
    private final ResourceScope scope;
    private final Executor files;
    private final Runnable changed;
    private final boolean hasFiles;
    private final TlsWatch<RemoteContext> watch;
    private final CompletableFuture<Void> firstLook = new CompletableFuture<>();
    private boolean lookedBefore; // on the event loop

    /**
     * Begins to look.
     *
     * @param owner such as {@code bridge cloud}
     * @param files where they are read
     * @param changed called on the event loop when they are good and have changed since the first look
     */
    RemoteTlsFiles(
            TlsOptions options,
            String owner,
            NettyEventLoop eventLoop,
            ResourceScope scope,
            Executor files,
            Runnable changed) {
        this.owner = owner;
        this.eventLoop = eventLoop;
        this.scope = scope;
        this.files = files;
        this.changed = changed;
        this.hasFiles = options.authorities().isPresent() || options.identity().isPresent();
        NativeTransport.prepareTls();
        this.watch = TlsWatch.ofRemote(owner, options, this::readInBackground, this::looked, this::read);
        watch.look();
    }

    private void readInBackground(Runnable read) {
        try {
            files.execute(() -> {
                if (!scope.isClosed()) {
                    read.run();
                }
            });
        } catch (RejectedExecutionException e) {
            firstLook.complete(null); // the transport has stopped, and with it what waits for this
        }
    }

    private void looked() {
        firstLook.complete(null);
        onEventLoop(() -> {
            lookedBefore = true;
            if (hasFiles) {
                lookLater();
            }
        });
    }

    private void lookLater() {
        try {
            eventLoop.schedule(scope, LOOK, watch::look);
        } catch (IllegalStateException e) {
            LOG.debug("{}: files for TLS are looked at no more, it has closed", owner);
        }
    }

    private void read() {
        onEventLoop(() -> {
            if (lookedBefore) { // before the first look nobody has connected
                changed.run();
            }
        });
    }

    private void onEventLoop(Runnable task) {
        try {
            eventLoop.execute(() -> {
                if (!scope.isClosed()) {
                    task.run();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: files for TLS are looked at no more, the transport has stopped", owner);
        }
    }

    /** Calls one of the two, on any thread: with what handshakes use, or why there is nothing. */
    void whenRead(Consumer<RemoteContext> good, Consumer<String> bad) {
        firstLook.thenRun(() -> {
            if (watch.isUsable()) {
                good.accept(watch.current());
            } else {
                bad.accept(watch.problem().orElse("the files for TLS have not been read"));
            }
        });
    }

    @Override
    public Optional<String> problem() {
        return watch.problem();
    }
}
