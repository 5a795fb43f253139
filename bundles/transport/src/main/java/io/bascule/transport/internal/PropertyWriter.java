/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.UserProperty;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Gathers the properties of one packet (MQTT 5.0, section 2.2.2), each with the data type that the specification gives it. */
final class PropertyWriter {
    private final FieldWriter fields = new FieldWriter();

    boolean isEmpty() {
        return fields.length() == 0;
    }

    /** The property length and the properties, or a length of 0 [MQTT-2.2.2-1]. */
    void writeTo(FieldWriter out) {
        out.withLength(fields);
    }

    /** The properties without their length. */
    byte[] toByteArray() {
        return fields.toByteArray();
    }

    void oneByte(int id, int value) {
        fields.unsignedByte(id).unsignedByte(value);
    }

    /** Says what the receiver does not take for granted. */
    void flagUnless(boolean implied, int id, boolean value) {
        if (value != implied) {
            oneByte(id, value ? 1 : 0);
        }
    }

    void twoBytes(int id, int value) {
        fields.unsignedByte(id).unsignedShort(value);
    }

    void twoBytes(int id, OptionalInt value) {
        value.ifPresent(number -> twoBytes(id, number));
    }

    void fourBytes(int id, long value) {
        fields.unsignedByte(id).unsignedInt(value);
    }

    void fourBytes(int id, OptionalLong value) {
        value.ifPresent(number -> fourBytes(id, number));
    }

    void variableByteInteger(int id, int value) {
        fields.unsignedByte(id).variableByteInteger(value);
    }

    void string(int id, Optional<String> value) {
        value.ifPresent(text -> fields.unsignedByte(id).utf8(text));
    }

    void binary(int id, Optional<byte[]> value) {
        value.ifPresent(bytes -> fields.unsignedByte(id).binary(bytes));
    }

    void userProperties(List<UserProperty> properties) {
        for (UserProperty each : properties) {
            fields.unsignedByte(PropertyId.USER_PROPERTY).utf8(each.name()).utf8(each.value());
        }
    }

    /** Those that travel with an Application Message. */
    void ofMessage(MessageProperties message) {
        message.payloadFormatIndicator().ifPresent(format -> oneByte(PropertyId.PAYLOAD_FORMAT_INDICATOR, format));
        string(PropertyId.CONTENT_TYPE, message.contentType());
        string(PropertyId.RESPONSE_TOPIC, message.responseTopic());
        binary(PropertyId.CORRELATION_DATA, message.correlationData());
        userProperties(message.userProperties());
    }
}
