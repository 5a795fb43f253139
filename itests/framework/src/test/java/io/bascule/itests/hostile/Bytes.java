/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** Puts together what MQTT is made of (MQTT 5.0, section 1.5). */
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

    Bytes u32(int value) {
        return u16(value >>> 16).u16(value);
    }

    /** A Variable Byte Integer in as few bytes as it takes. */
    Bytes variable(int value) {
        int rest = value;
        for (; rest > 127; rest >>>= 7) {
            out.write(rest & 127 | 128);
        }
        return u8(rest);
    }

    Bytes raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    Bytes utf8(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return u16(bytes.length).raw(bytes);
    }

    /** These, and their length in front. */
    Bytes properties(Bytes properties) {
        return variable(properties.out.size()).raw(properties.toArray());
    }

    /** The packet whose first byte is this, with all of it for a body. */
    byte[] packet(int firstByte) {
        return of(firstByte).variable(out.size()).raw(toArray()).toArray();
    }

    byte[] toArray() {
        return out.toByteArray();
    }
}
