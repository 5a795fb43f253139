/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.ReasonCode;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The open connections of one listener. */
final class OpenConnections implements Lifecycle {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Set<MqttConnection> connections = ConcurrentHashMap.newKeySet();

    private volatile Consumer<MqttConnection> farewell;

    @Override
    public void opened(MqttConnection connection) {
        connections.add(connection);
        Consumer<MqttConnection> closing = farewell;
        if (closing != null) { // it was accepted while the listener closed
            closing.accept(connection);
        }
    }

    @Override
    public void closed(MqttConnection connection) {
        connections.remove(connection);
    }

    /** Tells every client why, closes, and waits until all are gone or the time is up. */
    void closeAll(ReasonCode reason, String what, long timeoutMillis) {
        farewell = connection -> connection.fail(reason, what);
        connections.forEach(farewell);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (!connections.isEmpty() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
