/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.resource.Lease;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Looks from time to time, while a server is connected to which others are preferred, whether one of these is there again. The way back is
 * made over a second connection, so that the first is left when the other broker has accepted the bridge, and not before. Where it does not stay
 * for long then, the next look comes later, so that a broker that only seems to be there is not gone to again and again. On the event loop alone.
 */
final class Failback {
    /** The interval is doubled so many times at most. */
    private static final int MOST_DOUBLINGS = 6;

    private static final long SOON_NANOS = Duration.ofSeconds(1).toNanos();

    private final Lasting link;
    private final Consumer<RemoteBroker> look;
    private final long intervalNanos;
    private List<RemoteBroker> left = List.of();
    private Lease timer;
    private int doublings;
    private RemoteBroker at;
    private long dueNanos;
    private boolean returned;
    private long returnedNanos;

    /** {@code look} tries to connect to one of them, and says so when it has not come about. */
    Failback(Lasting link, Consumer<RemoteBroker> look) {
        this.link = link;
        this.look = look;
        this.intervalNanos = link.definition().servers().failbackInterval().toNanos();
    }

    /** The current server is connected. */
    void connected() {
        disconnected();
        boolean atOnceAgain = returned && link.nanoTime().getAsLong() - returnedNanos < intervalNanos;
        if (returned && !link.remotes().preferred().isEmpty()) { // and it was not for long
            doublings = atOnceAgain ? Math.min(doublings + 1, MOST_DOUBLINGS) : 0;
            returned = false;
        }
        long now = link.nanoTime().getAsLong();
        if (at != link.remotes().current()) {
            at = link.remotes().current();
            dueNanos = now + (intervalNanos << doublings);
        }
        // The rest of it where the connection has been renewed meanwhile, as often as that may be.
        schedule(Math.max(dueNanos - now, SOON_NANOS));
    }

    private void schedule(long nanos) {
        if (!link.remotes().preferred().isEmpty()) {
            timer = link.eventLoop().schedule(link.scope(), Duration.ofNanos(nanos), this::due);
        }
    }

    private void due() {
        left = link.remotes().preferred();
        next();
    }

    /** The one that was tried is not there: another, or all of them later. */
    void next() {
        if (left.isEmpty()) {
            dueNanos = link.nanoTime().getAsLong() + (intervalNanos << doublings);
            schedule(intervalNanos << doublings);
            return;
        }
        RemoteBroker first = left.get(0);
        left = left.subList(1, left.size());
        look.accept(first);
    }

    /** It is gone to now. */
    void returning() {
        returned = true;
        returnedNanos = link.nanoTime().getAsLong();
    }

    /** The connection is gone. */
    void disconnected() {
        left = List.of();
        if (timer != null) {
            timer.close();
        }
    }
}
