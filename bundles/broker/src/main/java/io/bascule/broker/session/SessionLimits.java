/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.QueueLimits;
import io.bascule.mqtt.QoS;

/**
 * What one session may hold.
 *
 * @param queue what may wait, where the session was not opened with limits of its own
 * @param inFlight messages that may be sent and not yet acknowledged, 1 to 65,535, whatever more the client would allow
 * @param topicLevels levels that a filter may have
 * @param topicLength bytes that a filter may have
 * @param subscriptions that it may have
 * @param maximumQos the highest QoS that a subscription is granted
 */
public record SessionLimits(
        QueueLimits queue, int inFlight, int topicLevels, int topicLength, int subscriptions, QoS maximumQos) {}
