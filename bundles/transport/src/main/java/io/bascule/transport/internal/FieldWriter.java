/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the data representations of MQTT 5.0, section 1.5, into an array that grows. */
final class FieldWriter {
    private static final int LONGEST_FIELD = 65_535;

    private byte[] bytes = new byte[64];
    private int length;

    int length() {
        return length;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    FieldWriter unsignedByte(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
        return this;
    }

    FieldWriter unsignedShort(int value) {
        return unsignedByte(value >>> 8).unsignedByte(value);
    }

    FieldWriter unsignedInt(long value) {
        return unsignedShort((int) (value >>> 16)).unsignedShort((int) value);
    }

    FieldWriter variableByteInteger(int value) {
        int rest = value;
        do {
            int low = rest & 127;
            rest >>>= 7;
            unsignedByte(rest == 0 ? low : low | 128);
        } while (rest != 0);
        return this;
    }

    /** @throws IllegalArgumentException when it is longer than a field can be, 65,535 bytes */
    FieldWriter binary(byte[] value) {
        if (value.length > LONGEST_FIELD) {
            throw new IllegalArgumentException(
                    "a field takes at most " + LONGEST_FIELD + " bytes, not " + value.length);
        }
        return unsignedShort(value.length).raw(value, value.length);
    }

    /** @throws IllegalArgumentException when it is longer than a field can be, 65,535 bytes */
    FieldWriter utf8(String text) {
        return binary(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What the other has written, behind its length. */
    FieldWriter withLength(FieldWriter other) {
        return variableByteInteger(other.length).raw(other.bytes, other.length);
    }

    private FieldWriter raw(byte[] value, int count) {
        ensure(count);
        System.arraycopy(value, 0, bytes, length, count);
        length += count;
        return this;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
    }
}
