/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.durable;

import io.bascule.benchmarks.support.Histogram;
import io.bascule.benchmarks.support.MqttSocket;
import io.bascule.benchmarks.support.Packets;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * One connection that publishes with QoS 1, with as many messages in flight as it may have at any time, to several topics in turns. Used by one
 * thread, unless it is said otherwise.
 */
final class Publisher implements AutoCloseable {
    private static final int PACKET_IDS = 65_535;
    private static final int FAILED = 0x80;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final MqttSocket socket;
    private final List<Book> books;
    private final Shape shape;
    private final ByteBuffer out = ByteBuffer.allocate(BUFFER_BYTES);
    private final Sent[] sent = new Sent[PACKET_IDS + 1];
    private int inFlight;
    private int lastPacketId;
    private int turn;
    private volatile Histogram latencies = new Histogram();
    private volatile long acknowledged;

    /** @param inFlight messages at most that are not acknowledged */
    record Shape(int inFlight, int payloadBytes, boolean retained) {}

    private record Sent(Book book, int number, long nanos) {}

    Publisher(InetSocketAddress broker, String clientId, List<Book> books, Shape shape) throws IOException {
        this.socket = MqttSocket.open(broker, clientId, "", 0, 0);
        this.socket.channel().configureBlocking(true);
        this.books = books;
        this.shape = shape;
    }

    /**
     * Publishes as long as there is to be one more, which the supplier may let it wait to know, and returns when all are acknowledged.
     *
     * @throws IOException when the connection is lost before
     */
    void publish(BooleanSupplier oneMore) throws IOException {
        boolean over = false;
        while (!over || inFlight > 0) {
            while (!over && inFlight < shape.inFlight()) {
                over = !oneMore.getAsBoolean();
                if (!over) {
                    put();
                }
            }
            flush();
            if (inFlight > 0 && !socket.read(this::received)) {
                throw new EOFException("the broker has closed the connection");
            }
        }
    }

    private void put() throws IOException {
        Book book = books.get(turn);
        turn = (turn + 1) % books.size();
        do {
            lastPacketId = lastPacketId % PACKET_IDS + 1;
        } while (sent[lastPacketId] != null);
        Sent next = new Sent(book, book.next(), System.nanoTime());
        ByteBuffer packet = Packets.publish(
                book.topic(),
                1,
                lastPacketId,
                shape.payloadBytes(),
                (long) book.index() << Integer.SIZE | next.number(),
                next.nanos());
        if (shape.retained()) {
            packet.put(0, (byte) (packet.get(0) | 1));
        }
        sent[lastPacketId] = next;
        inFlight++;
        if (out.remaining() < packet.remaining()) {
            flush();
        }
        out.put(packet);
    }

    private void flush() throws IOException {
        socket.write(out.flip());
        out.clear();
    }

    private void received(int firstByte, ByteBuffer body) {
        if (firstByte >> 4 != Packets.PUBACK) {
            return;
        }
        int packetId = body.getShort() & 0xFFFF;
        Sent one = sent[packetId];
        sent[packetId] = null;
        inFlight--;
        if (body.hasRemaining() && (body.get() & 255) >= FAILED) {
            one.book().refuse();
        } else {
            one.book().acknowledge(one.number());
            latencies.record(System.nanoTime() - one.nanos());
            acknowledged++;
        }
    }

    /** How many it knows to be acknowledged. From any thread. */
    long acknowledged() {
        return acknowledged;
    }

    /** From now on latencies, from being sent to being acknowledged, are counted here. From any thread. */
    void count(Histogram in) {
        latencies = in;
    }

    @Override
    public void close() {
        socket.close();
    }
}
