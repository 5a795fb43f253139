/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Consumer;

/**
 * Messages from other event loops on their way into a session. It belongs to the session and not to a loop, so that they stay in the order
 * of their publisher whichever loop empties it. Filled from any thread, emptied by one at a time.
 */
final class SessionInbox {
    private static final AtomicLongFieldUpdater<SessionInbox> BYTES =
            AtomicLongFieldUpdater.newUpdater(SessionInbox.class, "bytes");

    private final Queue<Outgoing> messages = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean claimed = new AtomicBoolean();
    private volatile long bytes; // more than 0 from before the first message is in until after the last has gone on

    /** Whether nothing is on its way. Asked for every message, and so answered without a look into the queue. */
    boolean isEmpty() {
        return bytes == 0;
    }

    /** Adds at the end; false when that would be more than so many bytes. */
    boolean offer(Outgoing message, long mostBytes) {
        int size = message.sizeInBytes();
        if (BYTES.addAndGet(this, size) > mostBytes) {
            BYTES.addAndGet(this, -size);
            return false;
        }
        messages.add(message);
        return true;
    }

    /** Whether the caller is the one who has to see to it that it is emptied. */
    boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    /** Gives up the claim of an inbox that was empty; true when something has come meanwhile that the caller still has to see to. */
    boolean hasMoreAfterRelease() {
        claimed.set(false);
        return !messages.isEmpty() && claim();
    }

    /** Takes at most so many messages out; true when it was empty in the end. */
    boolean empty(int atMost, Consumer<Outgoing> to) {
        long taken = 0;
        Outgoing next = null;
        for (int i = 0; i < atMost; i++) {
            next = messages.poll();
            if (next == null) {
                break;
            }
            taken += next.sizeInBytes();
            to.accept(next);
        }
        if (taken > 0) {
            BYTES.addAndGet(this, -taken);
        }
        return next == null;
    }

    void clear() {
        empty(Integer.MAX_VALUE, message -> {});
    }
}
