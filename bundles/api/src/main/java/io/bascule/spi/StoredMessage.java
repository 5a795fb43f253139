/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.mqtt.Message;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** A message in the store, which may have to be read back before it can be had. Safe for use by several threads. */
@ConsumerType
public interface StoredMessage {

    /** Where it is in the order of what the store has to make durable; 0 where it is not kept. */
    long position();

    /**
     * The same as this copy of it, which this session is to receive and tells the store of; empty where it is not kept for the session. Called
     * right after {@link MessageStore#append}.
     */
    Optional<StoredMessage> forReceiver(SessionStore session, int copy);

    /** The message, empty where it is not in memory and {@link MessageStore#read} has to bring it. */
    Optional<Message> message();

    /** {@link Message#sizeInBytes()}, also when it is not in memory. */
    int sizeInBytes();

    /** {@link Message#isExpired}, also when it is not in memory. */
    boolean isExpired(long nowNanos);
}
