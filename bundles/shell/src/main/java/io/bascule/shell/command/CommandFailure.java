/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.shell.view.Text;

/** Why a command did not do what was asked: one sentence for whoever typed it, with nothing in it that a terminal obeys. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CommandFailure(String message) {
        // Nobody looks for a bug at the place where it was thrown.
        super(Text.printable(message), null, false, false);
    }

    /** The sentence alone: Gogo prints exceptions with this. */
    @Override
    public String toString() {
        return getMessage();
    }
}
