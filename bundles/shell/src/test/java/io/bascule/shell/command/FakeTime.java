/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

/** A clock that stands still but while somebody sleeps. */
final class FakeTime implements Time {
    /** What happens while somebody sleeps. */
    @FunctionalInterface
    interface Happening {
        void happen() throws InterruptedException;
    }

    private final Happening whileAsleep;
    private long nanos;

    FakeTime() {
        this(() -> {});
    }

    FakeTime(Happening whileAsleep) {
        this.whileAsleep = whileAsleep;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void sleep(long duration) throws InterruptedException {
        if (duration > 0) {
            nanos += duration;
            whileAsleep.happen();
        }
    }
}
