/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.ReasonCode;
import io.netty.channel.Channel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The connections of one listener: those that are open, and those that have not got that far. */
final class OpenConnections implements Lifecycle {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Set<MqttConnection> connections = ConcurrentHashMap.newKeySet();

    private final Set<Channel> arriving = ConcurrentHashMap.newKeySet();

    private volatile Consumer<MqttConnection> farewell;

    /** A connection has come, which is opened or closed next. */
    void arrived(Channel channel) {
        arriving.add(channel);
        channel.closeFuture().addListener(closed -> arriving.remove(channel));
        if (farewell != null) { // it was accepted while the listener closed
            channel.close();
        }
    }

    @Override
    public void opened(MqttConnection connection) {
        connections.add(connection);
        arriving.remove(connection.channel());
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
        arriving.forEach(Channel::close); // nobody there yet who could be told
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (!(connections.isEmpty() && arriving.isEmpty()) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
