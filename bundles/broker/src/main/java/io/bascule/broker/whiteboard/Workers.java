/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.whiteboard;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Threads that several share. There is one more as long as all are busy, up to a bound beyond which tasks wait, and one less when one has
 * had nothing to do for a while.
 *
 * <p>Not a {@link java.util.concurrent.ThreadPoolExecutor}: that has either no bound, or starts threads up to it while others are idle.
 */
final class Workers implements AutoCloseable {
    private final String name;
    private final int most;
    private final long idleNanos;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int started;
    private int threads;
    private int idle;
    private boolean closed;

    /**
     * Without a thread as yet.
     *
     * @param name of the threads, before their number
     * @param most how many threads there may be, 1 or more
     * @param idle after how long without a task a thread ends
     */
    Workers(String name, int most, Duration idle) {
        this.name = name;
        this.most = most;
        this.idleNanos = idle.toNanos();
    }

    /** Runs the task soon; after {@link #close()} never. It must not throw. */
    synchronized void execute(Runnable task) {
        if (closed) {
            return;
        }
        waiting.add(task);
        if (waiting.size() <= idle) {
            notify();
        } else if (threads < most) {
            threads++;
            start();
        }
    }

    private void start() {
        Thread thread = new Thread(null, this::work, name + "-" + ++started, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(Workers.class.getClassLoader()); // not that of whoever happened to publish
        thread.start();
    }

    private void work() {
        for (Runnable task = next(); task != null; task = next()) {
            task.run();
        }
    }

    /** The next task; null when the thread is to end. */
    private synchronized Runnable next() {
        long deadline = System.nanoTime() + idleNanos;
        idle++;
        long left = idleNanos;
        while (waiting.isEmpty() && !closed && left > 0) {
            try {
                wait(left / 1_000_000 + 1);
            } catch (InterruptedException e) {
                // Meant for the task before.
            }
            left = deadline - System.nanoTime();
        }
        idle--;
        Runnable task = waiting.poll();
        if (task == null) {
            threads--;
        }
        return task;
    }

    /** How many threads there are. */
    synchronized int threads() {
        return threads;
    }

    /** Lets go of the threads: idle ones end now, busy ones with their task. What waits is dropped. */
    @Override
    public synchronized void close() {
        closed = true;
        waiting.clear();
        notifyAll();
    }
}
