/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Waits for what happens on another thread or in another process. */
final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long GLANCE_MILLIS = 20;

    private Eventually() {}

    /** Returns when the assertion holds; throws what it last threw when it does not within 60 s. */
    static void eventually(ThrowingCallable assertion) throws Throwable {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                assertion.call();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                Thread.sleep(GLANCE_MILLIS);
            }
        }
    }
}
