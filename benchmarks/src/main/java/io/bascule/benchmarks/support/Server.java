/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.support;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/** A broker in a process of its own, on a free port of loopback, which can be ended and started again with what it has kept. */
public interface Server extends AutoCloseable {
    InetSocketAddress address();

    /** Where its configuration, its log and its data are. It stays when the broker is closed. */
    Path folder();

    /** Of the process that was started last. */
    Vitals vitals();

    /** Processor time that it has used since it was started last. */
    Duration cpu();

    /** Starts it after {@link #stop} or {@link #kill} on the same port, and waits until it listens. */
    void start() throws IOException;

    /** SIGTERM: it writes what it keeps, and ends. */
    void stop() throws InterruptedException;

    /** SIGKILL: what it has not written is lost. */
    void kill() throws InterruptedException;

    @Override
    void close();
}
