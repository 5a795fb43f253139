/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Puts together what MQTT is made of (MQTT 5.0, section 1.5), right or wrong: no codec stands in the way of a bad packet. */
final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Bytes() {}

    static Bytes of(int... values) {
        return new Bytes().u8(values);
    }

    Bytes u8(int... values) {
        for (int value : values) {
            out.write(value);
        }
        return this;
    }

    Bytes u16(int value) {
        return u8(value >> 8, value);
    }

    Bytes u32(long value) {
        return u16((int) (value >> 16)).u16((int) value);
    }

    /** A Variable Byte Integer in as few bytes as it takes. */
    Bytes variable(int value) {
        int rest = value;
        while (rest > 127) {
            out.write(rest & 127 | 128);
            rest >>>= 7;
        }
        return u8(rest);
    }

    Bytes raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** Binary Data: two bytes of length, then these. */
    Bytes binary(byte... bytes) {
        return u16(bytes.length).raw(bytes);
    }

    /** A UTF-8 Encoded String. */
    Bytes utf8(String text) {
        return binary(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The properties of a packet in front of which their length stands; nothing in versions that have none. */
    Bytes properties(MqttVersion version, Bytes properties) {
        if (version == MqttVersion.MQTT_5) {
            variable(properties.out.size()).raw(properties.toArray());
        }
        return this;
    }

    Bytes noProperties(MqttVersion version) {
        return properties(version, of());
    }

    byte[] toArray() {
        return out.toByteArray();
    }

    /** The packet whose first byte is this, with all of it for a body. */
    byte[] packet(int firstByte) {
        return packet(firstByte, out.size());
    }

    /** The packet with so much of it for a body, and the Remaining Length that goes with that. */
    byte[] packet(int firstByte, int length) {
        Bytes packet = of(firstByte).variable(length);
        packet.out.write(toArray(), 0, length);
        return packet.toArray();
    }

    int size() {
        return out.size();
    }
}
