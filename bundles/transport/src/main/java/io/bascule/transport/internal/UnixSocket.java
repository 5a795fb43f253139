/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where a listener's Unix domain socket is in the file system. Its file goes when the listener closes; that of a process which was killed stays,
 * and nobody can connect to it.
 *
 * @param mode who may connect
 */
record UnixSocket(Path path, Set<PosixFilePermission> mode) {
    /** What an address takes on Linux, in bytes; what is longer Netty would cut. */
    static final int LONGEST_PATH = 107;

    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET = 0140000;

    /**
     * A path that will do for a socket.
     *
     * @throws IllegalArgumentException with what is wrong, as a sentence without a full stop
     */
    static String checked(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
            throw new IllegalArgumentException("\"" + text + "\" is too long for a socket");
        }
        try {
            if (Path.of(text).isAbsolute()) {
                return text;
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a path", e);
        }
        throw new IllegalArgumentException("\"" + text + "\" is not absolute");
    }

    /**
     * Reads three digits as {@code chmod} has them, such as {@code 0660}.
     *
     * @throws IllegalArgumentException with what is wrong, as a sentence without a full stop
     */
    static Set<PosixFilePermission> mode(String text) {
        if (!text.matches("0?[0-7]{3}")) {
            throw new IllegalArgumentException("\"" + text + "\" is not a mode");
        }
        int bits = Integer.parseInt(text, 8);
        PosixFilePermission[] fromLeft = PosixFilePermission.values();
        Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission each : fromLeft) {
            if ((bits >> fromLeft.length - 1 - each.ordinal() & 1) != 0) {
                mode.add(each);
            }
        }
        return mode;
    }

    /** For the JDK's sockets, and for whoever asks where a client comes from. */
    UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(path);
    }

    /**
     * Makes way for the socket: removes the file of one that nobody listens on any more.
     *
     * @throws IOException when what is there is something else, or somebody listens on it
     */
    void makeWay() throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & FILE_TYPE) != SOCKET) {
            throw new IOException("what is there is not a socket");
        }
        if (answers()) {
            throw new IOException("somebody listens there");
        }
        Files.delete(path);
    }

    /** Whether somebody listens; who has no time to accept does too. */
    private boolean answers() throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false);
            channel.connect(address());
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }

    /** Lets those connect who may. */
    void open() throws IOException {
        Files.setPosixFilePermissions(path, mode);
    }
}
