/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.example;

import io.bascule.api.Broker;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Publishes. */
@Component(immediate = true, service = Line.class)
public final class Line {
    private final Broker broker;

    @Activate
    public Line(@Reference Broker broker) {
        this.broker = broker;
        broker.publish(Message.of("plant/line1/state", "running").withRetain(true));
    }

    /** Publishes with QoS 2; completes when every session that is to have the message has it. */
    CompletionStage<String> order(String what) {
        byte[] payload = what.getBytes(StandardCharsets.UTF_8);
        Message order = Message.of(Topic.of("plant/line1/order"), payload, QoS.EXACTLY_ONCE, false)
                .expiringIn(Duration.ofHours(1));
        return broker.publish(order)
                .thenApply(reason -> reason == ReasonCode.NO_MATCHING_SUBSCRIBERS ? "nobody listens" : "" + reason);
    }
}
