/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import io.bascule.resource.Lease;
import io.bascule.resource.ResourceScope;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One thread that serves many connections. What belongs to a connection is touched on its event loop alone, so it needs no lock. Tasks
 * run in the order in which one thread handed them over; a task must not block.
 */
@ProviderType
public interface EventLoop extends Executor {

    /** Whether the calling thread is this event loop. */
    boolean inEventLoop();

    /**
     * Runs the task once after the delay, unless the lease is closed first. The scope holds it until then.
     *
     * @throws IllegalStateException when the scope is closed
     */
    Lease schedule(ResourceScope scope, Duration delay, Runnable task);

    /** Runs the task once after the delay, unless the handle is closed first; for timers that belong to a connection. */
    AutoCloseable schedule(Duration delay, Runnable task);
}
