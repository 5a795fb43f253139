/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            plain           | "plain"
            say "hi"        | "say \\"hi\\""
            back\\slash     | "back\\\\slash"
            é€😀            | "é€😀"
            """)
    void escapesWhatRfc8259Demands(String text, String json) {
        assertThat(Json.line(text)).isEqualTo(json);
    }

    @Test
    void escapesControlCharacters() {
        assertThat(Json.line("\n\r\t\u0000\u001b[31m\u007f\u009b"))
                .isEqualTo("\"\\n\\r\\t\\u0000\\u001b[31m\\u007f\\u009b\"");
    }

    @Test
    void escapesHalfASurrogatePair() {
        assertThat(Json.line("a\ud800b")).isEqualTo("\"a\\ud800b\"");
    }

    @Test
    void writesScalarsOfTheApi() {
        assertThat(Json.line(null)).isEqualTo("null");
        assertThat(Json.line(true)).isEqualTo("true");
        assertThat(Json.line(7)).isEqualTo("7");
        assertThat(Json.line(Long.MAX_VALUE)).isEqualTo("9223372036854775807");
        assertThat(Json.line(new ByteCount(2048))).isEqualTo("2048");
        assertThat(Json.line(Duration.ofMinutes(2))).isEqualTo("120");
        assertThat(Json.line(Instant.EPOCH)).isEqualTo("\"1970-01-01T00:00:00Z\"");
        assertThat(Json.line(Thread.State.RUNNABLE)).isEqualTo("\"RUNNABLE\"");
        assertThat(Json.line(Optional.of(1))).isEqualTo("1");
        assertThat(Json.line(Optional.empty())).isEqualTo("null");
    }

    @Test
    void refusesWhatItHasNoFormFor() {
        assertThatThrownBy(() -> Json.line(1.5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesNestedValuesInOneLine() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("list", List.of(1, List.of(), Map.of()));
        value.put("map", new TreeMap<>(Map.of("b", 1, "a", 2)));
        value.put("identifiers", new int[] {3, 4});

        assertThat(Json.line(value)).isEqualTo("{\"list\":[1,[],{}],\"map\":{\"a\":2,\"b\":1},\"identifiers\":[3,4]}");
    }

    @Test
    void indentsViews() {
        Table table = Table.of(
                List.of("b", "a"),
                Comparator.naturalOrder(),
                "",
                List.of(new Column<>("name", "Name", name -> name), new Column<>("size", "Size", String::length)));
        Details details = new Details().with("state", "State", "up").with("things", "Things", table);

        assertThat(Json.indented(details)).isEqualTo("""
                        {
                          "state": "up",
                          "things": [
                            {
                              "name": "a",
                              "size": 1
                            },
                            {
                              "name": "b",
                              "size": 1
                            }
                          ]
                        }""");
    }

    @Test
    void writesAnEmptyTableAsAnEmptyArray() {
        assertThat(Json.indented(Table.of(List.<String>of(), Comparator.naturalOrder(), "None.", List.of())))
                .isEqualTo("[]");
    }
}
