/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.shell.view.Screen;
import io.bascule.shell.view.View;
import io.bascule.shell.view.ViewPrinter;
import java.io.PrintStream;
import java.util.function.BooleanSupplier;

/**
 * Where a command answers.
 *
 * @param out what it prints goes there
 * @param printer prints views as this shell prints its own
 * @param json whether a program reads it
 * @param terminal whether {@code out} is a terminal, where a view can take the place of the one before
 * @param wanted whether a command that goes on may do so
 */
public record Console(PrintStream out, ViewPrinter printer, boolean json, boolean terminal, BooleanSupplier wanted) {

    /** Prints an answer. */
    public void print(View view) {
        printer.print(view, json, out);
    }

    Screen screen() {
        return new Screen(printer, json, terminal, out);
    }

    /** Flushes, so that it is seen; a remote console that has gone is noticed by what it does not take. */
    boolean hasGone() {
        return out.checkError();
    }
}
