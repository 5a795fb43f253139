/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import java.util.concurrent.TimeUnit;

/** The clock of commands that go on. */
interface Time {
    /** That of the machine. */
    Time REAL = new Time() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void sleep(long nanos) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(nanos);
        }
    };

    /** As {@link System#nanoTime()}. */
    long nanos();

    /** Returns when so much time has passed; at once when it is not positive. */
    void sleep(long nanos) throws InterruptedException;
}
