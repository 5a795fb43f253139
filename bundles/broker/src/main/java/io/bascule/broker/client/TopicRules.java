/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.client;

import io.bascule.broker.Limit;
import io.bascule.broker.LimitHits;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import java.util.Optional;

/** The bounds of a Topic Name. */
final class TopicRules {
    private TopicRules() {}

    /** What speaks against it, empty when nothing does. */
    static Optional<Refusal> check(Topic topic, ServerLimits limits, LimitHits hits) {
        // Levels are not even counted where the bytes are too few for so many.
        if (topic.utf8().length >= limits.topicLevels() && topic.levelCount() > limits.topicLevels()) {
            hits.hit(Limit.TOPIC_LEVELS);
            return Optional.of(new Refusal(
                    ReasonCode.TOPIC_NAME_INVALID, "a topic with more than " + limits.topicLevels() + " levels"));
        }
        if (topic.utf8().length > limits.topicLength()) {
            hits.hit(Limit.TOPIC_LENGTH);
            return Optional.of(new Refusal(
                    ReasonCode.TOPIC_NAME_INVALID, "a topic of more than " + limits.topicLength() + " bytes"));
        }
        return Optional.empty();
    }
}
