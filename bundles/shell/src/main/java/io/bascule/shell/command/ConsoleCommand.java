/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.shell.view.View;

/** A command that answers once. */
@FunctionalInterface
public interface ConsoleCommand {

    /**
     * Does it.
     *
     * @throws CommandFailure when it cannot be done
     */
    View run(Services services);
}
