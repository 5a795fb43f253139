/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import static io.bascule.itests.support.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import io.bascule.itests.client.Version;
import java.time.Duration;
import java.util.Optional;

/** Two clients of the broker that send each other the next number with QoS 1 as soon as they have received one, and note what is not so. */
final class PingPong implements AutoCloseable {
    private static final String PING = "ping";
    private static final String PONG = "pong";

    private final Client pinger;
    private final Client ponger;
    private int awaited = 1;
    private long sentNanos;
    private long longestNanos;
    private boolean pausing;
    private boolean paused;
    private String fault;

    /** Begins. */
    PingPong(int port) {
        ponger = Client.connect(ConnectOptions.of(Version.MQTT_5, port, "ponger"), this::pong);
        ponger.subscribe(PING, 1);
        pinger = Client.connect(ConnectOptions.of(Version.MQTT_5, port, "pinger"), this::ping);
        pinger.subscribe(PONG, 1);
        send(awaited);
    }

    private synchronized void send(int number) {
        sentNanos = System.nanoTime();
        publish(pinger, PING, String.valueOf(number));
    }

    private void pong(Received message) {
        publish(ponger, PONG, message.text());
    }

    private synchronized void ping(Received message) {
        if (fault == null && !message.text().equals(String.valueOf(awaited))) {
            fault = "received " + message.text() + " instead of " + awaited;
        }
        longestNanos = Math.max(longestNanos, System.nanoTime() - sentNanos);
        awaited++;
        if (pausing) {
            paused = true;
        } else {
            send(awaited);
        }
    }

    /** Sends no more until {@link #goOn}, and waits until the last round is over. */
    void pause() {
        synchronized (this) {
            pausing = true;
        }
        eventually("the last round is over", this::isPaused);
    }

    private synchronized boolean isPaused() {
        return paused || fault != null;
    }

    /** Goes on after a pause. */
    synchronized void goOn() {
        pausing = false;
        if (paused) {
            paused = false;
            send(awaited);
        }
    }

    private void publish(Client client, String topic, String text) {
        client.publish(topic, 1, false, text.getBytes(UTF_8)).whenComplete((done, failure) -> failed(failure));
    }

    private synchronized void failed(Throwable failure) {
        if (failure != null && fault == null) {
            fault = failure.toString();
        }
    }

    /** How many round trips there have been. */
    synchronized int rounds() {
        return awaited - 1;
    }

    /** The longest round trip so far, the present one included. */
    synchronized Duration longest() {
        return Duration.ofNanos(paused ? longestNanos : Math.max(longestNanos, System.nanoTime() - sentNanos));
    }

    /** What was not as it should be, the first of it. */
    synchronized Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Ends it; what is under way is lost. */
    @Override
    public void close() {
        pinger.close();
        ponger.close();
    }
}
