/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the payload of a record. Numbers take a byte for seven bits, the lowest first; texts and bytes follow their length. */
public final class Encoder {
    private static final int MORE = 0x80;

    private byte[] bytes;
    private int size;

    Encoder(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    /** A number that is not negative. */
    public Encoder number(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a number is not negative, " + value + " is");
        }
        long left = value;
        while (left >= MORE) {
            octet((int) (left & MORE - 1) | MORE);
            left >>>= 7;
        }
        return octet((int) left);
    }

    /** 0 to 255. */
    public Encoder octet(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
        return this;
    }

    public Encoder bytes(byte[] value) {
        number(value.length);
        reserve(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    public Encoder text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** What remains of the source as it is, which stays where it is. */
    public Encoder raw(ByteBuffer source) {
        int length = source.remaining();
        reserve(length);
        source.duplicate().get(bytes, size, length);
        size += length;
        return this;
    }

    private void reserve(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(
                    bytes, Math.max(Math.addExact(size, more), Math.min(2 * size, Integer.MAX_VALUE / 2)));
        }
    }

    public ByteBuffer toBuffer() {
        return ByteBuffer.wrap(bytes, 0, size);
    }
}
