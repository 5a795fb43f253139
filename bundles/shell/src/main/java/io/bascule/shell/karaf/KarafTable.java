/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.view.Table;
import io.bascule.shell.view.TablePrinter;
import io.bascule.shell.view.Text;
import java.io.PrintStream;
import java.util.List;
import org.apache.karaf.shell.support.table.Col;
import org.apache.karaf.shell.support.table.Row;
import org.apache.karaf.shell.support.table.ShellTable;

/** A table as Karaf's other commands print theirs. */
final class KarafTable implements TablePrinter {
    @Override
    public void print(Table table, PrintStream out) {
        ShellTable shellTable = new ShellTable();
        for (int i = 0; i < table.heads().size(); i++) {
            Col column = shellTable.column(table.heads().get(i).title());
            if (table.isNumeric(i)) {
                column.alignRight();
            }
        }
        for (List<Object> cells : table.rows()) {
            Row row = shellTable.addRow();
            cells.forEach(cell -> row.addContent(Text.of(cell)));
        }
        shellTable.print(out);
    }
}
