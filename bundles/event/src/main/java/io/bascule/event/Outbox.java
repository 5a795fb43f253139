/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.event;

import io.bascule.api.Session;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The way into the broker. It never waits: what a thread offers is published on the session's executor, in the order it was offered, and
 * counts as underway until the broker has taken responsibility for it. What would go beyond the limit is dropped.
 */
final class Outbox {
    private static final int HIGHEST_ID = 65_535;

    private final Session session;
    private final long limit;
    private final Drops drops;
    private final AtomicLong underway = new AtomicLong();
    // On the executor alone. Far fewer are underway than there are identifiers, and they are acknowledged in order.
    private int lastId;

    Outbox(Session session, long limit, Drops drops) {
        this.session = session;
        this.limit = limit;
        this.drops = drops;
    }

    /** Publishes a message sooner or later, or drops it. From any thread. */
    void offer(Message message) {
        long size = message.sizeInBytes();
        long before = underway.getAndAdd(size);
        if (before > 0 && before + size > limit) { // one alone always fits
            underway.addAndGet(-size);
            drops.add("queue-full", "the broker does not keep up, " + before + " bytes are on their way to it");
            return;
        }
        try {
            session.executor().execute(() -> publish(message, size));
        } catch (RejectedExecutionException e) {
            underway.addAndGet(-size);
            drops.add("session-ended", "the broker stops");
        }
    }

    private void publish(Message message, long size) {
        if (message.qos() == QoS.AT_MOST_ONCE) {
            session.publish(0, message, ignored -> {});
            underway.addAndGet(-size);
            return;
        }
        int id = lastId % HIGHEST_ID + 1;
        lastId = id;
        session.publish(id, message, reason -> acknowledged(id, message, size, reason));
    }

    private void acknowledged(int id, Message message, long size, ReasonCode reason) {
        underway.addAndGet(-size);
        if (reason.isFailure()) {
            drops.add("refused", "the broker refuses a message at " + message.topic() + ": " + reason);
        } else if (message.qos() == QoS.EXACTLY_ONCE) {
            session.pubrel(id, completed -> {});
        }
    }
}
