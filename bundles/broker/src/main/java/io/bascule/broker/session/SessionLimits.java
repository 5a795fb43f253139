/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.mqtt.QoS;

/**
 * What one session may hold.
 *
 * @param queueMessages messages that may wait
 * @param queueBytes memory that waiting messages may take
 * @param overflow what gives way when either is reached
 * @param inFlight messages that may be sent and not yet acknowledged, 1 to 65,535, whatever more the client would allow
 * @param topicLevels levels that a filter may have
 * @param topicLength bytes that a filter may have
 * @param subscriptions that it may have
 * @param maximumQos the highest QoS that a subscription is granted
 */
public record SessionLimits(
        int queueMessages,
        long queueBytes,
        Overflow overflow,
        int inFlight,
        int topicLevels,
        int topicLength,
        int subscriptions,
        QoS maximumQos) {

    /** What gives way when a queue is full. */
    public enum Overflow {
        DROP_OLDEST,
        DROP_NEWEST
    }
}
