/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads what {@link Encoder} wrote. Anything else is a {@link FormatException}. */
public final class Decoder {
    private static final int MORE = 0x80;
    private static final int MOST_BITS = 63;
    private static final int LARGEST_PACKET_ID = 65_535;

    private final ByteBuffer source;

    Decoder(ByteBuffer source) {
        this.source = source;
    }

    public long number() {
        long value = 0;
        for (int shift = 0; shift < MOST_BITS; shift += 7) {
            int octet = octet();
            value |= (long) (octet & MORE - 1) << shift;
            if (octet < MORE) {
                return value;
            }
        }
        throw new FormatException("it has a number of more than " + MOST_BITS + " bits");
    }

    /** A number that an {@code int} holds. */
    public int integer() {
        long value = number();
        if (value > Integer.MAX_VALUE) {
            throw new FormatException(value + " is too much");
        }
        return (int) value;
    }

    /** A Packet Identifier. */
    public int packetId() {
        long value = number();
        if (value < 1 || value > LARGEST_PACKET_ID) {
            throw new FormatException(value + " is no Packet Identifier");
        }
        return (int) value;
    }

    /** How many more things of at least a byte follow. */
    public int count() {
        int count = integer();
        if (count > source.remaining()) {
            throw new FormatException("it ends early");
        }
        return count;
    }

    public int octet() {
        if (!source.hasRemaining()) {
            throw new FormatException("it ends early");
        }
        return source.get() & 0xFF;
    }

    public byte[] bytes() {
        byte[] value = new byte[count()];
        source.get(value);
        return value;
    }

    public String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** One of these by its number. */
    public <T> T oneOf(T[] values) {
        int index = octet();
        if (index >= values.length) {
            throw new FormatException("it has no choice " + index);
        }
        return values[index];
    }

    /** What has not been read. */
    public ByteBuffer rest() {
        return source.slice();
    }

    /** Nothing more is to follow. */
    public void end() {
        if (source.hasRemaining()) {
            throw new FormatException(source.remaining() + " bytes are left over");
        }
    }
}
