/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.karaf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Ports of this machine. */
final class Sockets {
    /** States of sockets, as Linux numbers those of TCP. */
    private static final String LISTEN = "0A";

    private static final String UNCONNECTED = "07";

    /** Below the range from which the kernel takes ports for outgoing connections, which might grab one meanwhile. */
    private static final int FIRST_PORT = 20_000;

    private static final int LAST_PORT = 29_999;
    private static final int ATTEMPTS = 1000;

    private Sockets() {}

    /** A port of the loopback address that was free a moment ago. */
    static int freePort() {
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT + 1);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Taken: try another.
            }
        }
        throw new IllegalStateException("no free port between " + FIRST_PORT + " and " + LAST_PORT);
    }

    /**
     * Where a process can be reached from elsewhere.
     *
     * @param protocol {@code tcp} or {@code udp}
     * @param address the address of this machine that it is bound to; the one of IPv4 where an IPv6 socket is bound to that
     */
    record Opened(String protocol, InetAddress address, int port) {}

    /** The TCP ports that a process listens on, as Linux tells them. */
    static Set<Integer> listening(long pid) {
        return opened(pid).stream()
                .filter(socket -> socket.protocol.equals("tcp"))
                .map(Opened::port)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The TCP sockets on which a process listens, and the UDP sockets that are connected to nobody, as Linux tells them. */
    static Set<Opened> opened(long pid) {
        Set<String> inodes = inodes(pid);
        Set<Opened> opened = new HashSet<>();
        for (String protocol : new String[] {"tcp", "udp"}) {
            for (String table : new String[] {protocol, protocol + "6"}) {
                rows(pid, table)
                        .filter(row -> row[3].equals(protocol.equals("tcp") ? LISTEN : UNCONNECTED))
                        .filter(row -> inodes.contains(row[9]))
                        .forEach(row -> opened.add(opened(protocol, row[1])));
            }
        }
        return opened;
    }

    private static Stream<String[]> rows(long pid, String table) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "net", table)).stream()
                    .skip(1)
                    .map(line -> line.trim().split("\\s+"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An address is written in words of 32 bits, each in the order of this machine. */
    private static Opened opened(String protocol, String written) {
        String[] parts = written.split(":");
        ByteBuffer address = ByteBuffer.allocate(parts[0].length() / 2).order(ByteOrder.nativeOrder());
        for (int i = 0; i < parts[0].length(); i += 8) {
            address.putInt(Integer.parseUnsignedInt(parts[0].substring(i, i + 8), 16));
        }
        try {
            return new Opened(protocol, InetAddress.getByAddress(address.array()), Integer.parseInt(parts[1], 16));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> inodes(long pid) {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith("socket:[")) {
                        inodes.add(target.substring("socket:[".length(), target.length() - 1));
                    }
                } catch (NoSuchFileException e) {
                    // Closed meanwhile.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return inodes;
    }
}
