/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import io.bascule.mqtt.QoS;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A packet that a bridge has exchanged with its remote broker, without anything that may be secret: no payload, no properties, no user name and
 * no password.
 *
 * @param time when it was handed to the network, or had been read from it
 * @param sent whether the bridge has sent it; otherwise it has received it
 * @param type the name that MQTT has for it, such as {@code PUBLISH}
 * @param packetId its Packet Identifier, where it has one
 * @param publish what else there is to say of a PUBLISH
 * @param topicFilters of a SUBSCRIBE and an UNSUBSCRIBE; empty otherwise
 */
public record BridgePacket(
        Instant time,
        boolean sent,
        String type,
        OptionalInt packetId,
        Optional<Publish> publish,
        List<String> topicFilters) {

    /**
     * The header of a PUBLISH.
     *
     * @param topic as it is at the remote broker
     * @param payloadBytes the size of its payload
     */
    public record Publish(QoS qos, boolean dup, boolean retain, String topic, int payloadBytes) {}
}
