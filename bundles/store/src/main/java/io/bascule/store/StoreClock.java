/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

/** The two clocks of a machine. */
interface StoreClock {
    StoreClock SYSTEM = new StoreClock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long wallMillis() {
            return System.currentTimeMillis();
        }
    };

    /** {@link System#nanoTime()}: never jumps, and begins anew with the machine. */
    long nanos();

    /** {@link System#currentTimeMillis()}: may jump, and goes on while the machine is off. */
    long wallMillis();
}
