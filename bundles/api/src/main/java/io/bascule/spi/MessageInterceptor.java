/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.mqtt.Message;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Sees every message that a client, a will or a session in this process publishes, before it is retained and routed, and may change or drop
 * it. A service: the broker picks it up and lets go of it while it runs. Interceptors are called in the order of their
 * {@code service.ranking}, the highest first, each with what the one before has made of the message.
 *
 * <p>Called on event loops, several at a time: it must not block. One that throws has dropped the message.
 */
@ConsumerType
public interface MessageInterceptor {

    /**
     * The message to go on with, the same or another; empty to drop it, which is counted as {@code intercepted} and acknowledged to its
     * publisher as a success.
     *
     * @param publisher who publishes it
     */
    Optional<Message> publish(Client publisher, Message message);
}
