/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import java.time.Duration;

/**
 * Holds one client to its rates: what it may send in a second it may send at once; from there on it is not read until it would have sent so much.
 * Nothing is lost by that, its TCP connection makes it wait. Belongs to the event loop of its connection.
 */
final class ClientPace {
    /** For who is not read is not noticed when he goes. */
    private static final long LONGEST_WAIT_NANOS = Duration.ofSeconds(30).toNanos();

    private final Meter messages;
    private final Meter bytes;
    private final LimitHits hits;
    private final NettyEventLoop eventLoop;
    private final ConnectionLife life;
    private AutoCloseable timer; // null while it is read

    ClientPace(ClientRates rates, LimitHits hits, NettyEventLoop eventLoop, ConnectionLife life) {
        this.messages = new Meter(rates.messages());
        this.bytes = new Meter(rates.bytes());
        this.hits = hits;
        this.eventLoop = eventLoop;
        this.life = life;
    }

    /** So much has come, all of which is served. */
    void received(int newMessages, int newBytes) {
        long now = System.nanoTime();
        long tooManyMessages = messages.take(newMessages, now);
        long tooManyBytes = bytes.take(newBytes, now);
        long wait = Math.max(tooManyMessages, tooManyBytes);
        if (wait > 0 && timer == null) {
            hits.hit(tooManyMessages >= tooManyBytes ? Limit.MESSAGE_RATE : Limit.BYTE_RATE);
            life.reading().ahead(true);
            timer = eventLoop.schedule(Duration.ofNanos(Math.min(wait, LONGEST_WAIT_NANOS)), this::resume);
        }
    }

    private void resume() {
        timer = null;
        life.heard(); // whom we did not listen to was not silent
        life.reading().ahead(false);
    }

    /** The connection is gone. */
    void stop() {
        if (timer != null) {
            try {
                timer.close();
            } catch (Exception e) {
                throw new IllegalStateException("a timer cannot be cancelled", e);
            }
            timer = null;
        }
    }

    /** One rate, by the time up to which all that came would have come at that rate. */
    private static final class Meter {
        private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

        private final double nanosEach;
        private long paidUntil = System.nanoTime() - SECOND_NANOS;

        Meter(long perSecond) {
            nanosEach = perSecond == 0 ? 0 : (double) SECOND_NANOS / perSecond;
        }

        /** Takes that many, and says for how long no more may come. */
        long take(int amount, long now) {
            if (now - paidUntil > SECOND_NANOS) {
                paidUntil = now - SECOND_NANOS;
            }
            paidUntil += (long) (amount * nanosEach);
            return paidUntil - now;
        }
    }
}
