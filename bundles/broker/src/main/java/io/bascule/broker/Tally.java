/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import java.util.concurrent.atomic.AtomicLong;

/** A counter that one thread at a time writes, so that counting costs no atomic instruction, and that anyone may read. */
public final class Tally {
    private final AtomicLong count = new AtomicLong();

    /** A tally at 0. */
    public Tally() {}

    /** One more; by its writer. */
    public void increment() {
        add(1);
    }

    /** So many more; by its writer. */
    public void add(long more) {
        count.setOpaque(count.getPlain() + more);
    }

    /** How many there were; from any thread. */
    public long sum() {
        return count.getOpaque();
    }
}
