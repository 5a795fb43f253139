/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.client;

import com.hivemq.client.mqtt.exceptions.ConnectionClosedException;
import com.hivemq.client.mqtt.exceptions.MqttClientStateException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** HiveMQ's MQTT client, the same for both versions. It does not connect again by itself. */
public abstract class Client implements AutoCloseable {
    /** Who fails to log in is told so up to 8 s late. */
    private static final long LIMIT_SECONDS = 30;

    private final CompletableFuture<String> disconnected = new CompletableFuture<>();

    Client() {}

    /**
     * Connects, and waits until the server has accepted.
     *
     * @param messages hears every message, in the order of arrival, one at a time; what it throws is lost
     */
    public static Client connect(ConnectOptions options, Consumer<Received> messages) {
        return options.version() == Version.MQTT_5 ? Client5.open(options, messages) : Client3.open(options, messages);
    }

    /** Connects a client that receives nothing. */
    public static Client connect(Version version, int port, String clientId) {
        return connect(ConnectOptions.of(version, port, clientId), message -> {});
    }

    /** Whether the server had the session: Session Present of CONNACK. */
    public abstract boolean sessionPresent();

    /** Subscribes, and waits for the SUBACK. */
    public abstract void subscribe(String filter, int qos);

    /** Publishes. The future completes when the message is acknowledged, or has been written for QoS 0. */
    public abstract CompletableFuture<?> publish(String topic, int qos, boolean retain, byte[] payload);

    /** Publishes text that is not retained, and waits until it is acknowledged. */
    public void publish(String topic, int qos, String text) {
        await(publish(topic, qos, false, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Completes when the connection has gone, with the reason. */
    public CompletableFuture<String> disconnected() {
        return disconnected;
    }

    /** Whether the connection is there. */
    public boolean isConnected() {
        return !disconnected.isDone();
    }

    /** Disconnects in an orderly way; does nothing when the connection is gone. */
    @Override
    public abstract void close();

    void hasDisconnected(Throwable cause) {
        disconnected.complete(String.valueOf(cause));
    }

    /** Waits until it has disconnected; the connection may have gone while that was asked for. */
    static void awaitDisconnected(CompletableFuture<?> disconnecting) {
        try {
            await(disconnecting);
        } catch (CompletionException e) {
            boolean gone = e.getCause() instanceof MqttClientStateException
                    || e.getCause() instanceof ConnectionClosedException
                    || e.getCause() instanceof Mqtt5DisconnectException;
            if (!gone) {
                throw e;
            }
        }
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within " + LIMIT_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
