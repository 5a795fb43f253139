/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.storm;

import io.bascule.benchmarks.support.MqttSocket;
import io.bascule.benchmarks.support.Packets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A subscriber that reads as it is told to: everything, so many bytes a second, or nothing. */
final class Laggard implements AutoCloseable {
    static final int EVERYTHING = Integer.MAX_VALUE;

    // Small, so that the messages pile up in the broker and not on the way.
    private static final int RECEIVE_BUFFER = 64 * 1024;
    private static final int STEPS_PER_SECOND = 10;

    private final MqttSocket socket;
    private final Selector selector = Selector.open();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong outOfOrder = new AtomicLong();
    private final Thread reader = new Thread(this::readOn, "laggard");
    private volatile int bytesPerSecond = EVERYTHING;
    private volatile boolean reading = true;
    private long last = -1;

    /** Subscribes, and reads everything for a start. */
    Laggard(InetSocketAddress broker, String clientId, String topic, int qos) throws IOException {
        socket = MqttSocket.open(broker, clientId, topic, qos, RECEIVE_BUFFER);
        socket.channel().register(selector, SelectionKey.OP_READ);
        reader.setDaemon(true);
        reader.start();
    }

    /** From now on it reads this much. */
    void read(int newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
    }

    private void readOn() {
        try {
            while (reading) {
                int pace = bytesPerSecond;
                if (pace == EVERYTHING) {
                    selector.select(key -> read(), 100);
                } else {
                    LockSupport.parkNanos(1_000_000_000L / STEPS_PER_SECOND);
                    if (pace > 0) {
                        socket.read(this::received, Math.max(1, pace / STEPS_PER_SECOND));
                    }
                }
            }
        } catch (IOException e) {
            System.out.println("the slow reader has lost its connection: " + e);
        }
    }

    private void read() {
        try {
            if (!socket.read(this::received)) {
                throw new IOException("closed by the broker");
            }
        } catch (IOException e) {
            reading = false;
            System.out.println("the slow reader has lost its connection: " + e);
        }
    }

    private void received(int firstByte, ByteBuffer body) throws IOException {
        int packetId = Packets.skipToPayload(firstByte, body);
        long number = body.getLong();
        if (number <= last) {
            outOfOrder.incrementAndGet();
        }
        last = number;
        received.incrementAndGet();
        if (packetId != 0) {
            socket.write(Packets.puback(packetId));
        }
    }

    long received() {
        return received.get();
    }

    /** Messages that did not come after those with lower numbers. */
    long outOfOrder() {
        return outOfOrder.get();
    }

    @Override
    public void close() throws IOException {
        reading = false;
        socket.close();
        selector.close();
    }
}
