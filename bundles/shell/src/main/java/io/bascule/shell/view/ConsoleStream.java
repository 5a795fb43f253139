/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import java.io.PrintStream;

/**
 * Standard output of a command, which may be the next command of a pipeline, and behind it the console of its session.
 * In both shells a flush of the first does not reach the second: what a command prints would show when it ends.
 */
public final class ConsoleStream extends PrintStream {
    private final PrintStream console;

    /**
     * A stream for one command.
     *
     * @param out where the command prints
     * @param console where the session shows it
     */
    public ConsoleStream(PrintStream out, PrintStream console) {
        super(out);
        this.console = console;
    }

    @Override
    public void flush() {
        super.flush();
        console.flush();
    }

    @Override
    public boolean checkError() {
        // Not short of the second: both flush.
        return super.checkError() | console.checkError();
    }
}
