/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.support;

import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what happens elsewhere: as long as it takes, and no longer than it may. */
public final class Eventually {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private Eventually() {}

    /** What must become true without an assertion error. */
    @FunctionalInterface
    public interface Check {
        void run() throws Exception;
    }

    /** Waits until the value is there, at most 15 s; the words say what is waited for. */
    public static <T> T value(String what, Supplier<Optional<T>> value) {
        AtomicReference<T> found = new AtomicReference<>();
        eventually(what, () -> {
            found.set(value.get().orElse(null));
            return found.get() != null;
        });
        return found.get();
    }

    /** Waits until the condition holds, at most 15 s; the words say what is waited for. */
    public static void eventually(String what, Callable<Boolean> condition) {
        eventually(LIMIT, what, condition);
    }

    /** Waits until the condition holds; the words say what is waited for. */
    public static void eventually(Duration limit, String what, Callable<Boolean> condition) {
        eventually(limit, () -> {
            if (!condition.call()) {
                throw new AssertionError("not so within " + limit.toSeconds() + " s: " + what);
            }
        });
    }

    /** Waits until the assertions hold, at most 15 s; fails as they failed last. */
    public static void eventually(Check assertions) {
        eventually(LIMIT, assertions);
    }

    /** Waits until the assertions hold; fails as they failed last. What is not there, such as a bridge between two edits, may be yet to come. */
    public static void eventually(Duration limit, Check assertions) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            try {
                assertions.run();
                return;
            } catch (AssertionError | NoSuchElementException e) {
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
