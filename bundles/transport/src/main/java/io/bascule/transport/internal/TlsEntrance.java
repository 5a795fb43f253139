/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.transport.internal.tls.TlsContexts;
import io.bascule.transport.internal.tls.TlsWatch;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Lets those in with whom a TLS handshake has succeeded. */
final class TlsEntrance implements Entrance {
    /** Ten times what clients send, with keys for post-quantum key exchange; JSSE itself would take 32 KiB. */
    private static final int LONGEST_CLIENT_HELLO = 16 * 1024;

    private final TlsWatch<TlsContexts> watch;
    private final Duration timeout;
    private final Executor handshakes;
    private final HandshakeFailures failures;

    /**
     * An entrance for one listener.
     *
     * @param timeout from the TCP connection to the end of the handshake
     * @param handshakes where the long steps are done
     */
    TlsEntrance(String listener, TlsWatch<TlsContexts> watch, Duration timeout, Executor handshakes) {
        this.watch = watch;
        this.timeout = timeout;
        this.handshakes = handshakes;
        this.failures = new HandshakeFailures(listener);
    }

    @Override
    public void enter(Channel channel, Runnable passed) {
        HandshakeSteps steps = new HandshakeSteps(channel, handshakes);
        channel.pipeline().addLast(new UnreadAnswers(), new Hello(steps), new TlsGate(steps, passed, failures));
    }

    /** Waits for the ClientHello, which says what host the client wants, and makes way for the handshake. */
    private final class Hello extends SniHandler {
        private final HandshakeSteps steps;
        private final long begunNanos = System.nanoTime();

        Hello(HandshakeSteps steps) {
            super(host -> watch.current().forHost(host), LONGEST_CLIENT_HELLO, timeout.toMillis());
            this.steps = steps;
        }

        @Override
        protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
            SslHandler handler = context.newHandler(allocator, steps);
            long taken = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos);
            handler.setHandshakeTimeoutMillis(Math.max(1, handshakeTimeoutMillis - taken)); // one limit for both
            return handler;
        }
    }
}
