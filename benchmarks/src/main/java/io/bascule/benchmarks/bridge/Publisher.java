/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import io.bascule.benchmarks.support.Packets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes numbered messages on one topic, at a rate or as fast as they arrive, and sends again after a lost connection what was not
 * acknowledged, in order. Latency counts from when a message was due, so one that waits for its turn does not hide for how long.
 */
final class Publisher extends Client {
    private static final int PACKET_IDS = 65_535;
    private static final int DUP = 8;
    private static final int FAILED = 0x80;

    private final Account account;
    private final byte[] topic;
    private final int payloadBytes;
    private final int atMost;
    private final Map<Integer, Sent> inFlight =
            new LinkedHashMap<>(); // in the order of their numbers, under the lock of this
    private int window;
    private int lastPacketId;
    private Thread sender;
    private volatile boolean stopped;

    private static final class Sent {
        final int number;
        final long due;
        boolean received; // at QoS 2, by the broker, which has yet to release it

        Sent(int number, long due) {
            this.number = number;
            this.due = due;
        }
    }

    /** @param atMost messages that are not acknowledged, where the broker takes as many */
    Publisher(InetSocketAddress broker, String clientId, String topic, Account account, int payloadBytes, int atMost) {
        super(broker, clientId, PACKET_IDS);
        this.account = account;
        this.topic = Packets.utf8(topic);
        this.payloadBytes = payloadBytes;
        this.atMost = atMost;
    }

    /** Begins to publish so many messages a second. */
    void start(double rate) {
        double period = TimeUnit.SECONDS.toNanos(1) / rate;
        long start = System.nanoTime();
        start(i -> {
            long due = start + (long) (i * period);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            return due;
        });
    }

    /** Begins to publish as fast as messages arrive: never more than so many are on their way. */
    void startClosedLoop(int onTheirWay) {
        start(i -> {
            account.awaitBehind(onTheirWay, () -> stopped);
            return System.nanoTime();
        });
    }

    private interface Pace {
        /** Waits until a message is due, and returns when that was. */
        long await(long i) throws InterruptedException;
    }

    private void start(Pace pace) {
        sender = new Thread(() -> send(pace), "send");
        sender.setDaemon(true);
        sender.start();
    }

    private void send(Pace pace) {
        try {
            for (long i = 0; !stopped; i++) {
                publish(pace.await(i));
            }
        } catch (InterruptedException e) {
            // Nobody interrupts it: that would close its connection.
        }
    }

    /** Publishes no more; what is not acknowledged goes on being sent. */
    void stop() throws InterruptedException {
        stopped = true;
        synchronized (this) {
            notifyAll();
        }
        account.wake();
        if (sender != null) {
            sender.join();
        }
    }

    /** Publishes the next message as soon as there is room for it, or none when it is stopped first. */
    synchronized void publish(long due) throws InterruptedException {
        while (!stopped && (!isConnected() || inFlight.size() >= window)) {
            wait();
        }
        if (stopped) {
            return;
        }
        int number = account.next();
        int packetId = 0;
        if (account.qos() > 0) {
            packetId = nextPacketId();
            inFlight.put(packetId, new Sent(number, due));
        }
        try {
            write(packet(packetId, number, due));
            if (packetId == 0) {
                account.acknowledged(number);
            }
        } catch (IOException e) {
            // It is sent again over the next connection, as all that is in flight.
        }
    }

    private ByteBuffer packet(int packetId, int number, long due) {
        return Packets.publish(topic, account.qos(), packetId, payloadBytes, number, due);
    }

    private int nextPacketId() {
        do {
            lastPacketId = lastPacketId % PACKET_IDS + 1;
        } while (inFlight.containsKey(lastPacketId));
        return lastPacketId;
    }

    @Override
    void connected(Connack connack, boolean sessionLost) throws IOException {
        window = Math.min(atMost, connack.receiveMaximum());
        if (sessionLost) {
            // The broker had them, and would take them for new ones.
            inFlight.values().removeIf(sent -> {
                if (sent.received) {
                    account.acknowledged(sent.number);
                }
                return sent.received;
            });
        }
        for (Map.Entry<Integer, Sent> entry : inFlight.entrySet()) {
            Sent sent = entry.getValue();
            if (sent.received) {
                write(Packets.answer(Packets.PUBREL, entry.getKey()));
            } else {
                ByteBuffer packet = packet(entry.getKey(), sent.number, sent.due);
                packet.put(0, (byte) (packet.get(0) | DUP));
                write(packet);
            }
        }
    }

    @Override
    synchronized void received(int firstByte, ByteBuffer body) {
        int type = firstByte >> 4;
        if (type != Packets.PUBACK && type != Packets.PUBREC && type != Packets.PUBCOMP) {
            return;
        }
        int packetId = body.getShort() & 0xFFFF;
        boolean refused = body.hasRemaining() && (body.get() & 255) >= FAILED;
        Sent sent = inFlight.get(packetId);
        if (type == Packets.PUBREC && !refused) {
            if (sent != null) {
                sent.received = true;
            }
            answer(Packets.PUBREL, packetId);
            return;
        }
        if (inFlight.remove(packetId) != null) {
            // PUBCOMP with 0x92 is an answer to a PUBREL that was sent again: done before.
            if (refused && type != Packets.PUBCOMP) {
                account.refused();
            } else {
                account.acknowledged(sent.number);
            }
            notifyAll();
        }
    }
}
