/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.mqtt.Message;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Receives messages by being there: a service with the property {@value #TOPIC_FILTER} is subscribed for as long as it is registered.
 *
 * <p>It is called on a thread of the broker that is not an event loop, with one message at a time and in order. It may block: its own
 * messages wait meanwhile, within the limits of a session, and nobody else's unless 64 services block at once. What it throws is logged, and
 * the message counts as received. Whoever needs acknowledgements, or messages from before it came, opens a session instead
 * ({@link io.bascule.api.Broker#open}).
 *
 * <p>When its properties are modified it is subscribed to what they say then, and misses nothing of a filter that stays. A property that
 * will not do is logged, and it receives nothing. Once it is unregistered no call begins; one that runs is waited for, 1 s at most, and then
 * interrupted.
 */
@ConsumerType
@FunctionalInterface
public interface MessageSubscriber {

    /** The topic filter, or several: a {@code String}, a {@code String[]} or a collection of strings. */
    String TOPIC_FILTER = "mqtt.topic.filter";

    /** The highest QoS to receive with, 0 to 2, an {@code Integer} or a {@code String}; 2 where it is not given. */
    String MAXIMUM_QOS = "mqtt.maximum.qos";

    /** A message that was published, or that was retained when it subscribed. */
    void message(Message message);
}
