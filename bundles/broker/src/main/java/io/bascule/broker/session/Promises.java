/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.spi.MessageStore;
import io.bascule.transport.EventLoop;
import java.util.ArrayDeque;

/**
 * What is to happen on one event loop when the store has made something durable, in the order in which it was promised: the loop is woken
 * once for all that one commit has brought. Touched on that loop alone.
 */
public final class Promises {
    private final EventLoop eventLoop;
    private final MessageStore store;
    private final ArrayDeque<Promise> promises = new ArrayDeque<>();
    private boolean awaiting;

    private record Promise(long position, Runnable kept) {}

    /** Promises that are kept on this loop, by this store. */
    public Promises(EventLoop eventLoop, MessageStore store) {
        this.eventLoop = eventLoop;
        this.store = store;
    }

    /** Does this when what is at the position is durable, and what was promised before is done: at once where that is so already. */
    public void when(long position, Runnable kept) {
        if (position == 0 || promises.isEmpty() && store.isDurable(position)) {
            kept.run();
            return;
        }
        promises.add(new Promise(position, kept));
        awaitNext();
    }

    private void awaitNext() {
        if (!awaiting && !promises.isEmpty()) {
            awaiting = true;
            store.whenDurable(promises.peek().position(), () -> eventLoop.execute(this::keep));
        }
    }

    private void keep() {
        try {
            while (!promises.isEmpty() && store.isDurable(promises.peek().position())) {
                promises.poll().kept().run();
            }
        } finally {
            awaiting = false;
            awaitNext();
        }
    }
}
