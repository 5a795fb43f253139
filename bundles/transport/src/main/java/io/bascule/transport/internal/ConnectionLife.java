/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.ConnectionHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one connection from its opening to its end:
 *
 * <pre>
 *   OPEN ──▶ DEAF ──▶ CLOSING ──▶ GONE
 * </pre>
 *
 * A connection on which something has gone wrong is deaf: nothing more is read, and the handler may send a last packet. When it closes,
 * nothing more is sent, and what was sent before still leaves. Each state may be skipped, none comes back.
 */
final class ConnectionLife {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLife.class);
    private static final long CLOSE_TIMEOUT_MILLIS = 1000;

    private enum State {
        OPEN,
        DEAF,
        CLOSING,
        GONE
    }

    private final ChannelHandlerContext ctx;
    private final MqttConnection connection;
    private final ConnectionHandler handler;
    private final Lifecycle lifecycle;
    private final Gathering gathering;
    private final Reading reading;
    private final ReadTimeout readTimeout;
    private State state = State.OPEN;
    private boolean writable = true;
    private boolean lingering;
    private String closeReason;

    ConnectionLife(
            ChannelHandlerContext ctx,
            MqttConnection connection,
            ConnectionHandler handler,
            Lifecycle lifecycle,
            Gathering gathering) {
        this.ctx = ctx;
        this.connection = connection;
        this.handler = handler;
        this.lifecycle = lifecycle;
        this.gathering = gathering;
        this.reading = new Reading(ctx.channel());
        this.readTimeout = new ReadTimeout(connection.eventLoop(), reading::excusesSilence, this::silent);
    }

    Reading reading() {
        return reading;
    }

    void opened() {
        lifecycle.opened(connection);
        guarded(() -> handler.opened(connection));
    }

    /**
     * Whether what is sent now leaves soon. To ask the channel for every message would be a walk through five objects, which with thousands of
     * connections are in no cache; and only what was handed to it in this turn can have changed its mind without a word: TLS tells later.
     */
    boolean isWritable() {
        return gathering.hasHandedOver() ? ctx.channel().isWritable() : writable;
    }

    void writabilityChanged() {
        if (gathering.isFlushingEarly()) { // in the middle of a packet, behind which the handler would send others
            connection.eventLoop().execute(this::writabilityChanged);
        } else if (state != State.GONE) {
            writable = ctx.channel().isWritable();
            reading.writabilityChanged();
            guarded(handler::writabilityChanged);
        }
    }

    /** Whether nothing more is to be read. */
    boolean isDeaf() {
        return state != State.OPEN;
    }

    /** Whether nothing more is to be sent. */
    boolean isClosing() {
        return state.compareTo(State.CLOSING) >= 0;
    }

    private void advance(State next) {
        if (next.compareTo(state) > 0) {
            state = next;
        }
    }

    /** Reads nothing more. */
    void deafen() {
        advance(State.DEAF);
    }

    /** A packet has come. */
    void heard() {
        readTimeout.heard();
    }

    void readTimeout(Duration timeout) {
        readTimeout.start(timeout);
    }

    private void silent(Duration timeout) {
        fail(ReasonCode.KEEP_ALIVE_TIMEOUT, "nothing received for " + timeout.toMillis() + " ms"); // [MQTT-3.1.2-22]
    }

    /** What the other end has sent will not do: fails, and leaves it time to read the last packet. */
    void refuse(ReasonCode reason, String what) {
        lingerWhenClosed();
        fail(reason, what);
    }

    /** The other end may still be sending when this closes, and is to read the last packet all the same. */
    void lingerWhenClosed() {
        lingering = true;
    }

    /** Lets the handler say a last word, and closes. */
    void fail(ReasonCode reason, String what) {
        if (isDeaf()) {
            return;
        }
        deafen();
        closeReason = what;
        guarded(() -> handler.failed(reason, what));
        close();
    }

    /** Nothing more comes that is to be read: closes, and leaves the other end time to read the last packet. */
    void ended(String why) {
        lingerWhenClosed();
        close(why);
    }

    /** Closes for this reason. */
    void close(String why) {
        if (closeReason == null) {
            closeReason = why;
        }
        close();
    }

    /** Closes when what was sent has left, or after a second. */
    void close() {
        if (isClosing()) {
            return;
        }
        advance(State.CLOSING);
        readTimeout.stop();
        if (closeReason == null) {
            closeReason = "closed by us";
        }
        gathering.write();
        ByteBuf farewell = gathering.farewell();
        boolean answers =
                farewell.isReadable(); // the end of a WebSocket is told and answered (RFC 6455, section 7.1.2)
        ctx.writeAndFlush(farewell)
                .addListener(lingering || answers ? flushed -> linger() : ChannelFutureListener.CLOSE);
        if (ctx.channel().isActive()) {
            var forced = ctx.executor().schedule(this::closeAtOnce, CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            ctx.channel().closeFuture().addListener(closed -> forced.cancel(false));
        }
    }

    /** Closes the socket itself: TLS would wait for the other end to read. */
    private void closeAtOnce() {
        ChannelHandlerContext first = ctx.pipeline().firstContext();
        if (first != null) { // else it is closed
            first.close();
        }
    }

    /**
     * Says that nothing more follows, and drops what comes until the other end closes too. A socket that is closed with unread bytes in it is
     * reset, and the reset destroys what the other end has not read yet: the packet that says what was wrong.
     */
    private void linger() {
        if (ctx.channel() instanceof DuplexChannel socket && socket.isActive()) {
            reading.drain();
            SslHandler tls = ctx.pipeline().get(SslHandler.class);
            if (tls == null) {
                socket.shutdownOutput();
            } else {
                tls.closeOutbound().addListener(notified -> socket.shutdownOutput()); // RFC 8446, section 6.1
            }
        } else {
            ctx.close();
        }
    }

    /** Netty has met a failure, on the socket or in what it has called. */
    void broken(Throwable thrown) {
        // What TLS finds wrong comes as the failure of a decoder.
        Throwable cause = thrown instanceof DecoderException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof ClosedChannelException) {
            LOG.trace("{}: a write came too late", connection.remoteAddress());
        } else if (cause instanceof IOException) {
            closeReason = closeReason == null ? "connection lost: " + cause.getMessage() : closeReason;
        } else if (!isClosing()) {
            LOG.error("{}: unexpected failure, the connection is closed", connection.remoteAddress(), cause);
        }
        ctx.close();
    }

    /** The socket is closed. */
    void gone() {
        advance(State.GONE);
        writable = false;
        readTimeout.stop();
        gathering.discard();
        guarded(() -> handler.closed(closeReason != null ? closeReason : "closed by the other end"));
        lifecycle.closed(connection);
    }

    /** Runs a call of the handler, whose failure ends this connection and nothing else. */
    void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.error("{}: unexpected failure, the connection is closed", connection.remoteAddress(), e);
            deafen();
            ctx.close();
        }
    }
}
