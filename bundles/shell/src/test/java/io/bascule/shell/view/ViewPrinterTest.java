/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ViewPrinterTest {
    private static final List<Column<String>> COLUMNS = List.of(
            new Column<>("name", "Name", name -> name),
            new Column<>("length", "Length", String::length),
            new Column<>("upper", "Upper", String::toUpperCase));

    @Test
    void alignsColumnsAndFigures() {
        assertThat(printed(table("long name", "b"), false)).isEqualTo("""
                        Name       Length  Upper
                        b               1  B
                        long name       9  LONG NAME
                        """);
    }

    @Test
    void countsCharactersNotCodeUnits() {
        assertThat(printed(table("😀😀", "abc"), false)).isEqualTo("""
                        Name  Length  Upper
                        abc        3  ABC
                        😀😀         4  😀😀
                        """);
    }

    @Test
    void keepsHostileCellsInTheirLine() {
        assertThat(printed(table("a\nb\u001b[0m"), false))
                .contains("a\\nb\\u001b[0m")
                .hasLineCount(2);
    }

    @Test
    void saysItInASentenceWhenThereIsNothing() {
        assertThat(printed(table(), false)).isEqualTo("There is none.\n");
        assertThat(printed(table(), true)).isEqualTo("[]\n");
    }

    @Test
    void showsTablesBelowTheOtherDetails() {
        Details details = new Details()
                .with("things", "Things", table("x"))
                .with("state", "State", "up")
                .with("clientId", "Client id", "c");

        assertThat(printed(details, false)).isEqualTo("""
                        State      up
                        Client id  c

                        Things
                        Name  Length  Upper
                        x          1  X
                        """);
    }

    @Test
    void givesProgramsTheDataOfASentence() {
        Sentence sentence = new Sentence("Done.", Map.of("bytes", 3));

        assertThat(printed(sentence, false)).isEqualTo("Done.\n");
        assertThat(printed(sentence, true)).isEqualTo("{\n  \"bytes\": 3\n}\n");
    }

    private static Table table(String... names) {
        return Table.of(List.of(names), Comparator.naturalOrder(), "There is none.", COLUMNS);
    }

    private static String printed(View view, boolean json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ViewPrinter(new PlainTable()).print(view, json, new PrintStream(bytes, false, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
