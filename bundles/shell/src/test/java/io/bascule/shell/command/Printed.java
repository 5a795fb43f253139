/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.shell.view.PlainTable;
import io.bascule.shell.view.ViewPrinter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/** What commands print on a console. */
final class Printed {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Console console(boolean json, BooleanSupplier wanted) {
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        return new Console(out, new ViewPrinter(new PlainTable()), json, false, wanted);
    }

    /** What was flushed, in lines that end with a line feed. */
    String text() {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
