/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.gogo;

import io.bascule.shell.command.CommandFailure;
import io.bascule.shell.command.Suggestions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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

    /** An argument and what completes it. */
    record Argument(String name, String summary, Optional<Suggestions> suggestions) {}

    /** An option; {@code value} names what follows it, empty for a switch. */
    record Option(String name, String shortName, Optional<String> value, String summary) {
        private String usage() {
            return shortName + ", " + name
                    + value.map(what -> " <" + what + ">").orElse("");
        }
    }

    static final String JSON = "--json";
    static final String HELP = "--help";

    private static final Option JSON_OPTION = new Option(JSON, "-j", Optional.empty(), "Prints JSON.");
    private static final Option HELP_OPTION = new Option(HELP, "-h", Optional.empty(), "Prints this.");

    /** What was typed: the words that are no options, and the options by their long name. */
    record Typed(List<String> words, Map<String, String> options) {

        /** The argument at this place, null when it was left out. */
        String word(int index) {
            return index < words.size() ? words.get(index) : null;
        }

        boolean has(String option) {
            return options.containsKey(option);
        }

        String value(String option, String otherwise) {
            return options.getOrDefault(option, otherwise);
        }
    }

    /** The options with those that every command has. */
    List<Option> allOptions() {
        List<Option> all = new ArrayList<>(options);
        all.add(JSON_OPTION);
        all.add(HELP_OPTION);
        return all;
    }

    /** @throws CommandFailure when it does not fit */
    Typed parse(List<String> typed) {
        List<String> words = new ArrayList<>();
        Map<String, String> chosen = new HashMap<>();
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
        if (words.size() > arguments.size() && !chosen.containsKey(HELP)) {
            throw new CommandFailure("mqtt:" + name + " takes " + takes() + "; quote what holds blanks.");
        }
        return new Typed(words, chosen);
    }

    private void choose(String word, Iterator<String> rest, Map<String, String> chosen) {
        int equals = word.indexOf('=');
        String asked = equals < 0 ? word : word.substring(0, equals);
        Option option = allOptions().stream()
                .filter(each -> each.name().equals(asked) || each.shortName().equals(asked))
                .findFirst()
                .orElseThrow(() -> unknown(asked));
        if (option.value().isEmpty()) {
            if (equals >= 0) {
                throw new CommandFailure(option.name() + " takes no value.");
            }
            chosen.put(option.name(), "");
        } else if (equals >= 0) {
            chosen.put(option.name(), word.substring(equals + 1));
        } else if (rest.hasNext()) {
            chosen.put(option.name(), rest.next());
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
        String words =
                arguments.stream().map(argument -> " <" + argument.name() + ">").collect(Collectors.joining());
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
        return summary + "\n\n" + usage() + "\n\n" + described + "\nExample: " + example;
    }
}
