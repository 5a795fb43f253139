/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jaas;

import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Rejected;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The threads that log in, eight at most, since they wait for a directory or a database and not for a processor; idle ones end. Who has no
 * answer in time is rejected with 0x88, and his thread interrupted; one that does not heed that is not there for others until it is back. Who
 * finds the queue full is told that the server is busy. Safe for use by several threads.
 */
final class Logins {
    private static final int THREADS = 8;
    private static final int QUEUE = 256;
    private static final long IDLE_SECONDS = 10;
    private static final long CLOSE_TIMEOUT_MILLIS = 1000;
    private static final AuthenticationResult BUSY = Rejected.with(ReasonCode.SERVER_BUSY);
    private static final AuthenticationResult UNAVAILABLE = Rejected.with(ReasonCode.SERVER_UNAVAILABLE);

    private final Duration timeout;
    private final ScheduledExecutorService clock;
    private final ThreadPoolExecutor pool;

    /** @param clock of whoever makes this, who closes it after this */
    Logins(Duration timeout, ScheduledExecutorService clock, ThreadFactory threads) {
        this(timeout, clock, threads, THREADS, QUEUE);
    }

    Logins(Duration timeout, ScheduledExecutorService clock, ThreadFactory threads, int most, int queue) {
        this.timeout = timeout;
        this.clock = clock;
        this.pool = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queue), threads);
        pool.allowCoreThreadTimeOut(true);
    }

    /** Has it done when it is its turn. */
    CompletionStage<AuthenticationResult> submit(Supplier<AuthenticationResult> login) {
        Attempt attempt = new Attempt(login);
        try {
            pool.execute(attempt);
            Future<?> overdue = clock.schedule(attempt::overdue, timeout.toMillis(), TimeUnit.MILLISECONDS);
            attempt.result.whenComplete((result, failure) -> overdue.cancel(false));
        } catch (RejectedExecutionException e) {
            attempt.result.complete(BUSY);
        }
        return attempt.result;
    }

    /** Refuses those who wait, and waits a moment for those whose turn it is. */
    void close() throws InterruptedException {
        pool.shutdownNow().forEach(task -> ((Attempt) task).result.complete(BUSY));
        pool.awaitTermination(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private final class Attempt implements Runnable {
        private final CompletableFuture<AuthenticationResult> result = new CompletableFuture<>();
        private final Supplier<AuthenticationResult> login;
        private Thread thread;

        Attempt(Supplier<AuthenticationResult> login) {
            this.login = login;
        }

        @Override
        public void run() {
            if (!begin()) {
                return;
            }
            try {
                result.complete(login.get());
            } catch (RuntimeException | LinkageError e) {
                result.completeExceptionally(e);
            } finally {
                end();
            }
        }

        private synchronized boolean begin() {
            if (result.isDone()) {
                return false;
            }
            thread = Thread.currentThread();
            return true;
        }

        private synchronized void end() {
            thread = null;
            Thread.interrupted(); // it was meant for this login, not for the next one of this thread
        }

        private void overdue() {
            result.complete(UNAVAILABLE);
            pool.remove(this);
            synchronized (this) {
                if (thread != null) {
                    thread.interrupt();
                }
            }
        }
    }
}
