/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.gogo;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.shell.command.Fakes;
import io.bascule.shell.command.Fakes.FakeBroker;
import io.bascule.shell.command.Services;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {
    private final Services services =
            Fakes.services(new FakeBroker(), Fakes.bridge("emqx", BridgeStatus.State.CONNECTED));

    static Stream<String> names() {
        return Commands.ALL.stream().map(Command::name);
    }

    @Test
    void thereAreThoseOfTheManual() {
        assertThat(names())
                .containsExactly(
                        "status",
                        "listeners",
                        "clients",
                        "client-info",
                        "client-disconnect",
                        "sessions",
                        "session-info",
                        "session-delete",
                        "subscriptions",
                        "match",
                        "retained",
                        "retained-get",
                        "retained-delete",
                        "bridges",
                        "bridge-info",
                        "bridge-start",
                        "bridge-stop",
                        "bridge-pause",
                        "bridge-resume",
                        "bridge-reconnect",
                        "bridge-drain",
                        "bridge-trace",
                        "bridge-queue",
                        "bridge-queue-export",
                        "bridge-queue-purge",
                        "bridge-residue",
                        "bridges-deleted",
                        "bridge-purge",
                        "bridge-add",
                        "bridge-set",
                        "bridge-remove",
                        "bridge-validate",
                        "bridge-diff",
                        "bridge-routes",
                        "bridge-test",
                        "publish",
                        "subscribe",
                        "store",
                        "store-verify",
                        "store-export",
                        "store-import",
                        "security",
                        "users",
                        "user-add",
                        "user-password",
                        "user-remove",
                        "acl-test",
                        "bans",
                        "unban",
                        "limits",
                        "top");
    }

    @ParameterizedTest
    @MethodSource("names")
    void helpTeachesWithAnExample(String name) {
        assertThat(run(name, "--help"))
                .contains("mqtt:" + name + " [option...]")
                .contains("--json")
                .contains("Example: mqtt:" + name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void exampleIsUnderstood(String name) {
        Command command = command(name);
        List<String> words = words(command.syntax().example());

        assertThat(words.get(0)).isEqualTo("mqtt:" + name);
        assertThat(command.body().apply(command.syntax().parse(words.subList(1, words.size()))))
                .isNotNull();
    }

    /** As both shells part them: what stands in quotes is one. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = Pattern.compile("'([^']*)'|[^ ]+").matcher(line);
        while (word.find()) {
            words.add(word.group(1) == null ? word.group() : word.group(1));
        }
        return words;
    }

    @Test
    void answersInTextAndInJson() {
        assertThat(run("bridge-info", "emqx")).contains("State                 CONNECTED");
        assertThat(run("bridge-info", "emqx", "--json")).startsWith("{\n  \"name\": \"emqx\",");
        assertThat(run("publish", "-q", "1", "a", "x")).isEqualTo("Published 1 bytes to a.\n");
        assertThat(run("clients", "-o", "-j")).isEqualTo("[]\n");
        assertThat(run("retained", "-l", "1")).isEqualTo("Nothing is retained at #.\n");
        assertThat(run("publish", "-c", "3", "a", "x")).startsWith("Published to a: sent 3, acknowledged 3 in ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "match",
                "retained",
                "retained-get",
                "retained-delete",
                "publish",
                "subscribe",
                "bridge-add",
                "bridge-set",
                "bridge-test",
                "acl-test"
            })
    void helpSaysWhatToQuote(String name) {
        assertThat(run(name, "--help")).contains("quote them, '#', '$share/a/b'.");
        assertThat(run("clients", "--help")).doesNotContain("quote");
    }

    private String run(String name, String... words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        command(name).run(List.of(words), () -> services, out, false, () -> true);
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private static Command command(String name) {
        return Commands.named(name).orElseThrow();
    }
}
