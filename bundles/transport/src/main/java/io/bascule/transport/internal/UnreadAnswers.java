/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands in front of TLS, and closes a connection whose other end asks TLS itself for answers and does not read them. TLS 1.3 answers each
 * KeyUpdate with another one (RFC 8446, section 4.6.3), whatever waits to be sent already: what waits would have no bound. A small
 * record that is written while something is read is such an answer: packets are written when the turn of the event loop ends, and what TLS
 * itself puts off of them comes in large records.
 */
final class UnreadAnswers extends ChannelDuplexHandler {
    /** More than anybody asks for while a queue keeps a connection from being writable; some 27 bytes each, so 27 KB. */
    private static final int MOST = 1000;

    /** Bytes of a record: more than such an answer takes. */
    private static final int LONGEST = 64;

    private boolean reading;
    private int unread;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        try {
            ctx.fireChannelRead(message);
        } finally {
            reading = false;
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (ctx.channel().isWritable()) {
            unread = 0;
        } else if (reading && isAnswer(message) && ++unread > MOST) {
            ReferenceCountUtil.release(message);
            promise.setFailure(new IllegalStateException("answers of TLS are asked for and not read"));
            ctx.close();
            return;
        }
        ctx.write(message, promise);
    }

    private static boolean isAnswer(Object message) {
        return message instanceof ByteBuf written && written.readableBytes() <= LONGEST;
    }
}
