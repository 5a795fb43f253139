/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import java.io.PrintStream;

/** Prints a table that has rows. */
@FunctionalInterface
public interface TablePrinter {

    /** Prints it; the cells through {@link Text#of}. */
    void print(Table table, PrintStream out);
}
