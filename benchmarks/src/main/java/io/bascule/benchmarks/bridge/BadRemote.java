/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import io.bascule.benchmarks.support.MqttSocket;
import io.bascule.benchmarks.support.Packets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A remote broker that nobody wishes for, on a free port of loopback. */
final class BadRemote implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int TO_FILL_MILLIS = 200;
    private static final int MOST_TO_FILL = 16;
    private static final int FLOOD_BATCH = 100;
    private static final int FLOOD_PAYLOAD_BYTES = 64;
    private static final byte[] FLOOD_TOPIC = Packets.utf8("flood/x");

    private final Manner manner;
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final List<AutoCloseable> open = new ArrayList<>(); // under its lock
    private final AtomicLong flooded = new AtomicLong();

    /** What is wrong with it. */
    enum Manner {
        /** Accepts a connection and never says anything. */
        SILENT,
        /** Has a full backlog and never accepts. */
        DEAF,
        /** Takes messages and never acknowledges one. */
        NEVER_ACKNOWLEDGES,
        /** Sends messages at QoS 0 as fast as it can. */
        FLOODS
    }

    BadRemote(Manner manner) throws IOException {
        this.manner = manner;
        boolean deaf = manner == Manner.DEAF;
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), deaf ? 1 : 0);
        if (deaf) {
            fillBacklog();
        } else {
            start(this::accept);
        }
    }

    InetSocketAddress address() {
        ServerSocket socket = server.socket();
        return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
    }

    /** Messages that it has sent unasked. */
    long flooded() {
        return flooded.get();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "bad remote");
        thread.setDaemon(true);
        thread.start();
    }

    private void fillBacklog() throws IOException {
        for (int i = 0; i < MOST_TO_FILL; i++) {
            Socket socket = new Socket();
            keep(socket);
            try {
                socket.connect(address(), TO_FILL_MILLIS);
            } catch (SocketTimeoutException e) {
                return; // full
            }
        }
        throw new IOException("the backlog takes more than " + MOST_TO_FILL + " connections");
    }

    private void keep(AutoCloseable one) {
        synchronized (open) {
            open.add(one);
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                keep(channel);
                if (manner != Manner.SILENT) {
                    start(() -> serve(channel));
                }
            } catch (AsynchronousCloseException e) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(SocketChannel channel) {
        MqttSocket socket = new MqttSocket(channel, BUFFER_BYTES);
        try {
            while (socket.read((firstByte, body) -> answer(socket, firstByte, body))) {
                // Everything is in the answers.
            }
        } catch (IOException e) {
            // The bridge has left.
        }
    }

    private void answer(MqttSocket socket, int firstByte, ByteBuffer body) throws IOException {
        switch (firstByte >> 4) {
            case 1 -> socket.write(ByteBuffer.wrap(new byte[] {0x20, 3, 0, 0, 0}));
            case 8 -> {
                socket.write(ByteBuffer.wrap(new byte[] {(byte) 0x90, 4, body.get(), body.get(), 0, 0}));
                if (manner == Manner.FLOODS) {
                    start(() -> flood(socket));
                }
            }
            case 12 -> socket.write(ByteBuffer.wrap(new byte[] {(byte) 0xD0, 0}));
            default -> {
                // Nobody acknowledges it.
            }
        }
    }

    private void flood(MqttSocket socket) {
        ByteBuffer one = Packets.publish(FLOOD_TOPIC, 0, 0, FLOOD_PAYLOAD_BYTES, 0, 0);
        ByteBuffer batch = ByteBuffer.allocate(one.remaining() * FLOOD_BATCH);
        for (int i = 0; i < FLOOD_BATCH; i++) {
            batch.put(one.duplicate());
        }
        batch.flip();
        try {
            while (socket.channel().isOpen()) {
                socket.write(batch.duplicate());
                flooded.addAndGet(FLOOD_BATCH);
            }
        } catch (IOException e) {
            // The bridge has left.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        synchronized (open) {
            for (AutoCloseable one : open) {
                try {
                    one.close();
                } catch (Exception e) {
                    throw new IOException(e);
                }
            }
        }
    }
}
