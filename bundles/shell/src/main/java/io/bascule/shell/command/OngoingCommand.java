/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import java.util.function.Supplier;

/** A command that takes its time, until it is done or interrupted. */
@FunctionalInterface
public interface OngoingCommand {

    /**
     * Does it, until it is done, the console does not want it any more, or the thread is interrupted, which is how both
     * shells pass on a Ctrl-C.
     *
     * @param services what is there when it is called
     * @throws CommandFailure when it cannot be done
     */
    void run(Supplier<Services> services, Console console);
}
