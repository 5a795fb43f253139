/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy in this process that knows one user and lets nobody else through; every host that it is asked for is loopback to it. */
public final class ProxyServer implements AutoCloseable {
    public static final String USER = "gateway";
    public static final String PASSWORD = "let-me-0ut";
    private static final int BACKLOG = 50;

    /** What it speaks. */
    public enum Kind {
        HTTP,
        SOCKS5
    }

    private final Kind kind;
    private final ServerSocket server;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();

    /** Listens on a free port. */
    public ProxyServer(Kind kind) throws IOException {
        this.kind = kind;
        this.server = new ServerSocket(0, BACKLOG, Ports.loopback());
        start(this::accept);
    }

    /** What a bridge calls it. */
    public String address() {
        return (kind == Kind.HTTP ? "http" : "socks5") + "://127.0.0.1:" + server.getLocalPort();
    }

    /** Where its user wanted to go, {@code host:port}. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** Who was sent away. */
    public List<String> refused() {
        return List.copyOf(refused);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                start(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            Optional<String> target = kind == Kind.HTTP ? http(in, out) : socks(in, out);
            if (target.isPresent()) {
                int port = Integer.parseInt(target.get().substring(target.get().lastIndexOf(':') + 1));
                try (Socket far = new Socket(Ports.loopback(), port)) {
                    start(() -> carry(far, client));
                    in.transferTo(far.getOutputStream());
                }
            }
        } catch (IOException e) {
            // One of the ends has gone.
        }
    }

    private static void carry(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One of the ends has gone, and takes the other with it.
        }
    }

    /** Where its user wants to go; RFC 9110, section 9.3.6, and RFC 7617. */
    private Optional<String> http(DataInputStream in, OutputStream out) throws IOException {
        String[] request = line(in).split(" ");
        String said = "nobody";
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(Locale.ROOT).startsWith("proxy-authorization: basic ")) {
                said = new String(Base64.getDecoder().decode(header.substring(27)), ISO_8859_1);
            }
        }
        boolean known = request[0].equals("CONNECT") && isKnown(said);
        if (known) {
            asked.add(request[1]);
        }
        String status = known ? "200 OK" : "407 Proxy Authentication Required";
        out.write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(ISO_8859_1));
        return known ? Optional.of(request[1]) : Optional.empty();
    }

    private boolean isKnown(String userAndPassword) {
        boolean known = userAndPassword.equals(USER + ":" + PASSWORD);
        if (!known) {
            refused.add(userAndPassword);
        }
        return known;
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.append(next == '\r' ? "" : String.valueOf((char) next));
        }
        return line.toString();
    }

    /** The same; RFC 1928 and RFC 1929. */
    private Optional<String> socks(DataInputStream in, OutputStream out) throws IOException {
        in.readByte();
        byte[] methods = in.readNBytes(in.readUnsignedByte());
        if (new String(methods, ISO_8859_1).indexOf(2) < 0) {
            refused.add("nobody");
            out.write(new byte[] {5, (byte) 0xFF});
            return Optional.empty();
        }
        out.write(new byte[] {5, 2});
        in.readByte();
        String user = word(in);
        boolean known = isKnown(user + ":" + word(in));
        out.write(new byte[] {1, (byte) (known ? 0 : 1)});
        if (!known) {
            return Optional.empty();
        }
        in.skipNBytes(3);
        if (in.readByte() != 3) {
            throw new IOException("an address where a name was to be");
        }
        String target = word(in) + ":" + in.readUnsignedShort();
        asked.add(target);
        out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        return Optional.of(target);
    }

    private static String word(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readUnsignedByte()), ISO_8859_1);
    }

    /** Nobody new gets through; connections that are open end with their ends. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
