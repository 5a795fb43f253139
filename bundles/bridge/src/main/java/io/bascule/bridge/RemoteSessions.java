/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.RemoteIdentity;
import io.bascule.bridge.config.Server;
import io.bascule.bridge.file.WholeFile;
import io.bascule.bridge.link.KnownSessions;
import io.bascule.bridge.link.RemoteSession;
import io.bascule.mqtt.TopicFilter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the bridges know of their remote sessions, in a file each in the bundle's data area: it outlives an update of the bundle and the
 * process, as those sessions do. Without such an area nothing is known: messages come that no route takes, and where there are several servers a
 * session that one of them has is taken for one that may hold a message under any identifier.
 *
 * <p>A file is the format's number, the number of the server that was joined last or -1, and for each server its address, the client id, the
 * identifier up to which none is stale, those of messages that it may hold, and filters; texts with their length before them, and lists with
 * their number. Behind the sessions of the configuration come those of earlier ones, the latest first: an edit may be taken back, and they hold what
 * they held.
 */
@Component(service = RemoteSessions.class, immediate = true)
public final class RemoteSessions {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteSessions.class);
    private static final String FOLDER = "remote-sessions";
    /** Larger than the length that an earlier format begins with. */
    private static final int FORMAT = 0x42530002;

    private static final int NONE_JOINED = -1;
    private static final long LARGEST_FILE = 8 << 20;
    /** As many as a configuration may have servers. */
    private static final int MOST_EARLIER = 16;

    private final Optional<Path> folder;

    /** Keeps them in this bundle's data area. */
    @Activate
    public RemoteSessions(BundleContext context) {
        this(Optional.ofNullable(context.getDataFile(FOLDER)).map(File::toPath));
    }

    RemoteSessions(Optional<Path> folder) {
        this.folder = folder;
    }

    /** What is known of the sessions of this bridge at its remote brokers. */
    KnownSessions load(BridgeDefinition definition) {
        Optional<Path> file = file(definition.name()).filter(Files::exists);
        if (file.isEmpty() || definition.cleanStart()) {
            return nothing(definition);
        }
        try {
            return known(read(file.get()), definition);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "bridge {}: what was known of its remote sessions cannot be read: {}",
                    definition.name(),
                    e.toString());
            return nothing(definition);
        }
    }

    /** Of one server it does not matter: there the identifiers mean what they say. */
    private static KnownSessions nothing(BridgeDefinition definition) {
        List<RemoteIdentity> identities = definition.remoteIdentities();
        return new KnownSessions(
                identities.stream().map(session -> RemoteSession.forgotten()).toList(),
                identities.size() == 1 ? OptionalInt.of(0) : OptionalInt.empty());
    }

    /** What a file has. */
    private record Content(int joined, List<Entry> entries) {
        static final Content NOTHING = new Content(NONE_JOINED, List.of());

        /** Those that may be of this session, but for such that never came about, as of an address that was mistaken. */
        List<Entry> of(RemoteIdentity identity) {
            return entries.stream()
                    .filter(entry -> entry.identity().isSame(identity))
                    .filter(entry -> isJoined(entry) || !entry.session().isBlank())
                    .toList();
        }

        /** The sessions that this configuration has not. */
        List<Entry> without(BridgeDefinition definition) {
            return entries.stream()
                    .filter(entry -> !definition.has(entry.identity()))
                    .limit(MOST_EARLIER)
                    .toList();
        }

        boolean isJoined(Entry entry) {
            return entries.indexOf(entry) == joined;
        }
    }

    private static Content read(Path file) throws IOException {
        if (Files.size(file) > LARGEST_FILE) {
            throw new IOException(file + " is larger than " + LARGEST_FILE + " bytes");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)));
        if (in.readInt() != FORMAT) {
            throw new IOException("it is of another format");
        }
        int joined = in.readInt();
        List<Entry> entries = new ArrayList<>();
        while (in.available() > 0) {
            entries.add(new Entry(new RemoteIdentity(Server.parse(readText(in)), readText(in)), readSession(in)));
        }
        return new Content(joined, entries);
    }

    private static KnownSessions known(Content content, BridgeDefinition definition) {
        List<RemoteIdentity> identities = definition.remoteIdentities();
        List<RemoteSession> sessions = new ArrayList<>();
        OptionalInt joinedNow = OptionalInt.empty();
        for (RemoteIdentity identity : identities) {
            List<Entry> its = content.of(identity);
            boolean certain = its.size() == 1
                    && identities.stream().filter(its.get(0).identity()::isSame).count() == 1;
            if (certain && content.isJoined(its.get(0))) {
                joinedNow = OptionalInt.of(sessions.size());
            }
            sessions.add(
                    its.isEmpty()
                            ? RemoteSession.unknown()
                            : certain ? its.get(0).session() : anyOf(its));
        }
        return new KnownSessions(sessions, joinedNow);
    }

    /** What the file has of one session. */
    private record Entry(RemoteIdentity identity, RemoteSession session) {

        // As what it is, for what Server.equals says of a record's own.
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Servers of one host that are all reached in another way now cannot be told apart: it may be any of these, and hold anything. */
    private static RemoteSession anyOf(List<Entry> entries) {
        Set<TopicFilter> filters = new LinkedHashSet<>();
        int released = RemoteSession.ALL;
        for (Entry each : entries) {
            filters.addAll(each.session().subscribed());
            released = Math.min(released, each.session().released());
        }
        return new RemoteSession(filters, released, RemoteSession.everyIdentifier());
    }

    private static RemoteSession readSession(DataInputStream in) throws IOException {
        int released = in.readInt();
        BitSet held = BitSet.valueOf(readBytes(in));
        List<TopicFilter> filters = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            filters.add(TopicFilter.of(readText(in)));
        }
        return new RemoteSession(filters, released, held);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("the file is cut off");
        }
        return in.readNBytes(length);
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    /** Keeps what is known now; nothing for a session that ends with its connection. */
    synchronized void save(BridgeDefinition definition, KnownSessions known) {
        Optional<Path> file = file(definition.name());
        if (file.isEmpty()) {
            return;
        }
        try {
            if (definition.cleanStart()) {
                Files.deleteIfExists(file.get());
            } else {
                Files.createDirectories(folder.orElseThrow());
                Path written = file.get().resolveSibling(file.get().getFileName() + ".new");
                write(written, bytes(definition, known, before(file.get())));
                Files.move(written, file.get(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                WholeFile.force(folder.orElseThrow());
            }
        } catch (IOException e) {
            LOG.warn(
                    "bridge {}: what is known of its remote session cannot be kept: {}",
                    definition.name(),
                    e.toString());
            if (known.all().size() > 1) {
                delete(definition.name(), file.get());
            }
        }
    }

    private static Content before(Path file) {
        try {
            return Files.exists(file) ? read(file) : Content.NOTHING;
        } catch (IOException | IllegalArgumentException e) {
            return Content.NOTHING; // as was said when it was loaded
        }
    }

    /** Rather than let it name a server that is not the one that is joined. */
    private static void delete(String name, Path file) {
        try {
            WholeFile.delete(file);
        } catch (IOException e) {
            LOG.warn("bridge {}: what was known of its remote sessions is still there: {}", name, e.toString());
        }
    }

    /** As far as the disk: which server is meant by what the store has is to be known after a power cut as well. */
    private static void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (ByteBuffer left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
                channel.write(left);
            }
            channel.force(true);
        }
    }

    private static byte[] bytes(BridgeDefinition definition, KnownSessions known, Content before) throws IOException {
        List<Entry> earlier = before.without(definition);
        byte[] bytes = bytes(definition, known, before, earlier);
        return bytes.length <= LARGEST_FILE ? bytes : bytes(definition, known, Content.NOTHING, List.of());
    }

    private static byte[] bytes(BridgeDefinition definition, KnownSessions known, Content before, List<Entry> earlier)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(FORMAT);
        List<RemoteIdentity> identities = definition.remoteIdentities();
        int joined = known.joined().orElse(NONE_JOINED);
        for (int i = 0; i < earlier.size() && joined == NONE_JOINED && !known.hasGoneOn(); i++) {
            joined = before.isJoined(earlier.get(i)) ? identities.size() + i : NONE_JOINED;
        }
        out.writeInt(joined);
        for (int i = 0; i < identities.size(); i++) {
            writeSession(out, identities.get(i), known.all().get(i));
        }
        for (Entry each : earlier) {
            writeSession(out, each.identity(), each.session());
        }
        return bytes.toByteArray();
    }

    private static void writeSession(DataOutputStream out, RemoteIdentity identity, RemoteSession session)
            throws IOException {
        writeText(out, identity.server().toString());
        writeText(out, identity.clientId());
        out.writeInt(session.released());
        writeBytes(out, session.held().toByteArray());
        Set<TopicFilter> filters = session.subscribed();
        out.writeInt(filters.size());
        for (TopicFilter filter : filters) {
            writeText(out, filter.text());
        }
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** The sessions have ended, unless a bridge has come by the time it is its turn: what that has written down stays. */
    void forget(String name, BooleanSupplier isGone, Executor files) {
        try {
            files.execute(() -> forget(name, isGone)); // an event loop is not to wait for the disk
        } catch (RejectedExecutionException e) {
            LOG.debug("bridge {}: the transport is going; what is known of its remote sessions stays", name);
        }
    }

    private synchronized void forget(String name, BooleanSupplier isGone) {
        try {
            if (file(name).isPresent() && isGone.getAsBoolean()) {
                Files.deleteIfExists(file(name).get());
            }
        } catch (IOException e) {
            LOG.debug("bridge {}: {}", name, e.toString());
        }
    }

    /** A name can be longer than a file's, and have any character in it. */
    private Optional<Path> file(String name) {
        String plain =
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
        return folder.map(path -> path.resolve(plain));
    }
}
