/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import java.util.concurrent.CompletionStage;

/** The way of a message into the broker. */
public interface Publisher {

    /**
     * Routes a message to every matching session, and keeps it where it is retained. When this returns the store has been told of it;
     * it is safe there when what is at the position of the answer is durable.
     *
     * @param from the publishing session, null for the broker's own and the host's messages
     * @param receivedId the Packet Identifier of a QoS 2 message, which is remembered together with it, 0 otherwise
     * @param patient whether the publisher waits for an acknowledgement, so that a full queue may take the message and make him wait; a
     *     message of somebody who does not wait is dropped there
     */
    Routed publish(Message message, ClientSession from, int receivedId, boolean patient);

    /** Whether a patient publisher would have to wait with a message of QoS 1 or 2 at this topic. */
    boolean isBlocked(Topic topic);

    /**
     * The broker stops. Completes when the store has been told of whatever it was to be told later, exceptionally when something is left out; from any
     * thread.
     *
     * @param untilNanos the {@link System#nanoTime()} from which on it is told of nothing more
     */
    CompletionStage<Void> stop(long untilNanos);
}
