/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what the broker promised to say: not for ever, since somebody sits there. */
final class Answers {
    /** As long as somebody waits before a console. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Duration patience;

    Answers(Duration patience) {
        this.patience = patience;
    }

    /**
     * The answer.
     *
     * @param what the beginning of a sentence, such as {@code The broker has not confirmed the message}
     */
    <T> T await(CompletionStage<T> stage, String what) throws InterruptedException {
        try {
            return stage.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new CommandFailure(what + " within " + patience.toSeconds() + " s.");
        } catch (ExecutionException e) {
            throw new CommandFailure(what + ": " + e.getCause().getMessage() + ".");
        }
    }

    /** The answer, for a command that a Ctrl-C does not end in good order. */
    <T> T awaitOrFail(CompletionStage<T> stage, String what) {
        try {
            return await(stage, what);
        } catch (InterruptedException e) {
            throw new CommandFailure(what + ": interrupted before it did.");
        }
    }

    /** The answer, with the usual patience. */
    static <T> T of(CompletionStage<T> stage, String what) {
        return new Answers(PATIENCE).awaitOrFail(stage, what);
    }
}
