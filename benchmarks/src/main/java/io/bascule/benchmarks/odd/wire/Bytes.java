/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes to send, put together in MQTT's data types. */
public final class Bytes {
    private static final int CONTINUES = 0x80;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Bytes as they are. */
    public static byte[] of(int... values) {
        return new Bytes().raw(values).toArray();
    }

    /** One after the other. */
    public static byte[] join(byte[]... parts) {
        Bytes all = new Bytes();
        for (byte[] part : parts) {
            all.raw(part);
        }
        return all.toArray();
    }

    /** Well-formed UTF-8, without a length. */
    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One byte for each value. */
    public Bytes raw(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
        return this;
    }

    /** Bytes as they are. */
    public Bytes raw(byte[] values) {
        bytes.writeBytes(values);
        return this;
    }

    /** A Two Byte Integer. */
    public Bytes two(int value) {
        return raw(value >> 8, value);
    }

    /** A Four Byte Integer. */
    public Bytes four(long value) {
        return two((int) (value >> 16)).two((int) value);
    }

    /** A Variable Byte Integer in as few bytes as it takes. */
    public Bytes variable(int value) {
        int rest = value;
        while (rest >= CONTINUES) {
            bytes.write(rest & 0x7F | CONTINUES);
            rest >>= 7;
        }
        bytes.write(rest);
        return this;
    }

    /** A UTF-8 Encoded String. */
    public Bytes string(String text) {
        return binary(utf8(text));
    }

    /** Two bytes of length, then the bytes: Binary Data, or a string that is not well-formed. */
    public Bytes binary(byte[] values) {
        return two(values.length).raw(values);
    }

    /** What was put together so far. */
    public byte[] toArray() {
        return bytes.toByteArray();
    }
}
