/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.resource.Lease;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** The emptying of a local session that takes in nothing any more; it outlives a connection. */
final class Drain {
    /** A message can leave a session without anybody being told, by expiring, so that it is looked at again and again. */
    private static final Duration CHECK = Duration.ofMillis(100);

    private final Lasting link;
    private final Runnable whenEmpty;
    private final long forwardedBefore;
    private final CompletableFuture<Long> emptied = new CompletableFuture<>();
    private boolean sealed;
    private Lease timer;

    /** {@code whenEmpty} is called before {@link #emptied} completes. */
    Drain(Lasting link, Runnable whenEmpty) {
        this.link = link;
        this.whenEmpty = whenEmpty;
        this.forwardedBefore = link.forward().forwarded();
    }

    /** Completes when nothing waits and nothing is on its way, with how many messages were forwarded by then. */
    CompletableFuture<Long> emptied() {
        return emptied;
    }

    /** The local session is subscribed to nothing any more. */
    void sealed() {
        sealed = true;
    }

    boolean isSealed() {
        return sealed;
    }

    /** The sealed session is attached to a connection, for which what was delivered with QoS 0 may wait in no queue of the broker any more. */
    void attached(BooleanSupplier isAwaited) {
        timer = link.eventLoop().schedule(link.scope(), CHECK, () -> check(isAwaited));
    }

    private void check(BooleanSupplier isAwaited) {
        if (link.local().isEmpty() && !isAwaited.getAsBoolean()) {
            whenEmpty.run();
            emptied.complete(forwarded());
        } else {
            attached(isAwaited);
        }
    }

    /** The connection is gone. */
    void detached() {
        if (timer != null) {
            timer.close();
        }
    }

    /** It will not be emptied. */
    void giveUp(String why) {
        detached();
        emptied.completeExceptionally(
                new IllegalStateException(why + " after " + forwarded() + " messages were forwarded"));
    }

    private long forwarded() {
        return link.forward().forwarded() - forwardedBefore;
    }
}
