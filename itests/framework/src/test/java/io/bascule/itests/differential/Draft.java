/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** Bytes put together in MQTT's data types, well-formed or not. */
final class Draft {
    private static final int CONTINUES = 0x80;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** A packet of this first byte, and of a Remaining Length that is right. */
    static byte[] packet(int firstByte, Draft body) {
        return new Draft().raw(firstByte).withLength(body).toArray();
    }

    Draft raw(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
        return this;
    }

    Draft raw(byte[] values) {
        bytes.writeBytes(values);
        return this;
    }

    Draft two(int value) {
        return raw(value >> 8, value);
    }

    Draft four(long value) {
        return two((int) (value >> 16)).two((int) value);
    }

    /** A UTF-8 Encoded String. */
    Draft string(String text) {
        return binary(text.getBytes(UTF_8));
    }

    /** Binary Data, or a string that is not well-formed. */
    Draft binary(byte[] values) {
        return two(values.length).raw(values);
    }

    /** The other one, with its length as a Variable Byte Integer in front: a packet's body, or properties. */
    Draft withLength(Draft other) {
        int rest = other.bytes.size();
        while (rest >= CONTINUES) {
            bytes.write(rest & 0x7F | CONTINUES);
            rest >>= 7;
        }
        bytes.write(rest);
        return raw(other.toArray());
    }

    byte[] toArray() {
        return bytes.toByteArray();
    }
}
