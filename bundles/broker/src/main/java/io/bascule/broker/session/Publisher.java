/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.mqtt.Message;

/** The way of a message into the broker. */
public interface Publisher {

    /**
     * Routes a message to every matching session, and keeps it where it is retained. When this returns the store has been told of it;
     * whether it is safe there is for {@code MessageStore.whenDurable} to say.
     *
     * @param from the publishing session, null for the broker's own and the host's messages
     * @param receivedId the Packet Identifier of a QoS 2 message, which is remembered together with it, 0 otherwise
     * @return to how many sessions it went
     */
    int publish(Message message, ClientSession from, int receivedId);
}
