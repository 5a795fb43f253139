/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * Gathers what is sent on one connection in one buffer, which leaves when the event loop's turn ends
 * ({@link NettyEventLoop#flushAtEndOfTurn}), or when it is much. The buffer's size follows what a turn sends.
 */
final class Gathering {
    private static final int SMALLEST = 512;
    private static final int LARGEST = 64 * 1024;
    /** What leaves at once, in bytes: a system call of its own costs it nothing, and to wait would cost it its place in the processor's cache. */
    private static final int MUCH = 64 * 1024;

    private final ChannelHandlerContext ctx;
    private final NettyEventLoop eventLoop;
    private final Framing framing;
    private ByteBuf gathered;
    private int size = SMALLEST;
    private boolean flushScheduled;
    private int unflushed;
    private boolean flushingEarly;

    // What this turn sends, for the event loop's counters.
    private int packets;
    private long bytes;
    private int publishes;
    private long publishBytes;

    Gathering(ChannelHandlerContext ctx, NettyEventLoop eventLoop, Framing framing) {
        this.ctx = ctx;
        this.eventLoop = eventLoop;
        this.framing = framing;
    }

    /** A buffer that takes this many bytes more, for the caller to write one packet now. */
    ByteBuf room(int needed) {
        packets++;
        if (gathered != null && gathered.writableBytes() < needed) {
            size = Math.min(LARGEST, size * 4);
            write();
            flushIfMuch();
        }
        if (gathered == null) {
            int headroom = framing.headroom();
            int capacity = headroom + Math.max(needed, size);
            gathered = ctx.alloc().directBuffer(capacity, capacity).setIndex(headroom, headroom);
        }
        scheduleFlush();
        return gathered;
    }

    /** Whether the channel has got something of this turn. */
    boolean hasHandedOver() {
        return bytes > 0;
    }

    /** The packet that room was asked for is a PUBLISH with a payload of this size. */
    void publishes(int payload) {
        publishes++;
        publishBytes += payload;
    }

    /** Sends this buffer, the rest of the packet that room was asked for last, and takes over its reference. */
    void append(ByteBuf buffer) {
        write(buffer.readableBytes());
        bytes += buffer.readableBytes();
        unflushed += buffer.readableBytes();
        ctx.write(buffer, ctx.voidPromise());
        flushIfMuch();
        scheduleFlush();
    }

    private void flushIfMuch() {
        if (unflushed >= MUCH) {
            unflushed = 0;
            flushingEarly = true;
            try {
                ctx.flush();
            } finally {
                flushingEarly = false;
            }
        }
    }

    /** Whether what is going on is a flush before the end of the turn, within the sending of a packet. */
    boolean isFlushingEarly() {
        return flushingEarly;
    }

    private void scheduleFlush() {
        if (!flushScheduled) {
            flushScheduled = true;
            eventLoop.flushAtEndOfTurn(this);
        }
    }

    /** Puts everything gathered in line for the socket. */
    void write() {
        write(0);
    }

    private void write(int following) {
        if (gathered != null) {
            ByteBuf out = gathered;
            gathered = null;
            bytes += out.readableBytes();
            unflushed += out.readableBytes();
            framing.begin(out, out.readableBytes() + following);
            ctx.write(out, ctx.voidPromise());
        }
    }

    /** What is to leave last, behind everything gathered; the caller owns it. */
    ByteBuf farewell() {
        return framing.farewell(ctx.alloc());
    }

    /** Hands everything gathered to the socket. */
    void flush() {
        flushScheduled = false;
        unflushed = 0;
        if (ctx.channel().isActive()) {
            if (gathered != null && gathered.readableBytes() < gathered.capacity() / 8) {
                size = Math.max(SMALLEST, size / 2);
            }
            write();
            ctx.flush();
        } else {
            discard();
        }
        count();
    }

    private void count() {
        eventLoop.traffic().sent(packets, bytes, publishes, publishBytes);
        packets = 0;
        bytes = 0;
        publishes = 0;
        publishBytes = 0;
    }

    void discard() {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }
}
