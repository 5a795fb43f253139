/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.typedevent;

import io.bascule.event.EventSink;
import java.util.Collections;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.osgi.service.typedevent.TypedEventBus;
import org.osgi.service.typedevent.UntypedEventHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers events to the bus, and is a handler of them itself: the bus says nothing when an event is through and its queue has no bound, but
 * it hands the events of one thread to a handler in their order, so that each arrival here stands for the oldest one underway.
 */
final class BusSink implements EventSink, UntypedEventHandler {
    private static final Logger LOG = LoggerFactory.getLogger(BusSink.class);

    private final String name;
    private final TypedEventBus bus;
    private final Queue<Runnable> underway = new ConcurrentLinkedQueue<>();

    BusSink(String name, TypedEventBus bus) {
        this.name = name;
        this.bus = bus;
    }

    @Override
    public void deliver(String topic, Map<String, Object> event, Runnable delivered) {
        underway.add(delivered);
        try {
            bus.deliverUntyped(topic, Collections.unmodifiableMap(event)); // every handler gets this one map
        } catch (RuntimeException e) {
            underway.remove(delivered);
            throw e;
        }
    }

    @Override
    public void notifyUntyped(String topic, Map<String, Object> event) {
        Runnable oldest = underway.poll();
        if (oldest != null) {
            oldest.run();
        }
    }

    @Override
    public void warn(String sentence) {
        LOG.warn("typedevent {}: {}", name, sentence);
    }
}
