/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.Server;
import io.bascule.bridge.link.RemoteSession;
import io.bascule.mqtt.TopicFilter;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the bridges know of their remote sessions, in a file each in the bundle's data area: it outlives an update of the bundle and the
 * process, as those sessions do. Without such an area nothing is known, and nothing but messages that no route takes comes of it.
 *
 * <p>A file is a server, a client id, the identifier up to which none is stale, and filters, each with its length before it.
 */
@Component(service = RemoteSessions.class, immediate = true)
public final class RemoteSessions {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteSessions.class);
    private static final String FOLDER = "remote-sessions";
    private static final long LARGEST_FILE = 1 << 20;

    private final Optional<Path> folder;

    /** Keeps them in this bundle's data area. */
    @Activate
    public RemoteSessions(BundleContext context) {
        this(Optional.ofNullable(context.getDataFile(FOLDER)).map(File::toPath));
    }

    RemoteSessions(Optional<Path> folder) {
        this.folder = folder;
    }

    /** What is known of the session of this bridge at its remote broker. */
    RemoteSession load(BridgeDefinition definition) {
        Optional<Path> file = file(definition.name()).filter(Files::exists);
        if (file.isEmpty() || definition.cleanStart()) {
            return RemoteSession.unknown();
        }
        try {
            return read(file.get(), definition);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "bridge {}: what was known of its remote session cannot be read: {}",
                    definition.name(),
                    e.toString());
            return RemoteSession.unknown();
        }
    }

    private static RemoteSession read(Path file, BridgeDefinition definition) throws IOException {
        if (Files.size(file) > LARGEST_FILE) {
            throw new IOException(file + " is larger than " + LARGEST_FILE + " bytes");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)));
        boolean same = Server.parse(readText(in)).isSameBroker(definition.server())
                & readText(in).equals(definition.clientId());
        int released = in.readInt();
        List<TopicFilter> filters = new ArrayList<>();
        while (in.available() > 0) {
            filters.add(TopicFilter.of(readText(in)));
        }
        return same ? new RemoteSession(filters, released) : RemoteSession.unknown();
    }

    private static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("the file is cut off");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** Keeps what is known now; nothing for a session that ends with its connection. */
    void save(BridgeDefinition definition, RemoteSession session) {
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
                Files.write(written, bytes(definition, session));
                Files.move(written, file.get(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            LOG.warn(
                    "bridge {}: what is known of its remote session cannot be kept: {}",
                    definition.name(),
                    e.toString());
        }
    }

    private static byte[] bytes(BridgeDefinition definition, RemoteSession session) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        writeText(out, definition.server().toString());
        writeText(out, definition.clientId());
        out.writeInt(session.released());
        for (TopicFilter filter : session.subscribed()) {
            writeText(out, filter.text());
        }
        return bytes.toByteArray();
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** The session has ended. */
    void forget(String name) {
        try {
            if (file(name).isPresent()) {
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
