/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/** What stands around the packets of one connection on their way out. Used on its event loop alone. */
interface Framing {
    /** Packets as they are, over TCP. */
    Framing NONE = new Framing() {
        @Override
        public int headroom() {
            return 0;
        }

        @Override
        public void begin(ByteBuf first, int length) {
            // nothing stands in front of them
        }

        @Override
        public ByteBuf farewell(ByteBufAllocator allocator) {
            return Unpooled.EMPTY_BUFFER;
        }
    };

    /** How many bytes stand in front of packets at most. */
    int headroom();

    /**
     * Puts in front of what is readable what belongs there.
     *
     * @param first has {@link #headroom()} bytes before its reader index
     * @param length of what is written together, this buffer and the one that follows it, if any, in bytes
     */
    void begin(ByteBuf first, int length);

    /** What is sent last, empty when that is nothing; the caller owns it. */
    ByteBuf farewell(ByteBufAllocator allocator);
}
