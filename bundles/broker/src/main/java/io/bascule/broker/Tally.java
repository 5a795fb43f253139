/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A counter that one thread at a time writes, so that counting costs no atomic instruction, and that anyone may read. The count is in this
 * object, and not in an atomic one of its own: there are some for each session, and with many sessions it is the memory touched that costs.
 */
public final class Tally {
    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(Tally.class, "count", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long count;

    /** A tally at 0. */
    public Tally() {}

    /** One more; by its writer. */
    public void increment() {
        add(1);
    }

    /** So many more; by its writer. */
    public void add(long more) {
        COUNT.setOpaque(this, count + more);
    }

    /** How many there were; from any thread. */
    public long sum() {
        return (long) COUNT.getOpaque(this);
    }
}
