/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One acknowledgement that is not given yet: whatever holds it back adds a hold, and the last one that lets go gives it. Held once from
 * the beginning, by whoever makes it. Safe for use by several threads.
 */
public final class Withheld {
    private final AtomicInteger holds = new AtomicInteger(1);
    private final Runnable released;

    /** What is to happen when nothing holds it any more, on the thread of whoever lets go last. */
    public Withheld(Runnable released) {
        this.released = released;
    }

    /** One more holds it; only while another one still does. */
    void hold() {
        holds.incrementAndGet();
    }

    /** One lets go. */
    public void release() {
        if (holds.decrementAndGet() == 0) {
            released.run();
        }
    }
}
