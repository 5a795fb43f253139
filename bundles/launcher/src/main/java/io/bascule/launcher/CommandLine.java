/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What was asked for on the command line.
 *
 * @param settings how the broker is to be started
 * @param logLevel a level of slf4j, empty for the usual one
 * @param help whether only the usage is wanted
 * @param version whether only the version is wanted
 */
record CommandLine(Settings settings, Optional<String> logLevel, boolean help, boolean version) {
    static final String USAGE = """
            Usage: java -jar io.bascule.launcher-<version>.jar [option...] [etc folder]

            Runs the broker in the foreground until Ctrl-C, SIGTERM, or the end of its console. The etc folder (etc)
            holds its configuration: io.bascule.listener-<name>.cfg, io.bascule.bridge-<name>.cfg, io.bascule.broker.cfg;
            files are taken up while it runs. Without a listener file it listens on 127.0.0.1:1883.

              --data <folder>   what it writes goes here (data)
              --console         with a console; the default where standard input and output are a terminal
              --no-console      without one
              --log <level>     error, warn, info, debug or trace (info)
              --version         prints the version
              --help            prints this
            """;

    private static final List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace");

    /** @throws StartException when it cannot be understood, or names an etc folder that is not there */
    static CommandLine parse(List<String> arguments, boolean terminal) throws StartException {
        Path etc = null;
        Path data = Settings.DEFAULT.data();
        boolean console = terminal;
        Optional<String> logLevel = Optional.empty();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            switch (argument) {
                case "--help" -> {
                    return new CommandLine(Settings.DEFAULT, logLevel, true, false);
                }
                case "--version" -> {
                    return new CommandLine(Settings.DEFAULT, logLevel, false, true);
                }
                case "--console" -> console = true;
                case "--no-console" -> console = false;
                case "--data" -> data = Path.of(value(argument, rest));
                case "--log" -> logLevel = Optional.of(level(value(argument, rest)));
                default -> {
                    if (argument.startsWith("-")) {
                        throw new StartException("there is no option " + argument + "; --help lists them");
                    }
                    if (etc != null) {
                        throw new StartException("there is one etc folder, not " + etc + " and " + argument);
                    }
                    etc = existing(argument);
                }
            }
        }
        Settings settings = new Settings(etc == null ? Settings.DEFAULT.etc() : etc, data, console);
        return new CommandLine(settings, logLevel, false, false);
    }

    private static String value(String option, Iterator<String> rest) throws StartException {
        if (!rest.hasNext()) {
            throw new StartException(option + " needs a value; --help says which");
        }
        return rest.next();
    }

    private static String level(String name) throws StartException {
        String level = name.toLowerCase(Locale.ROOT);
        if (!LEVELS.contains(level)) {
            throw new StartException("--log is one of " + String.join(", ", LEVELS) + ", not " + name);
        }
        return level;
    }

    /** A folder that was named and is not there is a slip: a broker without its configuration is not what was asked. */
    private static Path existing(String name) throws StartException {
        Path folder = Path.of(name);
        if (!Files.exists(folder)) {
            throw new StartException("there is no configuration folder " + folder.toAbsolutePath());
        }
        return folder;
    }
}
