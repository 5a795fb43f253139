/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.eventadmin;

import io.bascule.event.EventSink;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events one after the other, each when the handlers are through with the one before. Posting would need no thread, but nobody hears
 * when a posted event is through, and Event Admin's queue has no bound: a slow handler would fill the heap.
 */
final class SendingThread implements EventSink {
    private static final Logger LOG = LoggerFactory.getLogger(SendingThread.class);
    private static final long CLOSE_TIMEOUT_MILLIS = 1500;

    private final String name;
    private final EventAdmin events;
    private final ExecutorService thread;
    private long failures; // on the thread alone

    SendingThread(String name, EventAdmin events) {
        this.name = name;
        this.events = events;
        this.thread = Executors.newSingleThreadExecutor(task -> new Thread(task, "eventadmin-" + name));
    }

    @Override
    public void deliver(String topic, Map<String, Object> properties, Runnable delivered) {
        Event event = new Event(topic, properties);
        thread.execute(() -> {
            try {
                events.sendEvent(event);
            } catch (RuntimeException e) {
                failed(topic, e);
            } finally {
                delivered.run();
            }
        });
    }

    /** Event Admin does not let handlers' exceptions through: this one is its own, and the next event will fare no better. */
    private void failed(String topic, RuntimeException e) {
        if (failures++ == 0) {
            LOG.warn("eventadmin {}: an event of topic {} was not sent, the first of those that fail", name, topic, e);
        }
    }

    @Override
    public void warn(String sentence) {
        LOG.warn("eventadmin {}: {}", name, sentence);
    }

    /** Returns when the events that are waiting have been sent, or after 1.5 s without the rest. */
    void close() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
            int left = thread.shutdownNow().size();
            LOG.warn(
                    "eventadmin {}: a handler takes longer than {} ms, {} events are not sent",
                    name,
                    CLOSE_TIMEOUT_MILLIS,
                    left);
        }
    }
}
