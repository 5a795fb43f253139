/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A table in columns as wide as their widest cell, two blanks apart. */
public final class PlainTable implements TablePrinter {
    private static final String GAP = "  ";

    @Override
    public void print(Table table, PrintStream out) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(table.heads().stream().map(Table.Head::title).toList());
        table.rows().forEach(row -> lines.add(row.stream().map(Text::of).toList()));
        int[] widths = new int[table.heads().size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(line.get(i)));
            }
        }
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = line.get(i);
                String blanks = " ".repeat(widths[i] - width(cell));
                text.append(i == 0 ? "" : GAP);
                text.append(table.isNumeric(i) ? blanks + cell : cell + blanks);
            }
            out.println(text.toString().stripTrailing());
        }
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
