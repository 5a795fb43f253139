/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.durable;

import io.bascule.benchmarks.support.MqttSocket;
import io.bascule.benchmarks.support.Packets;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A client of a session that outlives its connections: it subscribes and goes away, or comes back and takes what waits. Used by one thread. */
final class Taker implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int RECEIVE_MAXIMUM = 1_000;
    private static final long PAUSE_NANOS = 100_000;

    private final MqttSocket socket;
    private final List<Book> books;
    // No answer is longer than what it answers.
    private final ByteBuffer answers = ByteBuffer.allocate(2 * BUFFER_BYTES);
    private boolean connected;
    private boolean subscribed;
    private boolean sessionPresent;
    private long received;

    /**
     * Connects, and goes on with the session if there is one.
     *
     * @param books of the messages that may come, by their index
     * @param buffer bytes that the system may have received for it, 0 for its default
     */
    Taker(InetSocketAddress broker, String clientId, List<Book> books, int buffer) throws IOException {
        this.books = books;
        SocketChannel channel = SocketChannel.open();
        if (buffer > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, buffer);
        }
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(broker);
        socket = new MqttSocket(channel, BUFFER_BYTES);
        socket.write(Packets.resume(clientId, RECEIVE_MAXIMUM));
        while (!connected) {
            read();
        }
        channel.configureBlocking(false);
    }

    /** Has a session with this subscription at QoS 1, of a client that is not there. */
    static void subscribe(InetSocketAddress broker, String clientId, String filter) throws IOException {
        try (Taker taker = new Taker(broker, clientId, List.of(), 0)) {
            taker.subscribe(filter);
            taker.leave();
        }
    }

    /** Ends a session with all that waits for it. */
    static void forget(InetSocketAddress broker, String clientId) throws IOException {
        MqttSocket.open(broker, clientId, "", 0, 0).close();
    }

    /** Whether the broker knew the session. */
    boolean sessionPresent() {
        return sessionPresent;
    }

    /** Subscribes with QoS 1, and waits until that is granted. */
    void subscribe(String filter) throws IOException {
        socket.write(Packets.subscribe(filter, 1));
        while (!subscribed) {
            turn();
        }
    }

    /** Messages that have come over this connection. */
    long received() {
        return received;
    }

    /** Reads what is there, which may be nothing, and acknowledges it; returns whether any message was. */
    boolean turn() throws IOException {
        long before = received;
        read();
        if (answers.position() > 0) {
            socket.write(answers.flip());
            answers.clear();
        }
        return received > before;
    }

    /** Takes what comes until this is so, or nothing came for so long; returns whether it is so. */
    boolean take(BooleanSupplier done, Duration patience) throws IOException {
        long lastCame = System.nanoTime();
        while (!done.getAsBoolean()) {
            if (turn()) {
                lastCame = System.nanoTime();
            } else if (System.nanoTime() - lastCame > patience.toNanos()) {
                return false;
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return true;
    }

    /** Takes all of these that were acknowledged to their publishers; returns whether all came before nothing did for so long. */
    boolean takeAll(List<Book> wanted, Duration patience) throws IOException {
        long all = Book.sum(wanted, Book::acknowledged);
        return take(() -> Book.sum(wanted, Book::received) >= all && Book.sum(wanted, Book::missing) == 0, patience);
    }

    private void read() throws IOException {
        if (!socket.read(this::received)) {
            throw new EOFException("the broker has closed the connection");
        }
    }

    private void received(int firstByte, ByteBuffer body) throws IOException {
        switch (firstByte >> 4) {
            case Packets.CONNACK -> {
                connected = true;
                sessionPresent = (body.get() & 1) != 0;
                if (body.get() != 0) {
                    throw new IOException("the broker refuses the connection");
                }
            }
            case Packets.SUBACK -> subscribed = true;
            case Packets.PUBLISH -> {
                int packetId = Packets.skipToPayload(firstByte, body);
                long number = body.getLong();
                books.get((int) (number >> Integer.SIZE)).receive((int) number);
                received++;
                if (packetId > 0) {
                    answers.put(Packets.puback(packetId));
                }
            }
            default -> {
                // nothing that anybody here waits for
            }
        }
    }

    /** Disconnects, and returns when the broker has taken note. */
    void leave() throws IOException {
        socket.write(Packets.disconnect());
        while (socket.read((firstByte, body) -> {})) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
