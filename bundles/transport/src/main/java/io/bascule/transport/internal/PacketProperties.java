/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static io.bascule.transport.internal.MqttFormatException.malformed;
import static io.bascule.transport.internal.MqttFormatException.protocolError;

import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.UserProperty;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The properties of one packet (MQTT 5.0, section 2.2.2): only where they belong, and once each but for User Properties. */
final class PacketProperties {
    static final PacketProperties NONE = new PacketProperties();

    private final Map<Integer, Object> values = new HashMap<>();
    private List<UserProperty> userProperties = List.of();

    private PacketProperties() {}

    /** Reads them; a peer that speaks 3.x has none. User Properties are allowed everywhere. */
    static PacketProperties read(FieldReader in, MqttVersion version, List<Integer> allowed, PropertyBudget budget) {
        if (version != MqttVersion.MQTT_5) {
            return NONE;
        }
        PacketProperties properties = new PacketProperties();
        int length = in.variableByteInteger();
        budget.take(length);
        FieldReader fields = in.slice(length);
        while (fields.hasMore()) {
            int id = fields.variableByteInteger();
            if (id == PropertyId.USER_PROPERTY) {
                budget.takeUserProperty();
                properties.addUserProperty(new UserProperty(fields.utf8(), fields.utf8()));
            } else if (!allowed.contains(id)) {
                throw malformed("property " + id + " does not belong into this packet"); // section 2.2.2.2
            } else if (properties.values.put(id, value(id, fields)) != null) {
                throw protocolError("property " + id + " stands twice");
            }
        }
        return properties;
    }

    private void addUserProperty(UserProperty property) {
        if (userProperties.isEmpty()) {
            userProperties = new ArrayList<>();
        }
        userProperties.add(property);
    }

    private static Object value(int id, FieldReader in) {
        return switch (id) {
            case PropertyId.PAYLOAD_FORMAT_INDICATOR,
                    PropertyId.REQUEST_PROBLEM_INFORMATION,
                    PropertyId.REQUEST_RESPONSE_INFORMATION,
                    PropertyId.MAXIMUM_QOS,
                    PropertyId.RETAIN_AVAILABLE,
                    PropertyId.WILDCARD_SUBSCRIPTION_AVAILABLE,
                    PropertyId.SUBSCRIPTION_IDENTIFIER_AVAILABLE,
                    PropertyId.SHARED_SUBSCRIPTION_AVAILABLE -> (long) in.flag();
            case PropertyId.SERVER_KEEP_ALIVE, PropertyId.TOPIC_ALIAS_MAXIMUM -> (long) in.unsignedShort();
            case PropertyId.RECEIVE_MAXIMUM -> notZero(id, in.unsignedShort());
            case PropertyId.SUBSCRIPTION_IDENTIFIER -> notZero(id, in.variableByteInteger());
            case PropertyId.MAXIMUM_PACKET_SIZE -> notZero(id, in.unsignedInt());
            case PropertyId.MESSAGE_EXPIRY_INTERVAL,
                    PropertyId.SESSION_EXPIRY_INTERVAL,
                    PropertyId.WILL_DELAY_INTERVAL -> in.unsignedInt();
            case PropertyId.RESPONSE_TOPIC -> in.topicName();
            case PropertyId.CORRELATION_DATA, PropertyId.AUTHENTICATION_DATA -> in.binary();
            default -> in.utf8();
        };
    }

    private static long notZero(int id, long value) {
        if (value == 0) {
            throw protocolError("property " + id + " is 0");
        }
        return value;
    }

    OptionalInt integer(int id) {
        Object value = values.get(id);
        return value == null ? OptionalInt.empty() : OptionalInt.of(((Long) value).intValue());
    }

    OptionalLong unsigned(int id) {
        Object value = values.get(id);
        return value == null ? OptionalLong.empty() : OptionalLong.of((Long) value);
    }

    /** A byte that is 0 or 1. */
    boolean flag(int id, boolean otherwise) {
        Object value = values.get(id);
        return value == null ? otherwise : (Long) value == 1;
    }

    Optional<String> string(int id) {
        return Optional.ofNullable((String) values.get(id));
    }

    Optional<byte[]> binary(int id) {
        return Optional.ofNullable((byte[]) values.get(id));
    }

    List<UserProperty> userProperties() {
        return userProperties;
    }

    /** Those that travel with an Application Message. */
    MessageProperties ofMessage() {
        MessageProperties properties = new MessageProperties(
                Optional.ofNullable((Long) values.get(PropertyId.PAYLOAD_FORMAT_INDICATOR))
                        .map(Long::intValue),
                string(PropertyId.CONTENT_TYPE),
                string(PropertyId.RESPONSE_TOPIC),
                binary(PropertyId.CORRELATION_DATA),
                userProperties);
        return properties.equals(MessageProperties.NONE) ? MessageProperties.NONE : properties;
    }
}
