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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommandTest {
    private final Services services =
            Fakes.services(new FakeBroker(), Fakes.bridge("emqx", BridgeStatus.State.CONNECTED));

    static Stream<String> names() {
        return Command.ALL.stream().map(command -> command.syntax().name());
    }

    @Test
    void thereAreThoseOfTheManual() {
        assertThat(names())
                .containsExactly(
                        "status",
                        "listeners",
                        "clients",
                        "subscriptions",
                        "bridges",
                        "bridge-info",
                        "publish",
                        "subscribe");
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
        String[] words = command.syntax().example().replace("'", "").split(" ");

        List<String> typed = List.of(words).subList(1, words.length);

        assertThat(words[0]).isEqualTo("mqtt:" + name);
        assertThat(command.syntax().parse(name.equals("publish") ? typed.subList(0, 3) : typed))
                .isNotNull();
    }

    @Test
    void answersInTextAndInJson() {
        assertThat(run("bridge-info", "emqx")).contains("State                 CONNECTED");
        assertThat(run("bridge-info", "emqx", "--json")).startsWith("{\n  \"name\": \"emqx\",");
        assertThat(run("publish", "-q", "1", "a", "x")).isEqualTo("Published 1 bytes to a.\n");
        assertThat(run("clients", "-o", "-j")).isEqualTo("[]\n");
    }

    private String run(String name, String... words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        command(name).run(List.of(words), services, out, () -> true);
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private static Command command(String name) {
        return Command.ALL.stream()
                .filter(each -> each.syntax().name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
