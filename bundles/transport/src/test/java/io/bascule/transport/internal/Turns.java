/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.channel.DefaultEventLoop;

/** An event loop without a thread, whose turn ends when a test says so. */
final class Turns extends DefaultEventLoop {
    void end() {
        afterRunningAllTasks();
    }

    @Override
    protected boolean wakesUpForTask(Runnable task) {
        return false;
    }
}
