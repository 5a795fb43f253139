/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy on loopback that knows one user, or none, and takes every host for loopback: what it was asked for is in {@link #asked}. */
final class TestProxy implements AutoCloseable {
    static final String USER = "u";
    static final String PASSWORD = "s3cret";

    final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Proxy.Kind kind;
    private final boolean wantsUser;

    TestProxy(Proxy.Kind kind, boolean wantsUser) throws IOException {
        this.kind = kind;
        this.wantsUser = wantsUser;
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                return; // one of the sockets is closed
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            sockets.add(client);
            start(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        OutputStream out = client.getOutputStream();
        int port = kind == Proxy.Kind.HTTP ? http(in, out) : socks(in, out);
        if (port < 0) {
            client.close();
            return;
        }
        Socket to = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(to);
        start(() -> {
            to.getInputStream().transferTo(out);
            client.shutdownOutput();
        });
        in.transferTo(to.getOutputStream());
        to.shutdownOutput();
    }

    /** The port that is wanted, -1 for nobody whom it knows. */
    private int http(DataInputStream in, OutputStream out) throws IOException {
        String target = line(in).split(" ")[1];
        boolean known = !wantsUser;
        String credentials = Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(ISO_8859_1));
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            known |= header.equalsIgnoreCase("Proxy-Authorization: Basic " + credentials);
        }
        out.write(("HTTP/1.1 " + (known ? "200 OK" : "407 Proxy Authentication Required") + "\r\n\r\n")
                .getBytes(ISO_8859_1));
        asked.add(target);
        return known ? Integer.parseInt(target.substring(target.lastIndexOf(':') + 1)) : -1;
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

    private int socks(DataInputStream in, OutputStream out) throws IOException {
        in.readByte();
        in.readNBytes(in.readUnsignedByte());
        out.write(new byte[] {5, (byte) (wantsUser ? 2 : 0)});
        if (wantsUser) {
            in.readByte();
            boolean known = word(in).equals(USER) & word(in).equals(PASSWORD);
            out.write(new byte[] {1, (byte) (known ? 0 : 1)});
            if (!known) {
                return -1;
            }
        }
        in.readNBytes(3);
        String host = in.readByte() == 3
                ? word(in)
                : InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
        int port = in.readUnsignedShort();
        out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        asked.add(host + ":" + port);
        return port;
    }

    private static String word(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readUnsignedByte()), ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
