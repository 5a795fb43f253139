/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCompletionEvent;
import java.io.EOFException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Stands where the handler of packets will until the last step before it, a proxy's, TLS's or WebSocket's, is done; for it the connection begins then. */
final class OutgoingGate extends ChannelInboundHandlerAdapter {
    private final Predicate<Object> done;
    private final Runnable passed;
    private final Consumer<Throwable> failed;

    /**
     * A gate that is shut.
     *
     * @param done whether this event, of the handlers before it, is that of the last step
     * @param passed puts the handler of packets behind it
     * @param failed may be called several times for one failure
     */
    OutgoingGate(Predicate<Object> done, Runnable passed, Consumer<Throwable> failed) {
        this.done = done;
        this.passed = passed;
        this.failed = failed;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // not for the one behind this, not yet
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCompletionEvent ended && !ended.isSuccess()) {
            failed.accept(ended.cause());
        } else if (done.test(event) && ctx.channel().isActive()) {
            passed.run();
            ctx.fireChannelActive();
            ctx.pipeline().remove(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable thrown) {
        failed.accept(thrown instanceof DecoderException && thrown.getCause() != null ? thrown.getCause() : thrown);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        failed.accept(new EOFException("the other end has closed the connection"));
    }
}
