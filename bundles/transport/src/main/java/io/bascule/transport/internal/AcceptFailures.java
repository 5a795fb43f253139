/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a listener does when it cannot accept who comes, for want of file descriptors, say: it pauses, since whoever waits in the kernel's queue
 * would fail it again at once, and tells the log of it once a minute at most.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);
    private static final long PAUSE_MILLIS = 1_000;
    private static final long TOLD_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    private final String listener;
    private long nextNanos = System.nanoTime();

    AcceptFailures(String listener) {
        this.listener = listener;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ChannelConfig config = ctx.channel().config();
        if (config.isAutoRead()) {
            config.setAutoRead(false);
            ctx.executor().schedule(() -> config.setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
        long now = System.nanoTime();
        if (now - nextNanos >= 0) {
            nextNanos = now + TOLD_EVERY_NANOS;
            LOG.warn(
                    "listener {} cannot accept who comes: {}; it tries again every second",
                    listener,
                    cause.getMessage());
        }
    }
}
