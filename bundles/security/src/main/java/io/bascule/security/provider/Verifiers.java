/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.provider;

import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Rejected;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The threads on which an authenticator verifies: as many as half of the processors, at least one, so that a storm of logins leaves the others to the event
 * loops; idle ones end. Who finds the queue full is told that the server is busy. Safe for use by several threads.
 */
public final class Verifiers {
    /** How many there are. */
    public static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    /** At 150 ms each, as passwords take, a client waits 5 s at most: less than the broker's {@code connect.timeout}. */
    private static final int QUEUE_OF_A_THREAD = 32;

    private static final long IDLE_SECONDS = 10;
    private static final long CLOSE_TIMEOUT_MILLIS = 1000;
    private static final AuthenticationResult BUSY = Rejected.with(ReasonCode.SERVER_BUSY);

    private final ThreadPoolExecutor pool;

    /** @param owner by which the threads are named, such as {@code passwords-plant} */
    public Verifiers(String owner) {
        this(owner, THREADS, QUEUE_OF_A_THREAD);
    }

    /** The same with other bounds. */
    public Verifiers(String owner, int threads, int queueOfAThread) {
        pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(threads * queueOfAThread),
                task -> {
                    Thread thread = new Thread(task, "bascule-" + owner);
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /** Has it verified when it is its turn; {@code 0x89} where that would take too long. */
    public CompletionStage<AuthenticationResult> verify(Supplier<AuthenticationResult> verification) {
        Verification task = new Verification(verification);
        try {
            pool.execute(task);
        } catch (RejectedExecutionException e) {
            task.refuse();
        }
        return task.result;
    }

    /** Refuses those who wait, and waits a moment for those whose turn it is. */
    public void close() throws InterruptedException {
        pool.shutdownNow().forEach(task -> ((Verification) task).refuse());
        pool.awaitTermination(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static final class Verification implements Runnable {
        private final CompletableFuture<AuthenticationResult> result = new CompletableFuture<>();
        private final Supplier<AuthenticationResult> verification;

        Verification(Supplier<AuthenticationResult> verification) {
            this.verification = verification;
        }

        @Override
        public void run() {
            try {
                result.complete(verification.get());
            } catch (RuntimeException | LinkageError e) {
                result.completeExceptionally(e);
            }
        }

        void refuse() {
            result.complete(BUSY);
        }
    }
}
