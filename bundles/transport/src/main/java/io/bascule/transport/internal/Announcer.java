/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import java.util.concurrent.RejectedExecutionException;

/**
 * Calls other bundles off the event loops: whoever waits for a service is called by the thread that registers it, and takes its time. One
 * call at a time, in order; its thread ends when idle.
 */
final class Announcer implements AutoCloseable {
    private static final long IDLE_SECONDS = 1;

    private final BackgroundThreads thread =
            new BackgroundThreads("bascule-announcer", 1, Integer.MAX_VALUE, IDLE_SECONDS);

    /** Runs the call soon; not at all when the transport has stopped. */
    void call(Runnable call) {
        try {
            thread.execute(call);
        } catch (RejectedExecutionException e) {
            return; // then there is nothing to announce any more
        }
    }

    @Override
    public void close() {
        thread.close();
    }
}
