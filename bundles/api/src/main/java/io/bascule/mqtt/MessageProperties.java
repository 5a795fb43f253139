/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.mqtt;

import java.util.List;
import java.util.Optional;

/**
 * The properties of a PUBLISH that travel with the message from publisher to subscriber (MQTT 5.0, section 3.3.2.3). Topic Alias and
 * Subscription Identifier belong to one connection and are not among them.
 *
 * @param payloadFormatIndicator 1 for UTF-8 text, 0 for bytes, empty when not given
 * @param contentType what the payload is
 * @param responseTopic where an answer is expected
 * @param correlationData what the answer is to repeat; shared with this object, never written to
 * @param userProperties in the order in which they were sent
 */
public record MessageProperties(
        Optional<Integer> payloadFormatIndicator,
        Optional<String> contentType,
        Optional<String> responseTopic,
        Optional<byte[]> correlationData,
        List<UserProperty> userProperties) {

    /** No property at all: what every 3.1.1 message has. */
    public static final MessageProperties NONE =
            new MessageProperties(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    public MessageProperties {
        userProperties = List.copyOf(userProperties);
    }
}
