/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.event;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/** Where an {@link EventSession} takes its messages to: the event service, as the adapter to it knows it. */
@ConsumerType
public interface EventSink {

    /**
     * Gives an event to the event service. Called on an event loop, which it must not block, one at a time and in the order of the messages.
     *
     * @param topic one that every event service takes
     * @param event its properties, by the keys of {@link MqttEvent}
     * @param delivered to be called once, from any thread, when the event service holds the event no longer; more messages are taken only
     *     while not too many events are underway
     * @throws RuntimeException when the event service does not take it; {@code delivered} must then not be called
     */
    void deliver(String topic, Map<String, Object> event, Runnable delivered);

    /** Something is amiss that whoever runs this has to know, in one sentence. Called from any thread, once for each kind. */
    void warn(String sentence);
}
