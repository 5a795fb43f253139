/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.gogo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.shell.gogo.Syntax.Typed;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyntaxTest {
    private final Syntax publish = syntax("publish");

    @Test
    void takesOptionsAnywhere() {
        Typed typed = publish.parse(List.of("a", "--qos", "1", "hello", "--retain"));

        assertThat(typed.words()).containsExactly("a", "hello");
        assertThat(typed.value("--qos", "0")).isEqualTo("1");
        assertThat(typed.has("--retain")).isTrue();
        assertThat(typed.has("--json")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--qos=2", "-q=2"})
    void takesAValueAfterAnEqualsSign(String option) {
        assertThat(publish.parse(List.of(option)).value("--qos", "0")).isEqualTo("2");
    }

    @Test
    void knowsShortNames() {
        Typed typed = publish.parse(List.of("-q", "2", "-r", "-j"));

        assertThat(typed.options()).containsOnlyKeys("--qos", "--retain", "--json");
    }

    @Test
    void takesAnOptionAgain() {
        Typed typed = publish.parse(List.of("--user-property", "a=1", "--user-property=b=2=3", "-q", "1", "-q", "2"));

        assertThat(typed.values("--user-property")).containsExactly("a=1", "b=2=3");
        assertThat(typed.value("--qos", "0")).isEqualTo("2");
        assertThat(typed.values("--file")).isEmpty();
        assertThat(typed.value("--file")).isNull();
    }

    @Test
    void takesEverythingAsAWordAfterTwoDashes() {
        assertThat(publish.parse(List.of("a", "--", "--retain")).words()).containsExactly("a", "--retain");
        assertThat(publish.parse(List.of("a", "-")).words()).containsExactly("a", "-");
        assertThat(publish.parse(List.of("a", "")).words()).containsExactly("a", "");
    }

    @Test
    void leavesMissingWordsToTheCommand() {
        assertThat(publish.parse(List.of("a")).word(1)).isNull();
    }

    @Test
    void saysWhatItDoesNotKnow() {
        assertThatThrownBy(() -> publish.parse(List.of("a", "-5")))
                .hasMessage("mqtt:publish has no option -5; it has --qos, --retain, --file, --count,"
                        + " --rate, --content-type, --payload-format, --expiry, --response-topic, --correlation-data,"
                        + " --user-property, --json, --help. After -- a word is taken as it stands.");
        assertThatThrownBy(() -> syntax("status").parse(List.of("--jsn")))
                .hasMessage("mqtt:status has no option --jsn; it has --json, --help.");
        assertThatThrownBy(() -> publish.parse(List.of("--qos"))).hasMessage("--qos needs a value: <0|1|2>.");
        assertThatThrownBy(() -> publish.parse(List.of("--json=yes"))).hasMessage("--json takes no value.");
    }

    @Test
    void countsTheWords() {
        assertThatThrownBy(() -> publish.parse(List.of("a", "hello", "world")))
                .hasMessage("mqtt:publish takes 2 arguments, the topic and the message; quote what holds blanks.");
        assertThatThrownBy(() -> syntax("bridge-info").parse(List.of("a", "b")))
                .hasMessage("mqtt:bridge-info takes one argument, the name; quote what holds blanks.");
        assertThatThrownBy(() -> syntax("status").parse(List.of("a")))
                .hasMessage("mqtt:status takes no argument; quote what holds blanks.");
    }

    private static Syntax syntax(String name) {
        return Commands.named(name).orElseThrow().syntax();
    }
}
