/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.link.Budget;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the bridges have sent of their budgets, by their names: it outlives them, and in a file each in the bundle's data area an update of the bundle and
 * the process. Without such an area it outlives them alone.
 */
@Component(service = Budgets.class, immediate = true)
public final class Budgets {
    private static final Logger LOG = LoggerFactory.getLogger(Budgets.class);
    private static final String FOLDER = "budgets";
    private static final int SIZE = 4 * Long.BYTES;
    /** Longer than any month: nothing in such a file counts any more. */
    private static final Duration USELESS = Duration.ofDays(62);

    private final Optional<Path> folder;
    private final Clock clock;
    /** What was opened last, by the bridge's name. */
    private final Map<String, Opened> opened = new HashMap<>();

    private boolean over;

    /** What this definition of a bridge has sent, or an earlier one where this one has no budget. */
    private record Opened(BridgeDefinition definition, Budget budget) {}

    /** Keeps them in this bundle's data area. */
    @Activate
    public Budgets(BundleContext context) {
        this(Optional.ofNullable(context.getDataFile(FOLDER)).map(File::toPath), Clock.systemUTC());
    }

    Budgets(Optional<Path> folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        folder.filter(Files::isDirectory).ifPresent(this::tidy);
    }

    private void tidy(Path files) {
        Instant useful = clock.instant().minus(USELESS);
        try (Stream<Path> all = Files.list(files)) {
            for (Path file : all.toList()) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(useful)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            LOG.debug("what is of no use any more stays in {}: {}", files, e.toString());
        }
    }

    /** The budget of this bridge; empty where it has none. */
    synchronized Optional<Budget> open(BridgeDefinition definition, Executor files) {
        String name = definition.name();
        Budget earlier = opened(name);
        if (definition.budget().isUnbounded()) {
            if (earlier != null) {
                opened.put(name, new Opened(definition, earlier)); // it may have one again
            }
            return Optional.empty();
        }
        Budget budget = new Budget(
                definition.budget(),
                earlier == null ? read(name) : earlier.figures(),
                clock,
                it -> keepInBackground(name, it, files));
        opened.put(name, new Opened(definition, budget));
        return Optional.of(budget);
    }

    /** Null where there is none. */
    private Budget opened(String name) {
        Opened last = opened.get(name);
        return last == null ? null : last.budget();
    }

    /** An event loop is not to wait for a disk. */
    private void keepInBackground(String name, Budget budget, Executor files) {
        try {
            files.execute(() -> keep(name, budget));
        } catch (RejectedExecutionException e) {
            LOG.debug("bridge {}: the transport is going; what it has sent is kept when it closes", name);
        }
    }

    /** Keeps what was sent until now; nothing where another has taken its place meanwhile. */
    synchronized void keep(String name, Budget budget) {
        if (over || folder.isEmpty() || opened(name) != budget) {
            return;
        }
        try {
            Path file = file(folder.get(), name);
            Files.createDirectories(folder.get());
            Path written = file.resolveSibling(file.getFileName() + ".new");
            Files.write(
                    written,
                    bytes(budget.figures()),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SYNC);
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("bridge {}: what it has sent of its budget cannot be kept: {}", name, e.toString());
        }
    }

    private static byte[] bytes(Budget.Figures figures) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (long figure : List.of(figures.day(), figures.ofDay(), figures.month(), figures.ofMonth())) {
            out.writeLong(figure);
        }
        return bytes.toByteArray();
    }

    private Budget.Figures read(String name) {
        Optional<Path> file = folder.map(path -> file(path, name)).filter(Files::exists);
        if (file.isEmpty()) {
            return Budget.Figures.NONE;
        }
        try {
            return read(file.get());
        } catch (IOException e) {
            LOG.warn(
                    "bridge {}: what it has sent of its budget cannot be read, and counts anew: {}",
                    name,
                    e.toString());
            return Budget.Figures.NONE;
        }
    }

    private static Budget.Figures read(Path file) throws IOException {
        if (Files.size(file) != SIZE) {
            throw new IOException(file + " has not " + SIZE + " bytes");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)));
        return new Budget.Figures(in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }

    /** A bridge is gone for good, unless another definition of it has come by the time it is its turn. */
    void forget(BridgeDefinition gone, Executor files) {
        try {
            files.execute(() -> forget(gone)); // an event loop is not to wait for what is just being written
        } catch (RejectedExecutionException e) {
            LOG.debug("bridge {}: the transport is going; what it has sent stays", gone.name());
        }
    }

    private synchronized void forget(BridgeDefinition gone) {
        String name = gone.name();
        Opened last = opened.get(name);
        if (over || last != null && last.definition() != gone) {
            return;
        }
        opened.remove(name);
        try {
            if (folder.isPresent()) {
                Files.deleteIfExists(file(folder.get(), name));
            }
        } catch (IOException e) {
            LOG.debug("bridge {}: what it has sent of its budget stays: {}", name, e.toString());
        }
    }

    /** A name can be longer than a file's, and have any character in it. */
    private static Path file(Path folder, String name) {
        return folder.resolve(
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString());
    }

    /** Nothing is written any more: a next one reads. */
    @Deactivate
    synchronized void deactivate() {
        over = true;
    }
}
