/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.UserProperty;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Gathers the properties of one packet (MQTT 5.0, section 2.2.2) for netty-codec-mqtt, which leaves them out before 5.0. */
final class PropertySet {
    private final MqttProperties properties = new MqttProperties();

    MqttProperties toNetty() {
        return properties;
    }

    /** A number of one, two or four bytes, or a Variable Byte Integer: netty-codec-mqtt knows which by the identifier. */
    void number(int id, long value) {
        properties.add(new MqttProperties.IntegerProperty(id, (int) value));
    }

    void number(int id, OptionalInt value) {
        value.ifPresent(number -> number(id, number));
    }

    void number(int id, OptionalLong value) {
        value.ifPresent(number -> number(id, number));
    }

    /** Says what the receiver does not take for granted. */
    void numberUnless(long implied, int id, long value) {
        if (value != implied) {
            number(id, value);
        }
    }

    /** Says what the receiver does not take for granted. */
    void flagUnless(boolean implied, int id, boolean value) {
        numberUnless(implied ? 1 : 0, id, value ? 1 : 0);
    }

    void string(int id, Optional<String> value) {
        value.ifPresent(text -> properties.add(new MqttProperties.StringProperty(id, Fields.checked(text))));
    }

    void binary(int id, Optional<byte[]> value) {
        value.ifPresent(bytes -> properties.add(new MqttProperties.BinaryProperty(id, Fields.checked(bytes))));
    }

    void userProperties(List<UserProperty> all) {
        for (UserProperty each : all) {
            properties.add(new MqttProperties.UserProperty(Fields.checked(each.name()), Fields.checked(each.value())));
        }
    }

    /** Those that travel with an Application Message. */
    void ofMessage(MessageProperties message) {
        message.payloadFormatIndicator().ifPresent(format -> number(PropertyId.PAYLOAD_FORMAT_INDICATOR, format));
        string(PropertyId.CONTENT_TYPE, message.contentType());
        string(PropertyId.RESPONSE_TOPIC, message.responseTopic());
        binary(PropertyId.CORRELATION_DATA, message.correlationData());
        userProperties(message.userProperties());
    }
}
