/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/** Stands where a connection's handlers will until its TLS handshake has succeeded; for them the connection begins then. */
final class TlsGate extends ChannelInboundHandlerAdapter {
    private final HandshakeSteps steps;
    private final Runnable passed;
    private final HandshakeFailures failures;
    private boolean failed;

    TlsGate(HandshakeSteps steps, Runnable passed, HandshakeFailures failures) {
        this.steps = steps;
        this.passed = passed;
        this.failures = failures;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // not for those behind this, not yet
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCompletionEvent completion && !completion.isSuccess()) {
            failed(ctx, completion.cause());
        } else if (event instanceof SslHandshakeCompletionEvent) {
            steps.over();
            if (ctx.channel().isActive()) {
                passed.run();
                ctx.fireChannelActive();
                ctx.pipeline().remove(this);
            }
        } else if (!(event instanceof SniCompletionEvent)) {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failed(ctx, cause);
        ctx.close();
    }

    /** One failure is told in several ways. */
    private void failed(ChannelHandlerContext ctx, Throwable cause) {
        if (!failed) {
            failed = true;
            failures.failed(ctx.channel().remoteAddress(), cause);
        }
    }
}
