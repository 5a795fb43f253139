/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.support.Ledger;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes numbered messages at QoS 1, one after the other, and does not give up: what is not acknowledged before the connection goes is sent
 * again over the next one. So what is in the books as sent, the last one perhaps excepted, is what a broker has promised to keep.
 */
final class Persistent {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long TO_STOP_MILLIS = TimeUnit.SECONDS.toMillis(30);

    private final ConnectOptions options;
    private final String topic;
    private final Ledger ledger;
    private final Thread thread;
    private volatile boolean running = true;
    private volatile int acknowledged;
    private int connections;

    /** Begins at once. */
    Persistent(int port, String name, String topic, Ledger ledger) {
        this.options = ConnectOptions.of(Version.MQTT_5, port, name).lastingSession();
        this.topic = topic;
        this.ledger = ledger;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        Optional<byte[]> unacknowledged = Optional.empty();
        while (running || unacknowledged.isPresent()) {
            try (Client client = Client.connect(options, message -> {})) {
                connections++;
                do {
                    byte[] next = unacknowledged.orElseGet(
                            () -> String.valueOf(ledger.send()).getBytes(UTF_8));
                    unacknowledged = Optional.of(next);
                    if (publish(client, next)) {
                        unacknowledged = Optional.empty();
                        acknowledged++;
                    }
                } while (running && client.isConnected());
            } catch (CompletionException | AssertionError e) {
                LockSupport.parkNanos(PAUSE_NANOS); // the broker is away
            }
        }
    }

    /** Whether it was acknowledged before the connection went; the client itself would wait for another one. */
    private boolean publish(Client client, byte[] payload) {
        CompletableFuture<?> outcome = client.publish(topic, 1, false, payload);
        CompletableFuture.anyOf(outcome, client.disconnected()).join();
        return outcome.isDone() && !outcome.isCompletedExceptionally();
    }

    /** How many messages a broker has acknowledged. */
    int acknowledged() {
        return acknowledged;
    }

    /** Returns when everything that was sent is acknowledged, and how often it had to connect. */
    int stop() throws InterruptedException {
        running = false;
        thread.join(TO_STOP_MILLIS);
        if (thread.isAlive()) {
            throw new AssertionError(thread.getName() + " waits for an acknowledgement");
        }
        return connections;
    }
}
