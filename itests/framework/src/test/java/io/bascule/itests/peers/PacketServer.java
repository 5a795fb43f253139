/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Supplier;

/** Listens on a free port of loopback and reads MQTT packets, each connection on a thread of its own; what is said to them is for others to know. */
final class PacketServer implements Peer {
    private static final int BACKLOG = 50;

    private final String name;
    private final Supplier<Conversation> conversations;
    private final ServerSocket server;

    /** What is said over one connection. */
    @FunctionalInterface
    interface Conversation {

        /**
         * Answers a packet; returns whether there is more to come.
         *
         * @param first byte of its Fixed Header
         * @param body what follows the Fixed Header
         */
        boolean answer(int first, byte[] body, OutputStream out) throws IOException;
    }

    /** {@code conversations} gives one for each connection. */
    PacketServer(String name, Supplier<Conversation> conversations) throws IOException {
        this.name = name;
        this.conversations = conversations;
        this.server = new ServerSocket(0, BACKLOG, Ports.loopback());
        start(this::accept);
    }

    private void start(Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                start(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            Conversation conversation = conversations.get();
            boolean on = true;
            while (on) {
                int first = in.readUnsignedByte();
                on = conversation.answer(first, in.readNBytes(variableInteger(in)), socket.getOutputStream());
            }
        } catch (IOException e) {
            // The other end has gone, or so have we.
        }
    }

    /** A Variable Byte Integer, as the Remaining Length is one (MQTT 5.0, section 1.5.5). */
    static int variableInteger(DataInputStream in) throws IOException {
        int value = 0;
        int shift = 0;
        int digit;
        do {
            digit = in.readUnsignedByte();
            value |= (digit & 0x7F) << shift;
            shift += 7;
        } while (digit >= 0x80);
        return value;
    }

    /** Connections that are open end with their other ends. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
