/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.codec;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.UserProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The codec of a message but for when it expires: topic, QoS and flags, properties behind a tag each, payload. */
public final class MessageBody {
    private static final int QOS = 3;
    private static final int RETAIN = 4;

    private static final int END = 0;
    private static final int PAYLOAD_FORMAT_INDICATOR = 1;
    private static final int CONTENT_TYPE = 2;
    private static final int RESPONSE_TOPIC = 3;
    private static final int CORRELATION_DATA = 4;
    private static final int USER_PROPERTY = 5;

    private MessageBody() {}

    public static void encode(Encoder to, Message message) {
        to.bytes(message.topic().utf8());
        to.octet(message.qos().level() | (message.retain() ? RETAIN : 0));
        MessageProperties properties = message.properties();
        if (properties != MessageProperties.NONE) {
            encode(to, properties);
        }
        to.octet(END);
        to.bytes(message.payload());
    }

    private static void encode(Encoder to, MessageProperties properties) {
        properties
                .payloadFormatIndicator()
                .ifPresent(value -> to.octet(PAYLOAD_FORMAT_INDICATOR).octet(value));
        properties.contentType().ifPresent(value -> to.octet(CONTENT_TYPE).text(value));
        properties.responseTopic().ifPresent(value -> to.octet(RESPONSE_TOPIC).text(value));
        properties
                .correlationData()
                .ifPresent(value -> to.octet(CORRELATION_DATA).bytes(value));
        for (UserProperty each : properties.userProperties()) {
            to.octet(USER_PROPERTY).text(each.name()).text(each.value());
        }
    }

    public static Message decode(Decoder from) {
        Topic topic = decodeTopic(from);
        int flags = from.octet();
        MessageProperties properties = decodeProperties(from);
        QoS qos = QoS.ofLevel(flags & QOS);
        boolean retain = (flags & RETAIN) != 0;
        return Message.of(topic, from.bytes(), qos, retain).withProperties(properties);
    }

    /** The topic alone, with which a body begins. */
    public static Topic decodeTopic(Decoder from) {
        return Topic.of(from.text());
    }

    private static MessageProperties decodeProperties(Decoder from) {
        int tag = from.octet();
        if (tag == END) {
            return MessageProperties.NONE;
        }
        Optional<Integer> payloadFormatIndicator = Optional.empty();
        Optional<String> contentType = Optional.empty();
        Optional<String> responseTopic = Optional.empty();
        Optional<byte[]> correlationData = Optional.empty();
        List<UserProperty> userProperties = new ArrayList<>();
        for (; tag != END; tag = from.octet()) {
            switch (tag) {
                case PAYLOAD_FORMAT_INDICATOR -> payloadFormatIndicator = Optional.of(from.octet());
                case CONTENT_TYPE -> contentType = Optional.of(from.text());
                case RESPONSE_TOPIC -> responseTopic = Optional.of(from.text());
                case CORRELATION_DATA -> correlationData = Optional.of(from.bytes());
                case USER_PROPERTY -> userProperties.add(new UserProperty(from.text(), from.text()));
                default -> throw new FormatException("it has an unknown property " + tag);
            }
        }
        return new MessageProperties(
                payloadFormatIndicator, contentType, responseTopic, correlationData, userProperties);
    }
}
