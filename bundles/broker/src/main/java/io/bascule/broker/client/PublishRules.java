/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.client;

import io.bascule.broker.Limit;
import io.bascule.broker.LimitHits;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import java.util.Optional;

/** What a PUBLISH must keep to besides its format: who does not is disconnected. */
final class PublishRules {
    private PublishRules() {}

    /** What speaks against it, empty when nothing does. */
    static Optional<Refusal> check(Message message, ServerLimits limits, LimitHits hits) {
        if (message.qos().compareTo(limits.maximumQos()) > 0) {
            hits.hit(Limit.MAXIMUM_QOS);
            return Optional.of(new Refusal(
                    ReasonCode.QOS_NOT_SUPPORTED, // section 3.2.2.3.4
                    "a message with QoS " + message.qos().level()));
        }
        if (message.retain() && !limits.retainAvailable()) {
            hits.hit(Limit.RETAIN_AVAILABLE);
            return Optional.of(new Refusal(ReasonCode.RETAIN_NOT_SUPPORTED, "a retained message")); // section 3.2.2.3.5
        }
        return TopicRules.check(message.topic(), limits, hits);
    }
}
