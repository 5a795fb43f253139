/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.UserProperty;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Details;
import io.bascule.shell.view.Payload;
import io.bascule.shell.view.Table;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a message holds. */
final class MessageDetails {
    private static final List<Column<UserProperty>> USER_PROPERTY = List.of(
            new Column<>("name", "Name", UserProperty::name), new Column<>("value", "Value", UserProperty::value));

    private MessageDetails() {}

    /** Adds its payload and those of its properties that it has. */
    static void addTo(Details details, Message message) {
        addBytes(details, "payload", "Payload", message.payload());
        MessageProperties properties = message.properties();
        expiry(message).ifPresent(left -> details.with("messageExpiryInterval", "Expires in", left));
        properties
                .payloadFormatIndicator()
                .ifPresent(format -> details.with("payloadFormatIndicator", "Payload format", format));
        properties.contentType().ifPresent(type -> details.with("contentType", "Content type", type));
        properties.responseTopic().ifPresent(topic -> details.with("responseTopic", "Response topic", topic));
        properties
                .correlationData()
                .ifPresent(bytes -> addBytes(details, "correlationData", "Correlation data", bytes));
        if (!properties.userProperties().isEmpty()) {
            details.with(
                    "userProperties",
                    "User properties",
                    Table.of(properties.userProperties(), (a, b) -> 0, "", USER_PROPERTY));
        }
    }

    /** What is left of its Message Expiry Interval. */
    static Optional<Duration> expiry(Message message) {
        OptionalLong seconds = message.remainingExpirySeconds(System.nanoTime());
        return seconds.isPresent() ? Optional.of(Duration.ofSeconds(seconds.getAsLong())) : Optional.empty();
    }

    private static void addBytes(Details details, String key, String title, byte[] bytes) {
        Payload payload = Payload.of(bytes);
        details.with(payload.key(key), title, payload);
    }
}
