/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import io.bascule.resource.ResourceScope;
import io.bascule.transport.EventLoop;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the broker does again and again, on one event loop, until its scope is closed. */
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final EventLoop eventLoop;
    private final ResourceScope scope;

    Housekeeping(EventLoop eventLoop, ResourceScope scope) {
        this.eventLoop = eventLoop;
        this.scope = scope;
    }

    /** Runs the tasks, in this order, each time this long after they have run. One that fails is run again all the same. */
    void every(Duration pause, Runnable... tasks) {
        try {
            eventLoop.schedule(scope, pause, () -> {
                for (Runnable task : tasks) {
                    run(task);
                }
                every(pause, tasks);
            });
        } catch (IllegalStateException e) {
            LOG.debug("housekeeping ends with the broker");
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("housekeeping has failed, and goes on", e);
        }
    }
}
