/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.config.Durations;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.UserProperty;
import io.bascule.shell.view.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What was typed after {@code mqtt:publish}; null stands for what was left out. */
public final class PublishInput {
    /** A Four Byte Integer of seconds (MQTT 5.0, section 3.3.2.3.3). */
    private static final Duration LONGEST_EXPIRY = Duration.ofSeconds(0xFFFF_FFFFL);

    private static final String FORMAT_BYTES = "0";
    private static final String FORMAT_TEXT = "1";

    private final String topic;
    private final String text;
    private String file;
    private String qos = "0";
    private boolean retain;
    private String payloadFormat;
    private String contentType;
    private String responseTopic;
    private String correlationData;
    private String expiry;
    private List<String> userProperties = List.of();
    private String count;
    private String rate;

    /** The two arguments. */
    public PublishInput(String topic, String text) {
        this.topic = topic;
        this.text = text;
    }

    /** A file with the payload. */
    public PublishInput file(String typed) {
        file = typed;
        return this;
    }

    /** 0, 1 or 2. */
    public PublishInput qos(String typed) {
        qos = typed;
        return this;
    }

    /** The RETAIN flag. */
    public PublishInput retain(boolean typed) {
        retain = typed;
        return this;
    }

    /** Payload Format Indicator. */
    public PublishInput payloadFormat(String typed) {
        payloadFormat = typed;
        return this;
    }

    /** Content Type. */
    public PublishInput contentType(String typed) {
        contentType = typed;
        return this;
    }

    /** Response Topic and Correlation Data. */
    public PublishInput response(String typedTopic, String typedCorrelationData) {
        responseTopic = typedTopic;
        correlationData = typedCorrelationData;
        return this;
    }

    /** Message Expiry Interval. */
    public PublishInput expiry(String typed) {
        expiry = typed;
        return this;
    }

    /** User Properties, each as name=value. */
    public PublishInput userProperties(List<String> typed) {
        userProperties = typed;
        return this;
    }

    /** How often, and how fast. */
    public PublishInput repeated(String typedCount, String typedRate) {
        count = typedCount;
        rate = typedRate;
        return this;
    }

    Repetition repetition() {
        return Repetition.of(count, rate);
    }

    /** The message without its expiry, which begins when it is sent. */
    Message message() {
        Message bare = Message.of(Input.topic(topic, "mqtt:publish"), payload(), Input.qos(qos), retain);
        MessageProperties properties = Input.checked(() -> new MessageProperties(
                Optional.ofNullable(payloadFormat).map(PublishInput::format),
                Optional.ofNullable(contentType),
                Optional.ofNullable(responseTopic),
                Optional.ofNullable(correlationData).map(data -> data.getBytes(StandardCharsets.UTF_8)),
                userProperties.stream().map(PublishInput::userProperty).toList()));
        if (FORMAT_TEXT.equals(payloadFormat) && !Payload.of(bare.payload()).isText()) {
            throw new CommandFailure("--payload-format 1 is for UTF-8, which the file is not.");
        }
        return properties.equals(MessageProperties.NONE) ? bare : bare.withProperties(properties);
    }

    Optional<Duration> messageExpiry() {
        if (expiry == null) {
            return Optional.empty();
        }
        Duration parsed = Input.checked(() -> Durations.parse(expiry));
        if (parsed.compareTo(Duration.ofSeconds(1)) < 0 || parsed.compareTo(LONGEST_EXPIRY) > 0) {
            throw new CommandFailure("--expiry is 1s to " + LONGEST_EXPIRY.toSeconds() + "s, not " + expiry + ".");
        }
        return Optional.of(parsed);
    }

    private byte[] payload() {
        if (text != null && file != null) {
            throw new CommandFailure("Either a message or --file, not both.");
        }
        if (text == null && file == null) {
            throw new CommandFailure("A message is missing; '' is an empty one, --file takes one from a file.");
        }
        return file == null ? text.getBytes(StandardCharsets.UTF_8) : PayloadFile.read(file);
    }

    private static int format(String typed) {
        return switch (typed) {
            case FORMAT_BYTES -> 0;
            case FORMAT_TEXT -> 1;
            default -> throw new CommandFailure("--payload-format is 0 or 1, not " + typed + ".");
        };
    }

    private static UserProperty userProperty(String typed) {
        int equals = typed.indexOf('=');
        if (equals < 0) {
            throw new CommandFailure("--user-property is name=value, not " + typed + ".");
        }
        return new UserProperty(typed.substring(0, equals), typed.substring(equals + 1));
    }
}
