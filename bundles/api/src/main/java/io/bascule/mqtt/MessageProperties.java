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

    /** Refuses what could not stand in a packet: half surrogate pairs, U+0000, and more than 65,535 bytes. */
    public MessageProperties {
        userProperties = List.copyOf(userProperties);
        contentType.ifPresent(text -> Utf8.check("content type", text));
        responseTopic.ifPresent(Topic::of); // [MQTT-3.3.2-14]
        correlationData.ifPresent(data -> {
            if (data.length > Utf8.MAX_BYTES) {
                throw new IllegalArgumentException("correlation data has at most " + Utf8.MAX_BYTES + " bytes");
            }
        });
        for (UserProperty each : userProperties) {
            Utf8.check("user property", each.name());
            Utf8.check("user property", each.value());
        }
    }

    /** A bound on the heap that they hold, in bytes. */
    int sizeInBytes() {
        int size = 96;
        size += contentType.map(MessageProperties::sizeInBytes).orElse(0);
        size += responseTopic.map(MessageProperties::sizeInBytes).orElse(0);
        size += correlationData.map(data -> 16 + data.length).orElse(0);
        for (UserProperty each : userProperties) {
            size += 32 + sizeInBytes(each.name()) + sizeInBytes(each.value());
        }
        return size;
    }

    private static int sizeInBytes(String text) {
        return 56 + 2 * text.length();
    }
}
