/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.storm;

import io.bascule.benchmarks.support.Histogram;
import io.bascule.benchmarks.support.MqttSocket;
import io.bascule.benchmarks.support.Packets;
import io.bascule.benchmarks.support.Phases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Topics with a publisher and subscribers each, which exchange numbered messages on a fixed schedule. A message that is sent late because of
 * the one before it counts from when it was due.
 */
final class Traffic implements AutoCloseable {
    private final Shape shape;
    private final List<Stream> streams = new ArrayList<>();
    private final List<MqttSocket> sockets = new ArrayList<>();
    private final Selector selector = Selector.open();
    private final Phases latencies = new Phases();
    private final Phases lateness = new Phases();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong outOfOrder = new AtomicLong();
    private final AtomicLong lostConnections = new AtomicLong();
    private final Thread sender = new Thread(this::send, "steady-send");
    private final Thread receiver = new Thread(this::receive, "steady-receive");
    private volatile boolean sending = true;
    private volatile boolean receiving = true;

    /**
     * Who talks to whom.
     *
     * @param name in front of client ids and topics
     * @param topics each with a publisher of its own
     * @param subscribers of each topic
     * @param qos of publishers and subscribers
     * @param payloadBytes 16 or more
     * @param rate messages published a second, in all
     */
    record Shape(String name, int topics, int subscribers, int qos, int payloadBytes, int rate) {
        int clients() {
            return topics * (subscribers + 1);
        }

        String topic(int index) {
            return name + '/' + index;
        }
    }

    /** What the subscribers felt in one phase, and how late its messages were sent; moving until all of them have arrived. */
    record Felt(Histogram latencies, Histogram lateness) {}

    private static final class Stream {
        final byte[] topic;
        final MqttSocket publisher;
        long next;

        Stream(byte[] topic, MqttSocket publisher) {
            this.topic = topic;
            this.publisher = publisher;
        }
    }

    private final class Subscriber implements MqttSocket.Receiver {
        final MqttSocket socket;
        long expected;

        Subscriber(MqttSocket socket) {
            this.socket = socket;
        }

        @Override
        public void received(int firstByte, ByteBuffer body) throws IOException {
            int packetId = Packets.skipToPayload(firstByte, body);
            long number = body.getLong();
            long due = body.getLong();
            latencies.record(due, System.nanoTime() - due);
            if (number != expected) {
                outOfOrder.incrementAndGet();
            }
            expected = number + 1;
            received.incrementAndGet();
            if (packetId != 0) {
                socket.write(Packets.puback(packetId));
            }
        }
    }

    /** Connects them all. */
    Traffic(InetSocketAddress broker, Shape shape) throws IOException {
        this.shape = shape;
        for (int i = 0; i < shape.topics(); i++) {
            String topic = shape.topic(i);
            for (int j = 0; j < shape.subscribers(); j++) {
                MqttSocket socket = MqttSocket.open(broker, topic + "-in-" + j, topic, shape.qos(), 0);
                register(socket, new Subscriber(socket));
            }
            MqttSocket publisher = MqttSocket.open(broker, topic + "-out", "", 0, 0);
            register(publisher, (firstByte, body) -> acknowledged.incrementAndGet());
            streams.add(new Stream(Packets.utf8(topic), publisher));
        }
    }

    private void register(MqttSocket socket, MqttSocket.Receiver then) throws IOException {
        sockets.add(socket);
        Runnable reading = () -> {
            try {
                if (!socket.read(then)) {
                    lost(socket);
                }
            } catch (IOException e) {
                lost(socket);
            }
        };
        socket.channel().register(selector, SelectionKey.OP_READ, reading);
    }

    private void lost(MqttSocket socket) {
        lostConnections.incrementAndGet();
        socket.close();
    }

    /** Begins to send and to receive. */
    void start() {
        begin();
        receiver.setDaemon(true);
        sender.setDaemon(true);
        receiver.start();
        sender.start();
    }

    /** What is due from now on counts for these figures. */
    Felt begin() {
        return new Felt(latencies.begin(), lateness.begin());
    }

    private void send() {
        long periodNanos = TimeUnit.SECONDS.toNanos(1) / shape.rate();
        long start = System.nanoTime();
        for (long i = 0; sending; i++) {
            long due = start + i * periodNanos;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            Stream stream = streams.get((int) (i % streams.size()));
            long number = stream.next++;
            int packetId = 1 + (int) (number % 65_535);
            lateness.record(due, System.nanoTime() - due);
            try {
                stream.publisher.write(
                        Packets.publish(stream.topic, shape.qos(), packetId, shape.payloadBytes(), number, due));
            } catch (IOException e) {
                throw new UncheckedIOException("a publisher has lost its connection", e);
            }
            sent.incrementAndGet();
        }
    }

    private void receive() {
        try {
            while (receiving) {
                selector.select(key -> ((Runnable) key.attachment()).run(), 100);
            }
        } catch (ClosedSelectorException e) {
            // The end.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends no more, and waits until everything has arrived and is acknowledged, or half a minute has passed. */
    void drain() throws InterruptedException {
        sending = false;
        sender.join();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!isSettled() && System.nanoTime() - deadline < 0) {
            Thread.sleep(10);
        }
    }

    private boolean isSettled() {
        return lost() == 0 && (shape.qos() == 0 || acknowledged.get() >= sent.get());
    }

    /** Messages published. */
    long sent() {
        return sent.get();
    }

    /** Messages that should have been received and were not; those on their way count too. */
    long lost() {
        return Math.max(0, sent.get() * shape.subscribers() - received.get());
    }

    /** One sentence on what came of the messages. */
    String account() {
        return String.format(
                "%d steady clients at QoS %d: %d messages sent, %d acknowledged, %d received, %d lost, %d out of order,"
                        + " %d connections lost",
                shape.clients(),
                shape.qos(),
                sent.get(),
                acknowledged.get(),
                received.get(),
                lost(),
                outOfOrder.get(),
                lostConnections.get());
    }

    @Override
    public void close() throws IOException {
        sending = false;
        receiving = false;
        sockets.forEach(MqttSocket::close);
        selector.close();
    }
}
