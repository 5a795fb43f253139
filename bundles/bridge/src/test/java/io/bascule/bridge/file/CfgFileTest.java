/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.felix.fileinstall.shaded.util.properties.TypedProperties;

class CfgFileTest {
    // ---------------------------------------------------------------- reading

    /** What File Install itself reads; where it reads nothing at all, there is a fault. */
    @Property(tries = 1000)
    void readsWhatFileInstallReads(@ForAll("contents") String content) {
        CfgFile file = file(content);
        Map<String, Object> theirs;
        try {
            theirs = fileInstall(content);
        } catch (IOException | RuntimeException e) {
            assertThat(file.faults()).isNotEmpty();
            return;
        }
        assertThat(theirs.values().stream().allMatch(value -> value instanceof String) || file.isTyped())
                .isTrue();
        if (!file.isTyped()) {
            assertThat(new TreeMap<>(Placeholders.filled(file.values(), name -> null)))
                    .isEqualTo(new TreeMap<>(theirs));
        }
    }

    /** A file after any edit says what it said, but for the edit. */
    @Property(tries = 1000)
    void editsNothingElse(@ForAll("contents") String content, @ForAll("texts") String value) {
        CfgFile file = file(content);
        if (file.isTyped() || !file.faults().isEmpty()) {
            return;
        }
        Map<String, String> changes = new LinkedHashMap<>();
        Map<String, String> expected;
        try {
            expected = new TreeMap<>(Placeholders.filled(file.values(), name -> null));
        } catch (IllegalArgumentException e) {
            return; // a key without a name whose value asks for it
        }
        expected.keySet().stream().findFirst().ifPresent(key -> changes.put(key, value));
        changes.put("new key:=#!", value);
        changes.forEach((key, changed) -> expected.put(key, changed));

        CfgFile edited = file.with(changes, Set.of());

        assertThat(new TreeMap<>(Placeholders.filled(edited.values(), name -> null)))
                .isEqualTo(expected);
        assertThat(new TreeMap<>(Placeholders.filled(
                        CfgFile.of(edited.bytes(), StandardCharsets.UTF_8).values(), name -> null)))
                .isEqualTo(expected);
    }

    /** Lines of what there is to trip over. */
    @Provide
    Arbitrary<String> contents() {
        Arbitrary<String> end = Arbitraries.of("\n", "\n", "\r\n", "\r", "\\\n", "\\\n  ", "\n\n");
        Arbitrary<String> line = Arbitraries.of(
                        "a", "b", "c", "a\\ b", "a\\=b", "#a", "!a", "", " a", "\\u0061", "\\a", "a\\\\")
                .flatMap(key -> Arbitraries.of("=", " = ", ":", " ", "", "\t:\t", "==", " = =")
                        .flatMap(separator -> texts().map(value -> key + separator + value)));
        return line.flatMap(text -> end.map(it -> text + it))
                .list()
                .ofMaxSize(6)
                .map(lines -> String.join("", lines));
    }

    /** Without what fills in from elsewhere, and without the odd case of a brace that is not the end of one. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(
                        "x",
                        "y/#",
                        "{#}",
                        "\\",
                        "\\\\",
                        "\"",
                        "ü",
                        "\uD83D\uDE00",
                        " ",
                        "\t",
                        "#",
                        "!",
                        "=",
                        ":",
                        "\\u00e4",
                        "\\n",
                        "$",
                        "{",
                        "}",
                        "[",
                        "]")
                .list()
                .ofMaxSize(6)
                .map(parts -> String.join("", parts))
                .filter(text -> !text.contains("${"));
    }

    @Example
    void readsSeveralLinesAsOne() {
        CfgFile file = file("""
                # server
                server : mqtt://far
                forward.a = a/#, \\
                    # between
                    b/# \\
                  -> x/{topic}
                tail""");

        assertThat(file.values())
                .containsExactly(
                        Map.entry("server", "mqtt://far"),
                        Map.entry("forward.a", "a/#, b/# -> x/{topic}"),
                        Map.entry("tail", ""));
        assertThat(file.lineOf("forward.a")).hasValue(3);
        assertThat(file.lineOf("tail")).hasValue(7);
        assertThat(file.lineOf("other")).isEmpty();
    }

    @Example
    void theLastOfSeveralLinesCounts() {
        CfgFile file = file("a = 1\nb = 2\na = 3\n");

        assertThat(file.values()).containsEntry("a", "3");
        assertThat(file.lineOf("a")).hasValue(3);
        assertThat(text(file.with(Map.of("a", "4"), Set.of()))).isEqualTo("a = 1\nb = 2\na = 4\n");
        assertThat(text(file.with(Map.of(), Set.of("a")))).isEqualTo("b = 2\n");
    }

    @Example
    void tellsWhatIsPassedOver() {
        assertThat(file("a = 1\nb = 2\\").faults())
                .extracting(CfgFile.Fault::line)
                .containsExactly(2);
        assertThat(file("a = \\u00zz").faults())
                .extracting(CfgFile.Fault::sentence)
                .containsExactly("\\u00zz is no character; allowed are four hex digits; nothing of the file is read");
        assertThat(file("").faults()).isEmpty();
    }

    @Example
    void tellsOfKeysThatConfigurationAdminDoesNotTake() {
        assertThat(file("server = mqtt://h\nforward.alarms = a\n\nforward.Alarms = b\n")
                        .faults())
                .containsExactly(
                        new CfgFile.Fault(
                                4,
                                "forward.Alarms is there in another case, as forward.alarms in line 2; nothing of the file is read"));
        assertThat(file("server = mqtt://h\n= x\n").faults())
                .containsExactly(new CfgFile.Fault(2, "has no key; nothing of the file is read"));
        assertThat(file("a = 1\nb = 2\n").faults()).isEmpty();
    }

    @Example
    void warnsOfAKeyThatIsGivenAgain() {
        CfgFile file = file("keepalive = 1s\nserver = mqtt://h\nkeepalive = 2s\n");

        assertThat(file.warnings()).containsExactly("line 3 gives keepalive again, after line 1; the later one counts");
        assertThat(file.faults()).isEmpty();
        assertThat(file.with(Map.of(), Set.of("keepalive")).warnings()).isEmpty();
    }

    @Example
    void isTypedWhereEveryValueIs() {
        assertThat(file("a = \"1\"\nb = I\"2\"\n").isTyped()).isTrue();
        assertThat(file("a = \"1\"\nb = 2\n").isTyped()).isFalse();
        assertThat(file("").isTyped()).isFalse();
    }

    // ---------------------------------------------------------------- editing

    @Example
    void leavesEveryOtherByteAsItIs() {
        byte[] content = """
                # Grüße, \u0007 and what is not UTF-8: ?
                server    = mqtt://far   \s
                ! another comment\r
                forward.a=a/#, \\
                \tb/#
                password:$[env:CLOUD]\r\n
                user \t w\\u00fc\r# end""".getBytes(StandardCharsets.UTF_8);
        content[indexOf(content, '?')] = (byte) 0xff;

        CfgFile edited = CfgFile.of(content, StandardCharsets.UTF_8)
                .with(changes("server", "mqtt://near", "forward.a", "c/#", "user", "ü", "keepalive", "10s"), Set.of());

        byte[] expected = """
                # Grüße, \u0007 and what is not UTF-8: ?
                server    = mqtt://near
                ! another comment\r
                forward.a=c/#
                password:$[env:CLOUD]\r\n
                user = ü\r# end
                keepalive = 10s
                """.getBytes(StandardCharsets.UTF_8);
        expected[indexOf(expected, '?')] = (byte) 0xff;
        assertThat(edited.bytes()).isEqualTo(expected);
    }

    private static int indexOf(byte[] content, char c) {
        for (int i = 0; i < content.length; i++) {
            if (content[i] == c) {
                return i;
            }
        }
        throw new AssertionError();
    }

    @Example
    void keepsTheWayLinesEnd() {
        assertThat(text(file("a = 1\r\nb = 2").with(changes("b", "3", "c", "4"), Set.of())))
                .isEqualTo("a = 1\r\nb = 3\r\nc = 4\r\n");
        assertThat(text(file("a = 1\\\n\n  2").with(Map.of(), Set.of("a")))).isEmpty();
        assertThat(text(file("a = 1\n# of b\nb = 2\n").with(Map.of(), Set.of("b"))))
                .isEqualTo("a = 1\n# of b\n");
    }

    @Example
    void writesWhatTheEncodingHas() {
        CfgFile latin1 =
                CfgFile.of(new byte[0], StandardCharsets.ISO_8859_1).with(changes("user", "wü\uD83D\uDE00"), Set.of());

        assertThat(new String(latin1.bytes(), StandardCharsets.ISO_8859_1)).isEqualTo("user = wü\\ud83d\\ude00\n");
        assertThat(latin1.values()).containsEntry("user", "wü\uD83D\uDE00");
    }

    @Example
    void takesALongLineInOne() {
        String key = "\\a".repeat(2_000_000);

        assertThat(file(key + "=" + "x".repeat(5_000_000)).values()).hasSize(1);
    }

    private static Map<String, String> changes(String... pairs) {
        Map<String, String> changes = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            changes.put(pairs[i], pairs[i + 1]);
        }
        return changes;
    }

    private static CfgFile file(String content) {
        return file(content, StandardCharsets.UTF_8);
    }

    private static CfgFile file(String content, Charset charset) {
        return CfgFile.of(content.getBytes(charset), charset);
    }

    private static String text(CfgFile file) {
        return new String(file.bytes(), StandardCharsets.UTF_8);
    }

    private static Map<String, Object> fileInstall(String content) throws IOException {
        TypedProperties properties = new TypedProperties((name, key, value) -> null);
        properties.load(new StringReader(content));
        return new TreeMap<>(properties);
    }

    @Example
    void fillsPlaceholdersAsFileInstallDoes() throws IOException {
        for (String content : List.of(
                "a = ${b}/${c}\nb = ${c}x\nc = 1",
                "a = ${nothing}x",
                "a = ${nothing:-else}",
                "a = $\\\\{b}",
                "a = ${b",
                "a = x}y",
                "a = ${${b}}\nb = c\nc = d",
                "a = $[env:X]/{#}/{topic}")) {
            assertThat(new TreeMap<>(Placeholders.filled(file(content).values(), name -> null)))
                    .as(content)
                    .isEqualTo(fileInstall(content));
        }
        assertThat(Placeholders.filled(Map.of("a", "${p}-${env:PATH}"), Map.of("p", "1")::get))
                .containsEntry("a", "1-" + System.getenv("PATH"));
    }
}
