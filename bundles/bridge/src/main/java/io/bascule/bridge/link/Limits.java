/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import io.bascule.transport.ControlPacket;
import java.time.Duration;
import java.util.Optional;

/**
 * What holds on one connection: the definition, narrowed by the remote broker's CONNACK.
 *
 * @param outgoingMaximum how many QoS 1 and 2 messages may be on their way to the remote broker
 * @param incomingMaximum how many of its QoS 1 and 2 messages may wait for the local broker before no more is read
 * @param maximumQos the highest QoS it takes
 * @param retain whether it takes RETAIN
 * @param subscriptionIdentifiers whether it tells which subscription a message is for
 * @param wildcardSubscriptions whether it has any
 * @param sharedSubscriptions the same
 * @param loops what keeps messages from going round
 */
record Limits(
        MqttVersion version,
        int outgoingMaximum,
        int incomingMaximum,
        QoS maximumQos,
        boolean retain,
        boolean subscriptionIdentifiers,
        boolean wildcardSubscriptions,
        boolean sharedSubscriptions,
        Duration keepAlive,
        LoopGuard loops) {

    static Limits of(
            BridgeDefinition definition, MqttVersion version, ControlPacket.ServerProperties server, LoopGuard loops) {
        boolean mqtt5 = version == MqttVersion.MQTT_5;
        int receiveMaximum = definition.receiveMaximum(version);
        if (!mqtt5) {
            server = ControlPacket.ServerProperties.NONE;
        }
        int serverKeepAlive = server.serverKeepAlive().orElse(0);
        return new Limits(
                version,
                Math.max(1, Math.min(server.receiveMaximum(), receiveMaximum)), // [MQTT-3.3.4-7]
                receiveMaximum,
                QoS.ofLevel(server.maximumQos()).atMost(definition.maximumQos()),
                server.retainAvailable(),
                mqtt5 && server.subscriptionIdentifierAvailable(),
                server.wildcardSubscriptionAvailable(),
                server.sharedSubscriptionAvailable(),
                serverKeepAlive == 0 ? definition.keepAlive() : Duration.ofSeconds(serverKeepAlive), // [MQTT-3.1.2-21]
                loops);
    }

    /**
     * Why the remote broker takes no subscription to this, as it has said; empty where it may. To ask all the same may end the connection
     * (MQTT 5.0, sections 3.2.2.3.11 and 3.2.2.3.13).
     */
    Optional<ReasonCode> against(TopicFilter filter) {
        if (filter.isShared() && !sharedSubscriptions) {
            return Optional.of(ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED);
        }
        return filter.hasWildcard() && !wildcardSubscriptions
                ? Optional.of(ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED)
                : Optional.empty();
    }
}
