/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.event;

import io.bascule.api.Delivery;
import io.bascule.api.Session;
import io.bascule.api.SessionListener;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The way out of the broker. Messages are given to the sink as events; while more than the limit is underway there the session says that it
 * does not keep up, so that the rest waits in the session, within the broker's limits for it.
 */
final class Inbox implements SessionListener {
    private final List<InRoute> routes;
    private final long limit;
    private final String adapter;
    private final EventSink sink;
    private final Drops drops;
    private final AtomicLong underway = new AtomicLong();
    private volatile boolean paused;
    private volatile Session session;
    private volatile boolean ended;

    Inbox(EventRoutes config, String adapter, EventSink sink, Drops drops) {
        this.routes = config.in();
        this.limit = config.queueBytes();
        this.adapter = adapter;
        this.sink = sink;
        this.drops = drops;
    }

    /** Before anything is subscribed to. */
    void attach(Session opened) {
        session = opened;
    }

    /** Whether the session has gone from under it. */
    boolean hasEnded() {
        return ended;
    }

    @Override
    public void message(Delivery delivery) {
        Message message = delivery.message();
        for (InRoute route : routes) {
            if (route.filter().matches(message.topic())) {
                Optional<String> topic = route.eventTopic(message.topic());
                topic.ifPresentOrElse(
                        found -> deliver(found, message),
                        () -> drops.add("unmapped", "in." + route.name() + " maps no message at " + message.topic()));
            }
        }
    }

    private void deliver(String topic, Message message) {
        long size = message.sizeInBytes();
        if (underway.addAndGet(size) >= limit) {
            pause();
        }
        try {
            sink.deliver(topic, MqttEvent.of(message, adapter), () -> delivered(size));
        } catch (RuntimeException e) {
            delivered(size);
            if (!ended) {
                drops.add("event-refused", "the event service does not take an event of topic " + topic + ": " + e);
            }
        }
    }

    private void pause() {
        paused = true;
        session.ready(false);
        resume(); // what was delivered just before has not seen that it is paused
    }

    private void delivered(long size) {
        underway.addAndGet(-size);
        resume();
    }

    /** From another thread it takes effect after the turn of the event loop that paused, so that the last word is always {@code ready}. */
    private void resume() {
        if (paused && underway.get() <= limit / 2) {
            paused = false;
            session.ready(true);
        }
    }

    /** From here on whatever is refused is refused because this closes. */
    void close() {
        ended = true;
    }

    @Override
    public void closed(ReasonCode reason) {
        ended = true;
        sink.warn("its session was ended (" + reason + "); nothing crosses until its configuration is edited");
    }
}
