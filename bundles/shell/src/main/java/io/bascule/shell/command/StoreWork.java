/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.shell.view.Text;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Something that the store does and that takes its time. */
final class StoreWork {
    /** How soon it notices that nobody wants to wait any more. */
    private static final Duration GLANCE = Duration.ofSeconds(1);

    private StoreWork() {}

    /**
     * What it leads to; ends it when nobody waits any more.
     *
     * @param notDone the beginning of a sentence, such as {@code The store is not verified}
     */
    static <T> T await(CompletableFuture<T> work, Console console, String notDone) {
        try {
            while (console.wanted().getAsBoolean() && !console.hasGone()) {
                try {
                    return work.get(GLANCE.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    // It takes its time.
                }
            }
        } catch (ExecutionException e) {
            throw new CommandFailure(notDone + ": " + e.getCause().getMessage() + ".");
        } catch (InterruptedException e) {
            // Ctrl-C: what ends this command, and not the shell's thread.
        }
        work.cancel(true);
        throw new CommandFailure(notDone + ": nobody waits for it.");
    }

    /** So much of each, in words. */
    static String counts(long sessions, long messages, long retained) {
        return Text.count(sessions, "session") + ", " + Text.count(messages, "message") + " and "
                + Text.count(retained, "retained message");
    }

    /** A path on the broker's machine. */
    static Path path(String text) {
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new CommandFailure(text + " is no path: " + e.getReason() + ".");
        }
    }
}
