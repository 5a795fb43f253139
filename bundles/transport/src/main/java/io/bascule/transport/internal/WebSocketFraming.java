/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * The way out of one WebSocket: whatever is written together is one binary frame [MQTT-6.0.0-1], not masked (RFC 6455, section 5.1), whose
 * header stands in the same buffer. So a payload that several receivers share is not copied, nor are packets for want of a header.
 */
final class WebSocketFraming implements Framing {
    static final int NORMAL = 1000;
    static final int PROTOCOL_ERROR = 1002;
    static final int UNSUPPORTED_DATA = 1003;
    /** For an answer to a Close frame that has no code. */
    static final int NO_CODE = -1;

    private static final int LONGEST_HEADER = 10;
    private static final int LARGEST_SHORT = 125;
    private static final int LARGEST_MEDIUM = 65_535;
    private static final int FINAL = 0x80;

    private boolean open;
    private boolean closed;
    private int closeCode = NORMAL;

    /** The handshake is over: from here on frames are written. */
    void opened() {
        open = true;
    }

    /** Whether no frame may be written any more. */
    boolean isClosed() {
        return closed;
    }

    /** Says why the WebSocket will be closed (RFC 6455, section 7.4). The first word counts. */
    void closeWith(int code) {
        if (closeCode == NORMAL) {
            closeCode = code;
        }
    }

    @Override
    public int headroom() {
        return LONGEST_HEADER;
    }

    @Override
    public void begin(ByteBuf first, int length) {
        int header = length <= LARGEST_SHORT ? 2 : length <= LARGEST_MEDIUM ? 4 : LONGEST_HEADER;
        int at = first.readerIndex() - header;
        first.readerIndex(at);
        first.setByte(at, FINAL | FrameHeader.BINARY);
        if (header == 2) {
            first.setByte(at + 1, length);
        } else if (header == 4) {
            first.setByte(at + 1, FrameHeader.MEDIUM).setShort(at + 2, length);
        } else {
            first.setByte(at + 1, FrameHeader.LONG).setLong(at + 2, length);
        }
    }

    /** The answer to a ping. */
    static ByteBuf pong(ByteBufAllocator allocator, byte[] payload, int length) {
        return allocator
                .directBuffer(2 + length)
                .writeByte(FINAL | FrameHeader.PONG)
                .writeByte(length)
                .writeBytes(payload, 0, length);
    }

    @Override
    public ByteBuf farewell(ByteBufAllocator allocator) {
        if (!open || closed) {
            return Unpooled.EMPTY_BUFFER;
        }
        closed = true;
        ByteBuf frame = allocator.directBuffer(4).writeByte(FINAL | FrameHeader.CLOSE);
        return closeCode == NO_CODE ? frame.writeByte(0) : frame.writeByte(2).writeShort(closeCode);
    }
}
