/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.whiteboard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Runs its tasks one at a time and in order, on threads that it shares with others.
 *
 * <p>Once it is closed it runs them on the thread that hands them over. By then nobody listens any more and nothing takes long, but a
 * session that is still being opened must be handed out to be ended.
 */
final class SerialExecutor implements Executor, AutoCloseable {
    /** After so many tasks it is the turn of the others. */
    private static final int TURN = 64;

    private final Workers workers;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean running;
    private boolean closed;

    SerialExecutor(Workers workers) {
        this.workers = workers;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            if (!closed) {
                tasks.add(task);
                if (!running) {
                    running = true;
                    workers.execute(this::takeTurn);
                }
                return;
            }
        }
        task.run();
    }

    private void takeTurn() {
        for (int i = 0; i < TURN; i++) {
            Runnable next;
            synchronized (tasks) {
                next = tasks.poll();
                if (next == null) {
                    running = false;
                    return;
                }
            }
            next.run();
        }
        workers.execute(this::takeTurn);
    }

    /** Needs no other thread from now on; what waits is run before it returns. */
    @Override
    public void close() {
        List<Runnable> left;
        synchronized (tasks) {
            closed = true;
            left = List.copyOf(tasks);
            tasks.clear();
        }
        left.forEach(Runnable::run);
    }
}
