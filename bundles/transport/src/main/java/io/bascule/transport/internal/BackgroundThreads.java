/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Daemon threads for what would hold up an event loop: at most so many, which end when idle, and a bounded number of tasks that wait. */
final class BackgroundThreads implements Executor, AutoCloseable {
    private final ThreadPoolExecutor threads;

    /**
     * None yet: a thread begins with a task.
     *
     * @param name of each thread
     * @param most at a time
     * @param waiting tasks that may wait for one
     */
    BackgroundThreads(String name, int most, int waiting, long idleSeconds) {
        threads = new ThreadPoolExecutor(
                most, most, idleSeconds, TimeUnit.SECONDS, new LinkedBlockingQueue<>(waiting), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs the task soon.
     *
     * @throws RejectedExecutionException when too many wait, or these threads are closed
     */
    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Interrupts what runs and drops what waits. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
