/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static io.bascule.transport.internal.MqttFormatException.malformed;
import static io.bascule.transport.internal.MqttFormatException.protocolError;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.UserProperty;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads a PUBLISH straight from the buffer (MQTT 5.0, section 3.3). One for each connection: it keeps the connection's Topic Aliases.
 * After {@link #decode} the fields that are not part of the message stand in {@link #packetId} and {@link #subscriptionIdentifiers}.
 */
final class PublishDecoder {
    private static final int[] NONE = {};

    private final TopicCache topics;
    private final Terms terms;
    private final PropertyBudget budget;
    private Topic[] aliases = {};
    private Topic last; // null before the first
    private int packetId;
    private int[] subscriptionIdentifiers = NONE;

    // The properties of the packet being read.
    private Optional<Integer> payloadFormat = Optional.empty();
    private Optional<String> contentType = Optional.empty();
    private Optional<String> responseTopic = Optional.empty();
    private Optional<byte[]> correlationData = Optional.empty();
    private List<UserProperty> userProperties = List.of();
    private long expirySeconds = -1;
    private int topicAlias;
    private int identifierCount;

    PublishDecoder(TopicCache topics, Terms terms) {
        this.topics = topics;
        this.terms = terms;
        this.budget = new PropertyBudget(terms.role().properties());
    }

    int packetId() {
        return packetId;
    }

    int[] subscriptionIdentifiers() {
        return subscriptionIdentifiers;
    }

    /** Reads the packet whose variable header begins at {@code start} and whose last byte is before {@code end}. */
    Message decode(ByteBuf in, int firstByte, int start, int end) {
        int level = firstByte >> 1 & 3;
        if (level == 3) {
            throw malformed("PUBLISH with QoS 3"); // [MQTT-3.3.1-4]
        }
        if (level == 0 && (firstByte & 8) != 0 && terms.version() != MqttVersion.MQTT_3_1) {
            throw malformed("PUBLISH with QoS 0 and DUP"); // [MQTT-3.3.1-2]
        }
        if (end - start < 2) {
            throw malformed("PUBLISH without a topic");
        }
        int topicLength = in.getUnsignedShort(start);
        int at = start + 2 + topicLength;
        if (at + (level == 0 ? 0 : 2) > end) {
            throw malformed("PUBLISH ends within its topic or packet identifier");
        }
        packetId = 0;
        if (level != 0) {
            packetId = in.getUnsignedShort(at);
            at += 2;
            if (packetId == 0) {
                throw malformed("PUBLISH with packet identifier 0"); // [MQTT-2.2.1-3]
            }
        }
        subscriptionIdentifiers = NONE;
        if (terms.version() != MqttVersion.MQTT_5) {
            return Message.of(
                    topic(in, start + 2, topicLength), payload(in, at, end), QoS.ofLevel(level), (firstByte & 1) != 0);
        }
        int propertiesLength = at < end ? in.getByte(at) : -1;
        if (propertiesLength == 0) {
            Topic topic = topic(in, start + 2, topicLength);
            return Message.of(topic, payload(in, at + 1, end), QoS.ofLevel(level), (firstByte & 1) != 0);
        }
        at = readProperties(in, at, end);
        Topic topic = aliased(in, start + 2, topicLength);
        Message message = Message.of(topic, payload(in, at, end), QoS.ofLevel(level), (firstByte & 1) != 0)
                .withProperties(messageProperties());
        return expirySeconds < 0 ? message : message.expiringIn(Duration.ofSeconds(expirySeconds));
    }

    private Topic topic(ByteBuf in, int offset, int length) {
        if (length == 0) {
            throw protocolError("PUBLISH with an empty topic and no topic alias"); // [MQTT-4.7.3-1]
        }
        try {
            return last = topics.topic(in, offset, length, last);
        } catch (IllegalArgumentException e) {
            throw new MqttFormatException(ReasonCode.TOPIC_NAME_INVALID, "PUBLISH: " + e.getMessage());
        }
    }

    private Topic aliased(ByteBuf in, int offset, int length) {
        if (topicAlias < 0) {
            return topic(in, offset, length);
        }
        int maximum = terms.incomingAliases();
        if (topicAlias == 0 || topicAlias > maximum) { // [MQTT-3.3.2-8, MQTT-3.3.2-9]
            throw new MqttFormatException(
                    ReasonCode.TOPIC_ALIAS_INVALID, "topic alias " + topicAlias + ", allowed are 1 to " + maximum);
        }
        if (aliases.length < topicAlias) {
            aliases = Arrays.copyOf(aliases, Math.min(maximum, Math.max(topicAlias, aliases.length * 2)));
        }
        if (length > 0) {
            return aliases[topicAlias - 1] = topic(in, offset, length);
        }
        Topic known = aliases[topicAlias - 1];
        if (known == null) {
            throw protocolError("topic alias " + topicAlias + " stands for no topic yet");
        }
        return known;
    }

    private static byte[] payload(ByteBuf in, int from, int end) {
        byte[] payload = new byte[end - from];
        in.getBytes(from, payload);
        return payload;
    }

    private MessageProperties messageProperties() {
        boolean none = payloadFormat.isEmpty()
                && contentType.isEmpty()
                && responseTopic.isEmpty()
                && correlationData.isEmpty()
                && userProperties.isEmpty();
        return none
                ? MessageProperties.NONE
                : new MessageProperties(payloadFormat, contentType, responseTopic, correlationData, userProperties);
    }

    private int readProperties(ByteBuf in, int start, int packetEnd) {
        payloadFormat = Optional.empty();
        contentType = Optional.empty();
        responseTopic = Optional.empty();
        correlationData = Optional.empty();
        userProperties = List.of();
        expirySeconds = -1;
        topicAlias = -1;
        identifierCount = 0;
        FieldReader fields = new FieldReader(in, start, packetEnd);
        int length = fields.variableByteInteger();
        budget.reset();
        budget.take(length);
        FieldReader properties = fields.slice(length);
        int seen = 0;
        while (properties.hasMore()) {
            int id = properties.variableByteInteger();
            boolean repeatable = id == PropertyId.USER_PROPERTY || id == PropertyId.SUBSCRIPTION_IDENTIFIER;
            int bit = id < 32 ? 1 << id : 0;
            if (!repeatable && (seen & bit) != 0 || id == PropertyId.TOPIC_ALIAS && topicAlias >= 0) {
                throw protocolError("property " + id + " stands twice in PUBLISH");
            }
            seen |= bit;
            readProperty(id, properties);
        }
        subscriptionIdentifiers = identifierCount == 0 ? NONE : Arrays.copyOf(subscriptionIdentifiers, identifierCount);
        return fields.position();
    }

    private void readProperty(int id, FieldReader in) {
        switch (id) {
            case PropertyId.PAYLOAD_FORMAT_INDICATOR -> payloadFormat = Optional.of(in.flag());
            case PropertyId.MESSAGE_EXPIRY_INTERVAL -> expirySeconds = in.unsignedInt();
            case PropertyId.CONTENT_TYPE -> contentType = Optional.of(in.utf8());
            case PropertyId.RESPONSE_TOPIC -> responseTopic = Optional.of(in.topicName());
            case PropertyId.CORRELATION_DATA -> correlationData = Optional.of(in.binary());
            case PropertyId.TOPIC_ALIAS -> topicAlias = in.unsignedShort();
            case PropertyId.SUBSCRIPTION_IDENTIFIER -> {
                if (terms.fromClient()) {
                    throw protocolError("PUBLISH from a client with a subscription identifier"); // [MQTT-3.3.4-6]
                }
                int identifier = in.variableByteInteger();
                if (identifier == 0) {
                    throw protocolError("subscription identifier 0");
                }
                if (identifierCount == subscriptionIdentifiers.length) {
                    subscriptionIdentifiers = Arrays.copyOf(subscriptionIdentifiers, 4 + identifierCount * 2);
                }
                subscriptionIdentifiers[identifierCount++] = identifier;
            }
            case PropertyId.USER_PROPERTY -> {
                budget.takeUserProperty();
                if (userProperties.isEmpty()) {
                    userProperties = new ArrayList<>();
                }
                userProperties.add(new UserProperty(in.utf8(), in.utf8()));
            }
            default -> throw malformed("property " + id + " is not one of PUBLISH");
        }
    }
}
