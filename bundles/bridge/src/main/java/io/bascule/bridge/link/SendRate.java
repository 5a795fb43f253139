/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.config.Rates;
import io.bascule.resource.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Holds this end to {@code send.rate} and {@code backlog.rate} over one connection: token buckets that hold a tenth of a second's worth. What is
 * beyond waits in the local session, in order. A backlog is what waits when the connection begins, until nothing waits any more; what is new
 * comes behind it and so at its rate.
 */
final class SendRate {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long BURST_NANOS = SECOND_NANOS / 10;

    private final Lasting link;
    private final BooleanSupplier nothingWaits;
    private final Runnable changed;
    private final List<Bucket> always;
    private final List<Bucket> ofBacklog;
    private boolean backlog;
    private boolean heldBack;
    private Lease timer;

    private static final class Bucket {
        private final boolean countsBytes;
        private final double nanosEach;
        private long spentUntil;

        Bucket(boolean countsBytes, long perSecond, long now) {
            this.countsBytes = countsBytes;
            this.nanosEach = (double) SECOND_NANOS / perSecond;
            this.spentUntil = now;
        }

        void take(long now, int bytes) {
            long cost = Math.round(nanosEach * (countsBytes ? bytes : 1));
            spentUntil = now + Math.max(0, spentUntil - now) + cost;
        }

        /** For how long nothing more may be taken, not positive where it may. */
        long rest(long now) {
            return spentUntil - now - BURST_NANOS;
        }
    }

    /**
     * For one connection.
     *
     * @param nothingWaits whether the local session is empty
     * @param changed hears when {@link #isHeldBack} has changed
     */
    SendRate(Lasting link, BooleanSupplier nothingWaits, Runnable changed) {
        this.link = link;
        this.nothingWaits = nothingWaits;
        this.changed = changed;
        this.always = buckets(link.definition().sendRates());
        this.ofBacklog = buckets(link.definition().backlogRates());
        this.backlog = !ofBacklog.isEmpty();
    }

    private List<Bucket> buckets(Rates rates) {
        long now = link.nanoTime().getAsLong();
        List<Bucket> buckets = new ArrayList<>();
        rates.messages().ifPresent(perSecond -> buckets.add(new Bucket(false, perSecond, now)));
        rates.bytes().ifPresent(perSecond -> buckets.add(new Bucket(true, perSecond, now)));
        return buckets;
    }

    /** A message has been sent. */
    void count(int bytes) {
        if (always.isEmpty() && !backlog) {
            return;
        }
        long now = link.nanoTime().getAsLong();
        always.forEach(bucket -> bucket.take(now, bytes));
        if (backlog) {
            ofBacklog.forEach(bucket -> bucket.take(now, bytes));
            backlog = !nothingWaits.getAsBoolean();
        }
        if (!heldBack && rest(now) > 0) {
            heldBack = true;
            await(now);
            changed.run();
        }
    }

    private long rest(long now) {
        long longest = 0;
        for (Bucket bucket : always) {
            longest = Math.max(longest, bucket.rest(now));
        }
        if (backlog) {
            for (Bucket bucket : ofBacklog) {
                longest = Math.max(longest, bucket.rest(now));
            }
        }
        return longest;
    }

    private void await(long now) {
        timer = link.eventLoop().schedule(link.scope(), Duration.ofNanos(rest(now)), this::rested);
    }

    private void rested() {
        long now = link.nanoTime().getAsLong();
        if (rest(now) > 0) {
            await(now);
        } else {
            heldBack = false;
            changed.run();
        }
    }

    /** Whether nothing more is to be sent for now. */
    boolean isHeldBack() {
        return heldBack;
    }

    void close() {
        if (timer != null) {
            timer.close();
        }
    }
}
