/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What operators have a store do: one thing at a time, each on a thread that ends with it. */
final class Operations implements AutoCloseable {
    private static final long CLOSING_MILLIS = 2_000;

    private Thread thread;
    private String name;
    private volatile boolean closed;

    /** Something that takes its time. */
    interface Operation<T> {
        /** @param wanted asked again and again; when it says no, nobody waits for the result any more */
        T run(BooleanSupplier wanted) throws Exception;
    }

    /** Starts it; what it returns may be cancelled. */
    <T> CompletableFuture<T> start(String itsName, Operation<T> operation) {
        CompletableFuture<T> result = new CompletableFuture<>();
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(new IllegalStateException("the store is being stopped"));
            }
            if (thread != null) {
                return CompletableFuture.failedFuture(
                        new IllegalStateException("another " + name + " of the store is under way"));
            }
            Thread made = new Thread(() -> run(operation, result), "bascule-store-" + itsName);
            made.setDaemon(true);
            made.start();
            thread = made;
            name = itsName;
        }
        return result;
    }

    private <T> void run(Operation<T> operation, CompletableFuture<T> result) {
        try {
            T value = operation.run(() -> !closed && !result.isDone());
            ended();
            result.complete(value);
        } catch (Throwable e) { // whoever waits is to know
            ended();
            result.completeExceptionally(e);
        }
    }

    private synchronized void ended() {
        thread = null;
    }

    boolean isClosed() {
        return closed;
    }

    /** Ends what is under way, and waits for that, but not for a disk that does not answer. */
    @Override
    public void close() {
        Thread last;
        synchronized (this) {
            closed = true;
            last = thread;
        }
        if (last != null) {
            try {
                TimeUnit.MILLISECONDS.timedJoin(last, CLOSING_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
