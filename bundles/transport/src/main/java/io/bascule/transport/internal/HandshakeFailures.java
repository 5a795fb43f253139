/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of handshakes that have come to nothing, in one line every {@value #EVERY_SECONDS} s at most: anybody can make them fail. Safe
 * for use by several threads.
 */
final class HandshakeFailures {
    private static final Logger LOG = LoggerFactory.getLogger(HandshakeFailures.class);
    private static final int EVERY_SECONDS = 10;
    private static final int LONGEST_REASON = 300;

    private final String listener;
    private final LongAdder untold = new LongAdder();
    private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());

    HandshakeFailures(String listener) {
        this.listener = listener;
    }

    void failed(SocketAddress from, Throwable cause) {
        Throwable reason = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        String why = describe(reason);
        LOG.debug("listener {}: no TLS with {}: {}", listener, from, why, isExpected(reason) ? null : reason);
        untold.increment();
        long due = nextNanos.get();
        long now = System.nanoTime();
        if (now - due >= 0
                && nextNanos.compareAndSet(
                        due, now + Duration.ofSeconds(EVERY_SECONDS).toNanos())) {
            LOG.info(
                    "listener {}: {} TLS handshakes failed since this was last said, the last with {}: {}",
                    listener,
                    untold.sumThenReset(),
                    from,
                    why);
        }
    }

    private static String describe(Throwable reason) {
        if (reason instanceof NotSslRecordException) {
            return "what it sends is not TLS"; // the exception has all of it in its message, passwords and all
        } else if (reason instanceof ClosedChannelException) {
            return "closed in the middle of its handshake";
        } else if (reason instanceof RejectedExecutionException) {
            return "too many handshakes wait";
        }
        String message = isExpected(reason) ? String.valueOf(reason.getMessage()) : reason.toString();
        String beginning = message.length() <= LONGEST_REASON ? message : message.substring(0, LONGEST_REASON) + "…";
        return beginning.replaceAll("\\p{Cntrl}", "?");
    }

    private static boolean isExpected(Throwable reason) {
        return reason instanceof IOException || reason instanceof TooLongFrameException;
    }
}
