/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal.tls;

import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the files of one listener again and again, and has what handshakes use follow them. Files that will not do change nothing: what was
 * read before stays in use, and {@link #problem} says why. There is nothing in use until they have been good once.
 *
 * <p>It looks at attributes: a folder whose links are turned to another one, as Kubernetes does with secrets, tells no watch service.
 */
public final class TlsWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TlsWatch.class);
    /** Files that have not changed are read again as seldom as this while they will not do: time or permissions may have mended them. */
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final String listener;
    private final TlsConfig config;
    private final Executor background;
    private final Runnable lookLater;
    private final Runnable usable;

    // Touched by one look at a time.
    private String lastSeen = "";
    private String lastRead = "";
    private long lastReadNanos;

    private volatile TlsContexts contexts;
    private volatile String problem;

    /**
     * Begins with the first {@link #look}.
     *
     * @param background where files may be read
     * @param lookLater has {@link #look} called once more, in a while
     * @param usable told, in the background, when there is something to make handshakes with
     */
    public TlsWatch(String listener, TlsConfig config, Executor background, Runnable lookLater, Runnable usable) {
        this.listener = listener;
        this.config = config;
        this.background = background;
        this.lookLater = lookLater;
        this.usable = usable;
    }

    /** Looks at the files, in the background, and has itself called again. */
    public void look() {
        background.execute(() -> {
            try {
                readWhatHasChanged();
            } finally {
                lookLater.run();
            }
        });
    }

    private void readWhatHasChanged() {
        String seen = config.files().stream().map(BoundedFile::stamp).collect(Collectors.joining("\n"));
        boolean settled = seen.equals(lastSeen) || lastRead.isEmpty(); // who writes several files needs a moment
        lastSeen = seen;
        boolean again = problem != null && System.nanoTime() - lastReadNanos > AGAIN_NANOS;
        if (settled && (again || !seen.equals(lastRead))) {
            lastRead = seen;
            lastReadNanos = System.nanoTime();
            read();
        } else if (problem == null) {
            checkValidity();
        }
    }

    private void read() {
        TlsContexts before = contexts;
        try {
            contexts = TlsContexts.read(config, new Date());
        } catch (UnusableFileException e) {
            report(e.getMessage());
            return;
        } catch (RuntimeException e) { // of a parser that met what it did not expect
            LOG.debug("listener {}: the files for TLS cannot be read", listener, e);
            report("the files for TLS cannot be read: " + e);
            return;
        }
        problem = null;
        if (before == null) {
            usable.run();
        } else {
            LOG.info("listener {}: files for TLS have changed, the next handshake uses them", listener);
        }
    }

    private void checkValidity() {
        try {
            contexts.checkValidity(new Date());
        } catch (UnusableFileException e) {
            report(e.getMessage());
        }
    }

    private void report(String why) {
        String now = contexts == null ? why : why + "; what was read before stays in use";
        if (!now.equals(problem)) {
            LOG.warn("listener {}{}: {}", listener, contexts == null ? " stays shut" : "", now);
        }
        problem = now;
    }

    /** Why the files are not in use as they are. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** From the TCP connection to the end of the handshake. */
    public Duration handshakeTimeout() {
        return config.handshakeTimeout();
    }

    /** Whether the files were good once. */
    public boolean isUsable() {
        return contexts != null;
    }

    /** What a handshake with a client that names this host, or none (null), uses; not before the files were good once. */
    public SslContext forHost(String host) {
        return contexts.forHost(host);
    }
}
