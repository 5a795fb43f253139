/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Calls other bundles off the event loops: whoever waits for a service is called by the thread that registers it, and takes its time. One
 * call at a time, in order; its thread ends when idle.
 */
final class Announcer implements AutoCloseable {
    private static final long IDLE_SECONDS = 1;

    private final ThreadPoolExecutor thread;

    Announcer() {
        thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread made = new Thread(task, "bascule-announcer");
            made.setDaemon(true);
            return made;
        });
        thread.allowCoreThreadTimeOut(true);
    }

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
        thread.shutdownNow();
    }
}
