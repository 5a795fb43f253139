/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.codec;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;

/** A network that lets go at once of what leaves. */
final class Nowhere extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext ctx, Object buffer, ChannelPromise promise) {
        ReferenceCountUtil.release(buffer);
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {}
}
