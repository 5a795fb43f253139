/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import java.io.PrintStream;

/** Prints a view as text or as JSON. */
public final class ViewPrinter {
    private final TablePrinter tables;

    /** @param tables what prints tables in text */
    public ViewPrinter(TablePrinter tables) {
        this.tables = tables;
    }

    /** Prints it and flushes. */
    public void print(View view, boolean json, PrintStream out) {
        if (json) {
            out.println(Json.indented(view));
        } else {
            print(view, out);
        }
        out.flush();
    }

    private void print(View view, PrintStream out) {
        if (view instanceof Table table) {
            print(table, out);
        } else if (view instanceof Details details) {
            print(details, out);
        } else if (view instanceof Sentence sentence) {
            out.println(Text.printable(sentence.text()));
        }
    }

    private void print(Table table, PrintStream out) {
        if (table.rows().isEmpty()) {
            out.println(Text.printable(table.whenEmpty()));
        } else {
            tables.print(table, out);
        }
        table.note().map(Text::printable).ifPresent(out::println);
    }

    private void print(Details details, PrintStream out) {
        int width = details.entries().stream()
                .filter(entry -> !(entry.value() instanceof View))
                .mapToInt(entry -> entry.title().length())
                .max()
                .orElse(0);
        for (Details.Entry entry : details.entries()) {
            if (!(entry.value() instanceof View)) {
                String blanks = " ".repeat(width - entry.title().length());
                out.println(entry.title() + blanks + "  " + Text.of(entry.value()));
            }
        }
        for (Details.Entry entry : details.entries()) {
            if (entry.value() instanceof View inner) {
                out.println();
                out.println(entry.title());
                print(inner, out);
            }
        }
    }
}
