/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.Assertions;

/** A stream of numbered messages from a client at one broker to a client at another, with its books. */
public final class Flow implements AutoCloseable {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long TO_ACKNOWLEDGE_SECONDS = 30;
    /** On a machine that does other things the rate is what that leaves. */
    private static final Duration TO_ARRIVE = Duration.ofSeconds(60);

    /** Mosquitto cuts off a client that has more QoS 2 messages on their way, and has no words to say so before 5.0. */
    private static final int WINDOW_3_1_1 = 20;

    private static final int WINDOW = 1000;

    private final String name;
    private final int qos;
    private final int window;
    private final String topic;
    private final Ledger ledger = new Ledger();
    private final Client publisher;
    private final Client subscriber;
    private final Queue<CompletableFuture<?>> unacknowledged = new ArrayDeque<>();
    private Thread sender;
    private volatile boolean running;

    /**
     * Where a stream begins and ends.
     *
     * @param topic published to
     * @param filter subscribed to at the other end
     */
    public record Way(int fromPort, String topic, int toPort, String filter) {}

    /** Connects and subscribes; nothing is sent yet. The name is part of the client ids. */
    public Flow(String name, Version version, int qos, Way way) {
        this.name = name;
        this.qos = qos;
        this.window = version == Version.MQTT_5 ? WINDOW : WINDOW_3_1_1;
        this.topic = way.topic();
        this.subscriber = Client.connect(
                ConnectOptions.of(version, way.toPort(), "to " + name),
                message -> ledger.receive(Integer.parseInt(message.text())));
        this.subscriber.subscribe(way.filter(), qos);
        this.publisher = Client.connect(version, way.fromPort(), "from " + name);
    }

    /** Sends at this rate until {@link #stop()}. */
    public void start(int perSecond) {
        running = true;
        sender = new Thread(() -> send(Integer.MAX_VALUE, perSecond), "sender of " + name);
        sender.setDaemon(true);
        sender.start();
    }

    /** Sends so many messages at this rate, and returns. */
    public void send(int messages, int perSecond) {
        running = true;
        long start = System.nanoTime();
        for (int i = 0; i < messages && running; i++) {
            long due = start + TimeUnit.SECONDS.toNanos(i) / perSecond;
            while (due - System.nanoTime() > 0 && running) {
                LockSupport.parkNanos(TICK_NANOS);
            }
            while (unacknowledged.size() >= window || isAcknowledged(unacknowledged.peek())) {
                awaitAcknowledged(unacknowledged.remove());
            }
            byte[] payload = String.valueOf(ledger.send()).getBytes(UTF_8);
            unacknowledged.add(publisher.publish(topic, qos, false, payload));
        }
    }

    private static boolean isAcknowledged(CompletableFuture<?> message) {
        return message != null && message.isDone();
    }

    private void awaitAcknowledged(CompletableFuture<?> message) {
        try {
            message.get(TO_ACKNOWLEDGE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(name + ": a message was not taken by the broker it was sent to", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops sending, and returns when the first broker has taken everything. */
    public void stop() {
        running = false;
        if (sender != null) {
            try {
                sender.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        while (!unacknowledged.isEmpty()) {
            awaitAcknowledged(unacknowledged.remove());
        }
    }

    /** Waits until as many more messages have arrived. */
    public void awaitMore(int messages) {
        int before = ledger.books().received();
        Eventually.eventually(
                TO_ARRIVE,
                () -> Assertions.assertThat(ledger.books().received())
                        .as(toString())
                        .isGreaterThanOrEqualTo(before + messages));
    }

    /** Waits until everything that was sent has arrived, at least once and in order. */
    public void awaitComplete(Duration limit) {
        Eventually.eventually(
                limit,
                () -> Assertions.assertThat(ledger.books().lost())
                        .as(toString())
                        .isZero());
        Assertions.assertThat(ledger.books().isComplete()).as(toString()).isTrue();
    }

    /** Waits until everything that was sent has arrived, exactly once and in order. */
    public void awaitExact(Duration limit) {
        awaitComplete(limit);
        Assertions.assertThat(ledger.books().isExact()).as(toString()).isTrue();
    }

    /** The books as they stand. */
    public Ledger.Books books() {
        return ledger.books();
    }

    /** Whether both clients are still connected. */
    public boolean isConnected() {
        return publisher.isConnected() && subscriber.isConnected();
    }

    @Override
    public void close() {
        running = false;
        publisher.close();
        subscriber.close();
    }

    @Override
    public String toString() {
        return name + ": " + ledger;
    }
}
