/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.embedding;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client that asks the example's operator, and receives what it subscribes to besides. */
final class Asking implements AutoCloseable {
    private static final long TO_ANSWER_MILLIS = 10_000;
    private static final long TO_ANSWER_FENCE_MILLIS = 1_000;
    private static final String ANSWER = "answer/";

    private final BlockingQueue<Received> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Received> others = new LinkedBlockingQueue<>();
    private final Client client;
    private int fences;

    Asking(ConnectOptions options) {
        client = Client.connect(options, this::received);
        client.subscribe(ANSWER + "#", 1);
    }

    private void received(Received message) {
        (message.topic().startsWith(ANSWER) ? answers : others).add(message);
    }

    Client client() {
        return client;
    }

    /** What the operator says. */
    String ask(String word, String argument) throws InterruptedException {
        Optional<String> answer = ask(word, argument, TO_ANSWER_MILLIS);
        assertThat(answer).as("an answer to " + word).isPresent();
        return answer.get();
    }

    /** Waits until the operator is there. */
    void awaitOperator() {
        // What has not been answered in time is answered before the fence, and mistaken for no answer to come.
        eventually(
                "the operator answers",
                () -> ask("receivers", "ask/x", 100)
                                .filter(answer -> answer.contains("subscriber:io.bascule.itests.example:"))
                                .isPresent()
                        && ask("fence-" + fences++, "", TO_ANSWER_FENCE_MILLIS).isPresent());
    }

    private Optional<String> ask(String word, String argument, long millis) throws InterruptedException {
        answers.clear();
        client.publish("ask/" + word, 1, argument);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        Received answer;
        do {
            answer = answers.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } while (answer != null && !answer.topic().equals(ANSWER + word));
        return Optional.ofNullable(answer).map(Received::text);
    }

    String ask(String word) throws InterruptedException {
        return ask(word, "");
    }

    /** The next message that is no answer. */
    Received next() throws InterruptedException {
        Received next = others.poll(TO_ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(next).as("a message").isNotNull();
        return next;
    }

    @Override
    public void close() {
        client.close();
    }
}
