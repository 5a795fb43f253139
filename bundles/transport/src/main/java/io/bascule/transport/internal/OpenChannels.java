/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.ReasonCode;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The open connections of one listener. */
final class OpenChannels implements MqttChannel.Lifecycle {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Set<MqttChannel> channels = ConcurrentHashMap.newKeySet();

    private volatile Consumer<MqttChannel> farewell;

    @Override
    public void opened(MqttChannel channel) {
        channels.add(channel);
        Consumer<MqttChannel> closing = farewell;
        if (closing != null) { // it was accepted while the listener closed
            closing.accept(channel);
        }
    }

    @Override
    public void closed(MqttChannel channel) {
        channels.remove(channel);
    }

    int size() {
        return channels.size();
    }

    /** Tells every client why, closes, and waits until all are gone or the time is up. */
    void closeAll(ReasonCode reason, String what, long timeoutMillis) {
        farewell = channel -> channel.eventLoop().execute(() -> channel.fail(reason, what));
        channels.forEach(farewell);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (!channels.isEmpty() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
