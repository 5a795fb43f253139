/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.event;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.UserProperty;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How an MQTT message stands in an event: the keys of its properties. An event that came from MQTT has {@link #TOPIC}, {@link #PAYLOAD},
 * {@link #QOS}, {@link #RETAIN} and {@link #ADAPTER}, and the others where the message has what they stand for. In an event on its way to
 * MQTT, {@link #CONTENT_TYPE}, {@link #RESPONSE_TOPIC}, {@link #CORRELATION_DATA} and the {@link #USER} properties become those of the message.
 */
public final class MqttEvent {
    /** The topic as it was published, a String. What has it came from MQTT, and never goes back there. */
    public static final String TOPIC = "mqtt.topic";
    /** The payload, a byte[] of the event's own. */
    public static final String PAYLOAD = "mqtt.payload";
    /** The QoS it was published with, an Integer: 0, 1 or 2. */
    public static final String QOS = "mqtt.qos";
    /** The RETAIN flag it was published with, a Boolean. */
    public static final String RETAIN = "mqtt.retain";
    /** The client id of the session that the adapter received it with, a String. */
    public static final String ADAPTER = "mqtt.adapter";
    /** The Content Type, a String. */
    public static final String CONTENT_TYPE = "mqtt.content.type";
    /** The Response Topic, a String. */
    public static final String RESPONSE_TOPIC = "mqtt.response.topic";
    /** The Correlation Data, a byte[] of the event's own. */
    public static final String CORRELATION_DATA = "mqtt.correlation.data";
    /** What the key of a User Property begins with; its name follows. A String; of several with one name the last. */
    public static final String USER = "mqtt.user.";

    private MqttEvent() {}

    /** Whether the event came from MQTT. */
    static boolean isFromMqtt(Map<String, ?> event) {
        return event.containsKey(TOPIC);
    }

    /** The properties of the event that stands for this message. */
    static Map<String, Object> of(Message message, String adapter) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put(TOPIC, message.topic().name());
        event.put(PAYLOAD, message.payload().clone()); // whoever gets the event may write to it
        event.put(QOS, message.qos().level());
        event.put(RETAIN, message.retain());
        event.put(ADAPTER, adapter);
        MessageProperties properties = message.properties();
        properties.contentType().ifPresent(type -> event.put(CONTENT_TYPE, type));
        properties.responseTopic().ifPresent(topic -> event.put(RESPONSE_TOPIC, topic));
        properties.correlationData().ifPresent(data -> event.put(CORRELATION_DATA, data.clone()));
        properties.userProperties().forEach(user -> event.put(USER + user.name(), user.value()));
        return event;
    }

    /**
     * The message that stands for this event.
     *
     * @param payload the key of its payload
     * @throws IllegalArgumentException when a property cannot stand in a message; the message says why
     */
    static Message message(Topic topic, Map<String, ?> event, String payload, QoS qos, boolean retain) {
        Message message = Message.of(topic, payload(payload, event.get(payload)), qos, retain);
        MessageProperties properties = properties(event);
        return properties.equals(MessageProperties.NONE) ? message : message.withProperties(properties);
    }

    private static byte[] payload(String key, Object value) {
        if (value == null) {
            return new byte[0];
        }
        if (value instanceof byte[] bytes) {
            return bytes.clone(); // whoever sent the event may still write to it
        }
        if (value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof Enum<?>) {
            return value.toString().getBytes(StandardCharsets.UTF_8);
        }
        throw new IllegalArgumentException(key + " is a " + value.getClass().getTypeName()
                + "; a payload is made of a byte[], text, a number, a truth value or an enum");
    }

    private static MessageProperties properties(Map<String, ?> event) {
        List<UserProperty> user = new ArrayList<>();
        event.forEach((key, value) -> {
            if (key.startsWith(USER) && value != null) {
                user.add(new UserProperty(key.substring(USER.length()), value.toString()));
            }
        });
        return new MessageProperties(
                Optional.empty(),
                text(event, CONTENT_TYPE),
                text(event, RESPONSE_TOPIC),
                Optional.ofNullable(event.get(CORRELATION_DATA)).map(data -> payload(CORRELATION_DATA, data)),
                user);
    }

    private static Optional<String> text(Map<String, ?> event, String key) {
        return Optional.ofNullable(event.get(key)).map(Object::toString);
    }
}
