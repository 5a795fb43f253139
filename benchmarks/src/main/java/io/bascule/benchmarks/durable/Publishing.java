/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.durable;

import java.io.IOException;
import java.util.function.BooleanSupplier;

/** A publisher at work on a thread of its own, until its broker is gone or there is no more. */
final class Publishing {
    private final Publisher publisher;
    private final Thread thread;
    private volatile IOException end;

    /** One that publishes as long as there is its broker. */
    Publishing(Publisher publisher) {
        this(publisher, () -> true);
    }

    /** @param oneMore as {@link Publisher#publish} takes it */
    Publishing(Publisher publisher, BooleanSupplier oneMore) {
        this.publisher = publisher;
        thread = new Thread(() -> run(oneMore), "publish");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(BooleanSupplier oneMore) {
        try {
            publisher.publish(oneMore);
        } catch (IOException e) {
            end = e;
        }
    }

    Publisher publisher() {
        return publisher;
    }

    /** Fails when its connection is lost, which nobody wanted yet. */
    void checkIsPublishing() throws IOException {
        if (end != null) {
            throw new IOException("a publisher has lost its connection", end);
        }
    }

    /** Waits until it has come to its end, and closes its connection. */
    void await() throws InterruptedException {
        thread.join();
        publisher.close();
    }
}
