/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.gogo;

import io.bascule.shell.command.CommandFailure;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.Suggestions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What may be typed after a command's name. Options stand anywhere, {@code --} ends them.
 *
 * @param name of the command, without its scope
 * @param summary one sentence
 * @param arguments in order; whether one may be left out is for the command to say
 * @param options besides {@code --json} and {@code --help}, which every command has
 * @param example how it is used
 */
record Syntax(String name, String summary, List<Argument> arguments, List<Option> options, String example) {

    /**
     * An argument.
     *
     * @param suggestions what completes it
     * @param quoted whether it is a topic or a filter, or has one in it
     * @param many whether it may be given again; the last one only
     */
    record Argument(String name, String summary, Optional<Suggestions> suggestions, boolean quoted, boolean many) {
        static Argument of(String name, String summary) {
            return new Argument(name, summary, Optional.empty(), false, false);
        }

        static Argument of(String name, String summary, Suggestions suggestions) {
            return new Argument(name, summary, Optional.of(suggestions), false, false);
        }

        static Argument quoted(String name, String summary, Suggestions suggestions) {
            return new Argument(name, summary, Optional.of(suggestions), true, false);
        }

        static Argument manyQuoted(String name, String summary) {
            return new Argument(name, summary, Optional.empty(), true, true);
        }
    }

    /** An option; {@code value} names what follows it, empty for a switch. */
    record Option(String name, Optional<String> shortName, Optional<String> value, String summary) {
        static Option flag(String name, String shortName, String summary) {
            return new Option(name, Optional.of(shortName), Optional.empty(), summary);
        }

        static Option value(String name, String shortName, String value, String summary) {
            return new Option(name, Optional.of(shortName), Optional.of(value), summary);
        }

        static Option value(String name, String value, String summary) {
            return new Option(name, Optional.empty(), Optional.of(value), summary);
        }

        private boolean isNamed(String typed) {
            return name.equals(typed)
                    || shortName.isPresent() && shortName.get().equals(typed);
        }

        private String usage() {
            return shortName.map(letter -> letter + ", ").orElse("    ")
                    + name
                    + value.map(what -> " <" + what + ">").orElse("");
        }
    }

    static final String JSON = "--json";
    static final String HELP = "--help";

    private static final List<Option> OF_EVERY_COMMAND =
            List.of(Option.flag(JSON, "-j", "Prints JSON."), Option.flag(HELP, "-h", "Prints this."));

    /** What was typed: the words that are no options, and the options by their long name. */
    record Typed(List<String> words, Map<String, List<String>> options) {

        /** The argument at this place, null when it was left out. */
        String word(int index) {
            return index < words.size() ? words.get(index) : null;
        }

        /** The arguments from this place on. */
        List<String> wordsFrom(int index) {
            return words.subList(Math.min(index, words.size()), words.size());
        }

        boolean has(String option) {
            return options.containsKey(option);
        }

        /** The last value of an option, null when it was left out. */
        String value(String option) {
            List<String> values = values(option);
            return values.isEmpty() ? null : values.get(values.size() - 1);
        }

        String value(String option, String otherwise) {
            return has(option) ? value(option) : otherwise;
        }

        /** The values of an option that may be given again. */
        List<String> values(String option) {
            return options.getOrDefault(option, List.of());
        }
    }

    /** A command without arguments and options. */
    static Syntax of(String name, String summary, String example) {
        return new Syntax(name, summary, List.of(), List.of(), example);
    }

    /** The same with these arguments. */
    Syntax taking(Argument... others) {
        return new Syntax(name, summary, List.of(others), options, example);
    }

    /** The same with these options. */
    Syntax with(Option... others) {
        return new Syntax(name, summary, arguments, List.of(others), example);
    }

    /** The options with those that every command has. */
    List<Option> allOptions() {
        return Stream.concat(options.stream(), OF_EVERY_COMMAND.stream()).toList();
    }

    /** @throws CommandFailure when it does not fit */
    Typed parse(List<String> typed) {
        List<String> words = new ArrayList<>();
        Map<String, List<String>> chosen = new HashMap<>();
        Iterator<String> rest = typed.iterator();
        boolean optionsEnded = false;
        while (rest.hasNext()) {
            String word = rest.next();
            if (!optionsEnded && word.equals("--")) {
                optionsEnded = true;
            } else if (!optionsEnded && word.length() > 1 && word.startsWith("-")) {
                choose(word, rest, chosen);
            } else {
                words.add(word);
            }
        }
        boolean many =
                !arguments.isEmpty() && arguments.get(arguments.size() - 1).many();
        if (words.size() > arguments.size() && !many && !chosen.containsKey(HELP)) {
            throw new CommandFailure("mqtt:" + name + " takes " + takes() + "; quote what holds blanks.");
        }
        return new Typed(words, chosen);
    }

    private void choose(String word, Iterator<String> rest, Map<String, List<String>> chosen) {
        int equals = word.indexOf('=');
        String asked = equals < 0 ? word : word.substring(0, equals);
        Option option = allOptions().stream()
                .filter(each -> each.isNamed(asked))
                .findFirst()
                .orElseThrow(() -> unknown(asked));
        List<String> values = chosen.computeIfAbsent(option.name(), key -> new ArrayList<>());
        if (option.value().isEmpty()) {
            if (equals >= 0) {
                throw new CommandFailure(option.name() + " takes no value.");
            }
        } else if (equals >= 0) {
            values.add(word.substring(equals + 1));
        } else if (rest.hasNext()) {
            values.add(rest.next());
        } else {
            throw new CommandFailure(
                    option.name() + " needs a value: <" + option.value().get() + ">.");
        }
    }

    private CommandFailure unknown(String asked) {
        String known = allOptions().stream().map(Option::name).collect(Collectors.joining(", "));
        String dash = arguments.isEmpty() ? "" : " After -- a word is taken as it stands.";
        return new CommandFailure("mqtt:" + name + " has no option " + asked + "; it has " + known + "." + dash);
    }

    private String takes() {
        return switch (arguments.size()) {
            case 0 -> "no argument";
            case 1 -> "one argument, the " + arguments.get(0).name();
            default ->
                arguments.size() + " arguments, "
                        + arguments.stream()
                                .map(argument -> "the " + argument.name())
                                .collect(Collectors.joining(" and "));
        };
    }

    String usage() {
        String words = arguments.stream()
                .map(argument -> " <" + argument.name() + ">" + (argument.many() ? "..." : ""))
                .collect(Collectors.joining());
        return "mqtt:" + name + " [option...]" + words;
    }

    String help() {
        List<String[]> lines = new ArrayList<>();
        arguments.forEach(argument -> lines.add(new String[] {"<" + argument.name() + ">", argument.summary()}));
        allOptions().forEach(option -> lines.add(new String[] {option.usage(), option.summary()}));
        int width = lines.stream().mapToInt(line -> line[0].length()).max().orElse(0);
        String described = lines.stream()
                .map(line -> "  " + line[0] + " ".repeat(width - line[0].length()) + "  " + line[1] + "\n")
                .collect(Collectors.joining());
        String quoting = arguments.stream().anyMatch(Argument::quoted) ? "\n" + Help.QUOTING : "";
        return summary + "\n\n" + usage() + "\n\n" + described + "\n" + Help.EXAMPLE + example + quoting;
    }
}
