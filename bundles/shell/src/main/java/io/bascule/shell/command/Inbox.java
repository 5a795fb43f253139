/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Delivery;
import io.bascule.api.SessionListener;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a session was sent, from the event loop to the console's thread. The loop never waits: messages of QoS 0 that
 * come faster than the console prints are counted and left out; of those with QoS 1 and 2 the session's Receive Maximum
 * lets no more through than fit.
 */
final class Inbox implements SessionListener {
    /** Messages of QoS 0 that wait to be printed. */
    static final int CAPACITY = 10_000;

    /** What happened. */
    sealed interface Event {
        /** A message came. */
        record Arrived(Delivery delivery) implements Event {}

        /** A message of QoS 2 is released. */
        record Released(int packetId) implements Event {}

        /** The session is gone. */
        record Closed(ReasonCode reason) implements Event {}
    }

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong skipped = new AtomicLong();

    @Override
    public void message(Delivery delivery) {
        if (delivery.qos() == QoS.AT_MOST_ONCE && waiting.get() >= CAPACITY) {
            skipped.incrementAndGet();
            return;
        }
        waiting.incrementAndGet();
        events.add(new Event.Arrived(delivery));
    }

    @Override
    public void pubrel(int packetId) {
        events.add(new Event.Released(packetId));
    }

    @Override
    public void closed(ReasonCode reason) {
        events.add(new Event.Closed(reason));
    }

    /** The next event; empty when none comes for this long. */
    Optional<Event> next(Duration patience) throws InterruptedException {
        Event event = events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (event instanceof Event.Arrived) {
            waiting.decrementAndGet();
        }
        return Optional.ofNullable(event);
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    /** How many messages were left out. */
    long skipped() {
        return skipped.get();
    }
}
