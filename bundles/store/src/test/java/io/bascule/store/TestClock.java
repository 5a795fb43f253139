/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

/** A wall clock that is set by hand, beside the machine's other clock. */
final class TestClock implements StoreClock {
    static final long NOON = 1_800_000_000_000L;

    private volatile long wallMillis = NOON;

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public long wallMillis() {
        return wallMillis;
    }

    void wall(long millis) {
        wallMillis = millis;
    }

    void pass(long seconds) {
        wallMillis += 1_000 * seconds;
    }
}
