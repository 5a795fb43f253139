/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void showsAViewInPlaceOfTheOneBeforeOnATerminal() {
        Screen screen = screen(false, true);

        screen.show(view("one"));
        screen.show(view("two"));

        assertThat(printed())
                .isEqualTo(
                        "\u001b[2J\u001b[Hname  one\u001b[K\nlength  3\u001b[K\n\u001b[J".replace("name  ", "name    ")
                                + "\u001b[Hname    two\u001b[K\nlength  3\u001b[K\n\u001b[J");
    }

    @Test
    void showsViewsOneBelowTheOtherElsewhere() {
        Screen screen = screen(false, false);

        screen.show(view("one"));
        screen.show(view("two"));

        assertThat(printed()).isEqualTo("name    one\nlength  3\n\nname    two\nlength  3\n");
    }

    @Test
    void showsProgramsOneInALine() {
        Screen screen = screen(true, true);

        screen.show(view("one"));
        screen.show(view("two"));

        assertThat(printed()).isEqualTo("{\"n\":\"one\",\"l\":3}\n{\"n\":\"two\",\"l\":3}\n");
    }

    @Test
    void letsNoSequenceOfTheValuesThrough() {
        screen(false, true).show(view("\u001b[31m"));

        assertThat(printed()).contains("\\u001b[31m");
    }

    private Screen screen(boolean json, boolean terminal) {
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        return new Screen(new ViewPrinter(new PlainTable()), json, terminal, out);
    }

    private static View view(String name) {
        return new Details().with("n", "name", name).with("l", "length", name.length());
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
