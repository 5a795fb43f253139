/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import java.nio.ByteBuffer;

/** The header of a WebSocket frame (RFC 6455, section 5.2), which is read byte by byte as it comes. */
final class FrameHeader {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    /** Says that the length is in the next two bytes. */
    static final int MEDIUM = 126;
    /** Says that the length is in the next eight bytes. */
    static final int LONG = 127;

    private static final int LONGEST = 14;
    private static final int MASK = 4;

    private final ByteBuffer bytes = ByteBuffer.allocate(LONGEST).limit(2);

    /** Takes the next byte; true when the header is complete. */
    boolean read(byte next) {
        bytes.put(next);
        if (bytes.position() == 2) {
            bytes.limit(2 + lengthBytes() + (isMasked() ? MASK : 0));
        }
        return !bytes.hasRemaining();
    }

    /** Begins with the next one. */
    void clear() {
        bytes.clear().limit(2);
    }

    private int lengthBytes() {
        int length = shortLength();
        return length == LONG ? Long.BYTES : length == MEDIUM ? Short.BYTES : 0;
    }

    private int shortLength() {
        return bytes.get(1) & 127;
    }

    private boolean isMasked() {
        return bytes.get(1) < 0;
    }

    int opcode() {
        return bytes.get(0) & 15;
    }

    /** Whether this frame ends its message. */
    boolean isFinal() {
        return bytes.get(0) < 0;
    }

    boolean isControl() {
        return (opcode() & 8) != 0;
    }

    /** In bytes; negative when it is none that may be. */
    long payloadLength() {
        return switch (shortLength()) {
            case MEDIUM -> bytes.getShort(2) & 0xFFFF;
            case LONG -> bytes.getLong(2);
            default -> shortLength();
        };
    }

    int mask() {
        return bytes.getInt(bytes.limit() - MASK);
    }

    /** What is wrong with it by itself, whatever came before; null when nothing is. */
    String flaw() {
        long length = payloadLength();
        if ((bytes.get(0) & 0x70) != 0) {
            return "a WebSocket frame with a reserved bit, and no extension is in use"; // section 5.2
        } else if (!isMasked()) {
            return "a WebSocket frame that is not masked"; // section 5.1
        } else if (length < 0 || lengthBytes() > 0 && length < (lengthBytes() == Short.BYTES ? MEDIUM : 65_536)) {
            return "a WebSocket frame whose length is not written as it is to be"; // section 5.2
        } else if (isControl() && (!isFinal() || length > 125)) {
            return "a WebSocket control frame that is fragmented or too long"; // section 5.5
        }
        return null;
    }
}
