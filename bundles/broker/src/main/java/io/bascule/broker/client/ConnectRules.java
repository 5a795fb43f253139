/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.client;

import io.bascule.broker.Limit;
import io.bascule.broker.LimitHits;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.ControlPacket.Connect;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a CONNECT must keep to besides its format, before anybody is asked who the client is [MQTT-3.1.4-2]. */
record ConnectRules(ServerLimits limits, LimitHits hits) {

    /** What speaks against it, empty when nothing does. */
    Optional<Refusal> check(Connect connect) {
        if (connect.clientId().isEmpty() && !mayBeAssigned(connect)) {
            return refusal(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID, "no client id"); // [MQTT-3.1.3-8]
        }
        int clientIdLength = connect.clientId().getBytes(StandardCharsets.UTF_8).length;
        if (clientIdLength > limits.clientIdLength()) {
            hits.hit(Limit.CLIENT_ID_LENGTH);
            return refusal(
                    ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                    "a client id of " + clientIdLength + " bytes, at most " + limits.clientIdLength() + " are allowed");
        }
        return connect.will().flatMap(will -> check(will.message()));
    }

    private static boolean mayBeAssigned(Connect connect) {
        return switch (connect.version()) {
            case MQTT_3_1 -> false; // one character at least, in section 3.1 of that specification
            case MQTT_3_1_1 -> connect.cleanStart(); // [MQTT-3.1.3-7] of 3.1.1
            case MQTT_5 -> true; // [MQTT-3.1.3-6]
        };
    }

    private Optional<Refusal> check(Message will) {
        Optional<Refusal> topic = TopicRules.check(will.topic(), limits, hits);
        if (topic.isPresent()) {
            return topic;
        }
        if (will.topic().isReserved()) {
            return refusal(ReasonCode.NOT_AUTHORIZED, "a will for one of the broker's own topics");
        }
        if (will.qos().compareTo(limits.maximumQos()) > 0) {
            hits.hit(Limit.MAXIMUM_QOS);
            return refusal(
                    ReasonCode.QOS_NOT_SUPPORTED,
                    "a will with QoS " + will.qos().level()); // [MQTT-3.2.2-12]
        }
        if (will.retain() && !limits.retainAvailable()) {
            hits.hit(Limit.RETAIN_AVAILABLE);
            return refusal(ReasonCode.RETAIN_NOT_SUPPORTED, "a will that is retained"); // [MQTT-3.2.2-13]
        }
        if (limits.payloadFormatCheck() && !PayloadFormat.isAsIndicated(will)) {
            return refusal(ReasonCode.PAYLOAD_FORMAT_INVALID, "a will that is not the UTF-8 text it says it is");
        }
        return Optional.empty();
    }

    private static Optional<Refusal> refusal(ReasonCode reason, String what) {
        return Optional.of(new Refusal(reason, what));
    }
}
