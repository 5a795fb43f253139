/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/** Another event loop, which does something at a moment that the test says. */
final class Elsewhere {
    private static final Duration AT_MOST = Duration.ofSeconds(20);

    private Thread loop;

    /** Has it do this, until it is done or has to wait for somebody. */
    void meanwhile(Runnable action) {
        loop = new Thread(action, "elsewhere");
        loop.start();
        long deadline = System.nanoTime() + AT_MOST.toNanos();
        while (loop.getState() != Thread.State.TERMINATED && loop.getState() != Thread.State.WAITING) {
            assertThat(System.nanoTime() - deadline).isNegative();
            Thread.onSpinWait();
        }
    }

    /** Waits until it is done. */
    void join() {
        try {
            loop.join(AT_MOST.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(loop.isAlive()).isFalse();
    }
}
