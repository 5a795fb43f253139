/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.kill;

import io.bascule.itests.support.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Publishes numbers, and sends again after each loss of its connection what was not acknowledged, in order [MQTT-4.4.0-1, MQTT-4.6.0-1]. */
final class Publisher extends LastingClient {
    private static final int PACKET_IDS = 65_535;
    private static final int WINDOW = 100;
    private static final Duration TO_ACKNOWLEDGE = Duration.ofSeconds(60);

    private final Source source;
    private final int qos;
    private final boolean retain;
    private final Map<Integer, Sent> inFlight = new LinkedHashMap<>(); // in the order of their numbers
    private int lastPacketId;
    private Thread sender;
    private boolean stopped;

    /** What is published, and who is to know. */
    interface Source {
        /** The next number, which counts as sent. */
        int next();

        String topic(int number);

        void acknowledged(int number);
    }

    private record Sent(int number, Packet packet) {}

    Publisher(int port, String clientId, Source source, int qos, boolean retain) {
        super(port, clientId);
        this.source = source;
        this.qos = qos;
        this.retain = retain;
    }

    /** Publishes whenever it is connected, with this pause after each number, until {@link #stop}. */
    void start(long pauseNanos) {
        sender = new Thread(() -> send(pauseNanos), "sender of " + this);
        sender.setDaemon(true);
        sender.start();
    }

    private void send(long pauseNanos) {
        try {
            while (publish()) {
                LockSupport.parkNanos(pauseNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean publish() throws InterruptedException {
        while (!stopped && (!isConnected() || inFlight.size() >= WINDOW)) {
            wait();
        }
        if (!stopped) {
            publishNext();
        }
        return !stopped;
    }

    private void publishNext() {
        int number = source.next();
        int packetId = nextPacketId();
        Sent sent = new Sent(number, Packet.publish(source.topic(number), qos, retain, packetId, number));
        inFlight.put(packetId, sent);
        try {
            write(sent.packet());
            flush();
        } catch (IOException e) {
            // It is in flight, and is sent again over the next connection.
        }
    }

    private int nextPacketId() {
        do {
            lastPacketId = lastPacketId % PACKET_IDS + 1;
        } while (inFlight.containsKey(lastPacketId));
        return lastPacketId;
    }

    /** Publishes one last number, and returns when all of them are acknowledged. */
    void stop() throws InterruptedException {
        synchronized (this) {
            stopped = true;
            notifyAll();
        }
        sender.join();
        awaitConnected();
        synchronized (this) {
            publishNext();
        }
        Eventually.eventually(TO_ACKNOWLEDGE, () -> {
            if (unacknowledged() > 0) {
                throw new AssertionError(this + ": " + unacknowledged() + " are not acknowledged");
            }
        });
    }

    private synchronized int unacknowledged() {
        return inFlight.size();
    }

    @Override
    void connected(boolean sessionPresent) throws IOException {
        if (!sessionPresent) {
            // The broker has taken charge of these, and would take them for others.
            inFlight.values().removeIf(sent -> sent.packet().type() == Packet.PUBREL);
        }
        for (Sent sent : inFlight.values()) {
            write(
                    sent.packet().type() == Packet.PUBREL
                            ? sent.packet()
                            : sent.packet().again());
        }
    }

    @Override
    void received(Packet packet) throws IOException {
        int packetId = packet.packetId();
        switch (packet.type()) {
            case Packet.PUBREC -> {
                Packet release = Packet.answer(Packet.PUBREL, packetId);
                inFlight.computeIfPresent(packetId, (id, sent) -> new Sent(sent.number(), release));
                write(release);
            }
            case Packet.PUBACK, Packet.PUBCOMP -> {
                Sent sent = inFlight.remove(packetId);
                if (sent != null) {
                    source.acknowledged(sent.number());
                    notifyAll();
                }
            }
            default -> {
                // Nothing else is asked for.
            }
        }
    }
}
