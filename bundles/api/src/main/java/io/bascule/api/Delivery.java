/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;

/**
 * One message for one subscriber: what a PUBLISH from the server says.
 *
 * @param packetId 0 for QoS 0; otherwise what {@link Session#puback} or {@link Session#pubrec} is to be called with
 * @param message as it was published
 * @param qos what it is delivered with: never above the subscription's maximum [MQTT-3.8.4-8], nor below its {@link LocalOptions#minimumQos}
 * @param retain the RETAIN flag of this delivery [MQTT-3.3.1-8, MQTT-3.3.1-9, MQTT-3.3.1-12, MQTT-3.3.1-13]
 * @param dup whether it may have been delivered before
 * @param subscriptionIdentifiers of the subscriptions that matched, in no order; shared, never written to
 */
public record Delivery(
        int packetId, Message message, QoS qos, boolean retain, boolean dup, int[] subscriptionIdentifiers) {}
