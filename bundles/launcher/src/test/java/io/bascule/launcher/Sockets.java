/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Ports of this machine. */
final class Sockets {
    private static final String LISTEN = "0A";

    private Sockets() {}

    /** A port on the loopback address that was free a moment ago. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The TCP ports that a process listens on, as Linux tells them. */
    static Set<Integer> listening(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            Set<String> inodes = inodes(pid);
            Set<Integer> ports = new TreeSet<>();
            for (String table : new String[] {"net/tcp", "net/tcp6"}) {
                Files.readAllLines(process.resolve(table)).stream()
                        .skip(1)
                        .map(line -> line.trim().split("\\s+"))
                        .filter(fields -> fields[3].equals(LISTEN) && inodes.contains(fields[9]))
                        .map(fields -> fields[1].substring(fields[1].indexOf(':') + 1))
                        .forEach(port -> ports.add(Integer.parseInt(port, 16)));
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the file descriptors of a process stand for; sockets and pipes by their numbers. */
    static Set<String> open(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        Set<String> targets = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    targets.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException e) {
                    // Closed meanwhile.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return targets;
    }

    private static Set<String> inodes(long pid) {
        return open(pid).stream()
                .filter(target -> target.startsWith("socket:["))
                .map(target -> target.substring("socket:[".length(), target.length() - 1))
                .collect(Collectors.toSet());
    }
}
