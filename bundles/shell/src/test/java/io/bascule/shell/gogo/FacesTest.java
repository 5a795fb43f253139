/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.gogo;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.shell.command.Help;
import io.bascule.shell.karaf.StatusAction;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands have two faces, Karaf's and Gogo's, and look the same in both. */
class FacesTest {
    static Stream<String> names() {
        return Commands.ALL.stream().map(io.bascule.shell.gogo.Command::name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void areAlike(String name) throws Exception {
        Syntax gogo = Commands.named(name).orElseThrow().syntax();
        Class<?> karaf = actions().get(name);

        assertThat(karaf).as("action of " + name).isNotNull();
        Command command = karaf.getAnnotation(Command.class);
        boolean quoted = gogo.arguments().stream().anyMatch(Syntax.Argument::quoted);
        assertThat(command.description()).isEqualTo(gogo.summary());
        assertThat(command.detailedDescription())
                .isEqualTo(Help.EXAMPLE + gogo.example() + (quoted ? "\n" + Help.QUOTING : ""));
        assertThat(arguments(karaf))
                .isEqualTo(gogo.arguments().stream()
                        .map(argument -> argument.name() + ": " + argument.summary())
                        .toList());
        assertThat(options(karaf))
                .containsExactlyInAnyOrderElementsOf(gogo.allOptions().stream()
                        .filter(option -> !option.name().equals(Syntax.HELP)) // every command of Karaf's has it
                        .map(option ->
                                option.name() + option.shortName().stream().toList() + ": " + option.summary())
                        .toList());
    }

    private static List<String> arguments(Class<?> action) {
        return fields(action).stream()
                .map(field -> field.getAnnotation(Argument.class))
                .filter(argument -> argument != null)
                .sorted(Comparator.comparing(Argument::index))
                .map(argument -> argument.name() + ": " + argument.description())
                .toList();
    }

    private static List<String> options(Class<?> action) {
        return fields(action).stream()
                .map(field -> field.getAnnotation(Option.class))
                .filter(option -> option != null)
                .map(option -> option.name() + List.of(option.aliases()) + ": " + option.description())
                .toList();
    }

    private static List<Field> fields(Class<?> action) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> type = action; type != null; type = type.getSuperclass()) {
            fields.addAll(List.of(type.getDeclaredFields()));
        }
        return fields;
    }

    /** Karaf's commands by name, as it finds them: by their annotation. */
    private static Map<String, Class<?>> actions() throws Exception {
        Path folder = Path.of(
                        StatusAction.class.getResource("StatusAction.class").toURI())
                .getParent();
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class"))
                    .map(file -> load(file.substring(0, file.length() - ".class".length())))
                    .filter(type -> type.isAnnotationPresent(Command.class))
                    .collect(Collectors.toMap(
                            type -> type.getAnnotation(Command.class).name(), Function.identity()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(StatusAction.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
