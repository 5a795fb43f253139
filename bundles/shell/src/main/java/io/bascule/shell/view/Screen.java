/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Shows a view again and again: on a terminal at the same place, elsewhere one below the other, as JSON one in a line.
 */
public final class Screen {
    private static final String ERASE = "\u001b[2J";
    private static final String HOME = "\u001b[H";
    private static final String ERASE_REST_OF_LINE = "\u001b[K";
    private static final String ERASE_BELOW = "\u001b[J";

    private final ViewPrinter printer;
    private final boolean json;
    private final boolean terminal;
    private final PrintStream out;
    private boolean shown;

    /**
     * Nothing is shown yet.
     *
     * @param terminal whether what is printed goes to a terminal that knows the ANSI sequences
     */
    public Screen(ViewPrinter printer, boolean json, boolean terminal, PrintStream out) {
        this.printer = printer;
        this.json = json;
        this.terminal = terminal;
        this.out = out;
    }

    /** Shows it in place of what was shown before. */
    public void show(View view) {
        if (json) {
            out.println(Json.line(view));
        } else if (terminal) {
            out.print((shown ? "" : ERASE) + HOME + frame(view) + ERASE_BELOW);
        } else {
            out.print((shown ? System.lineSeparator() : "") + text(view));
        }
        out.flush();
        shown = true;
    }

    /** Line by line over the old one, and all of it in one piece: erased first it would flicker. */
    private String frame(View view) {
        return text(view).replace(System.lineSeparator(), ERASE_REST_OF_LINE + System.lineSeparator());
    }

    private String text(View view) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        printer.print(view, false, new PrintStream(bytes, false, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
