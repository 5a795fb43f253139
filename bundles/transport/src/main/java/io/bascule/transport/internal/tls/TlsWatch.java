/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal.tls;

import io.bascule.transport.TlsOptions;
import java.nio.file.Path;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at files again and again, and has what handshakes use follow them. Files that will not do change nothing: what was
 * read before stays in use, and {@link #problem} says why. There is nothing in use until they have been good once.
 *
 * <p>It looks at attributes: a folder whose links are turned to another one, as Kubernetes does with secrets, tells no watch service.
 *
 * @param <T> what handshakes use
 */
public final class TlsWatch<T extends TlsWatch.Contents> {
    private static final Logger LOG = LoggerFactory.getLogger(TlsWatch.class);
    /** Files that have not changed are read again as seldom as this while they will not do: time or permissions may have mended them. */
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Owner owner;
    private final Source<T> source;
    private final Executor background;
    private final Runnable looked;
    private final Runnable changed;

    // Touched by one look at a time.
    private String lastSeen;
    private String lastRead; // null before the first time
    private long lastReadNanos;

    private volatile T contents;
    private volatile String problem;

    /**
     * Whose files they are, for the log.
     *
     * @param name such as {@code listener main}
     * @param withoutThem what becomes of him as long as they have not been good once, such as {@code stays shut}; empty where he says so himself
     */
    private record Owner(String name, Optional<String> withoutThem) {}

    /** One state of the files, read and checked. */
    interface Contents {
        /** That nothing has expired since it was read. */
        void checkValidity(Date now) throws UnusableFileException;
    }

    /** Where they come from. */
    private interface Source<T> {
        List<Path> files();

        /** Reads and checks all of them. */
        T read(Date now) throws UnusableFileException;
    }

    private TlsWatch(Owner owner, Source<T> source, Executor background, Runnable looked, Runnable changed) {
        this.owner = owner;
        this.source = source;
        this.background = background;
        this.looked = looked;
        this.changed = changed;
    }

    /**
     * For the listener of this name. Begins with the first {@link #look}.
     *
     * @param background where files may be read
     * @param looked told, in the background, after each look; to have {@link #look} called once more, in a while
     * @param changed told, in the background, when handshakes use something else, or anything at all
     */
    public static TlsWatch<TlsContexts> ofListener(
            String name, TlsConfig config, Executor background, Runnable looked, Runnable changed) {
        Source<TlsContexts> source = new Source<>() {
            @Override
            public List<Path> files() {
                return config.files();
            }

            @Override
            public TlsContexts read(Date now) throws UnusableFileException {
                return TlsContexts.read(config, now);
            }
        };
        return new TlsWatch<>(
                new Owner("listener " + name, Optional.of("stays shut")), source, background, looked, changed);
    }

    /** The same for connections of this owner, such as {@code bridge cloud}, to other brokers. */
    public static TlsWatch<RemoteContext> ofRemote(
            String owner, TlsOptions options, Executor background, Runnable looked, Runnable changed) {
        Source<RemoteContext> source = new Source<>() {
            @Override
            public List<Path> files() {
                return RemoteContext.files(options);
            }

            @Override
            public RemoteContext read(Date now) throws UnusableFileException {
                return RemoteContext.read(options, now);
            }
        };
        return new TlsWatch<>(new Owner(owner, Optional.empty()), source, background, looked, changed);
    }

    /** Looks at the files, in the background, and has itself called again. */
    public void look() {
        background.execute(() -> {
            try {
                readWhatHasChanged();
            } finally {
                looked.run();
            }
        });
    }

    private void readWhatHasChanged() {
        String seen = source.files().stream().map(BoundedFile::stamp).collect(Collectors.joining("\n"));
        boolean settled = seen.equals(lastSeen) || lastRead == null; // who writes several files needs a moment
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
        T before = contents;
        try {
            contents = source.read(new Date());
        } catch (UnusableFileException e) {
            report(e.getMessage());
            return;
        } catch (RuntimeException e) { // of a parser that met what it did not expect
            LOG.debug("{}: the files for TLS cannot be read", owner.name(), e);
            report("the files for TLS cannot be read: " + e);
            return;
        }
        problem = null;
        if (before != null) {
            LOG.info("{}: files for TLS have changed, the next handshake uses them", owner.name());
        }
        changed.run();
    }

    private void checkValidity() {
        try {
            contents.checkValidity(new Date());
        } catch (UnusableFileException e) {
            report(e.getMessage());
        }
    }

    private void report(String why) {
        String now = contents == null ? why : why + "; what was read before stays in use";
        if (!now.equals(problem)) {
            if (contents != null) {
                LOG.warn("{}: {}", owner.name(), now);
            } else {
                owner.withoutThem().ifPresent(so -> LOG.warn("{} {}: {}", owner.name(), so, now));
            }
        }
        problem = now;
    }

    /** Why the files are not in use as they are. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Whether the files were good once. */
    public boolean isUsable() {
        return contents != null;
    }

    /** What a handshake uses that begins now; not before the files were good once. */
    public T current() {
        return contents;
    }
}
