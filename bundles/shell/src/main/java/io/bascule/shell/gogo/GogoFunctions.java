/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.gogo;

import io.bascule.shell.command.CommandFailure;
import io.bascule.shell.command.Services;
import io.bascule.shell.command.Suggestions;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.ConsoleStream;
import io.bascule.shell.view.PlainTable;
import io.bascule.shell.view.Table;
import java.io.PrintStream;
import java.util.Hashtable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/**
 * The commands as services that Gogo finds. A {@link Function} each: Gogo's other way, a method of the command's name,
 * knows no name with a hyphen.
 */
final class GogoFunctions {
    private static final String SCOPE = "mqtt";

    private final BundleContext context;
    private final Consumer<ServiceRegistration<?>> registered;

    private GogoFunctions(BundleContext context, Consumer<ServiceRegistration<?>> registered) {
        this.context = context;
        this.registered = registered;
    }

    /**
     * Registers them all.
     *
     * @param services looked at anew by each command
     * @param wanted whether a command that goes on may do so
     * @param registered takes charge of the registrations
     */
    static void register(
            BundleContext context,
            Supplier<Services> services,
            BooleanSupplier wanted,
            Consumer<ServiceRegistration<?>> registered) {
        GogoFunctions functions = new GogoFunctions(context, registered);
        for (Command command : Command.ALL) {
            functions.add(command.syntax().name(), (session, arguments) -> {
                PrintStream out = new ConsoleStream(System.out, session.getConsole());
                command.run(words(arguments), services.get(), out, wanted);
                out.flush();
                return null;
            });
        }
        functions.add("help", (session, arguments) -> {
            help(words(arguments));
            return null;
        });
        for (Suggestions suggestions : Suggestions.values()) {
            functions.add(completer(suggestions), (session, arguments) -> suggestions.of(services.get(), ""));
        }
        functions.add("__completions", (session, arguments) -> {
            complete(session);
            return null;
        });
    }

    private void add(String name, Function function) {
        registered.accept(context.registerService(
                Function.class,
                function,
                new Hashtable<>(Map.of("osgi.command.scope", SCOPE, "osgi.command.function", name))));
    }

    private static List<String> words(List<Object> arguments) {
        return arguments.stream().map(String::valueOf).toList();
    }

    private static void help(List<String> words) {
        if (words.isEmpty()) {
            Table table = Table.of(
                    Command.ALL,
                    (a, b) -> 0,
                    "",
                    List.of(
                            new Column<>(
                                    "usage",
                                    "Command",
                                    command -> command.syntax().usage()),
                            new Column<>(
                                    "summary", "", command -> command.syntax().summary())));
            new PlainTable().print(table, System.out);
            System.out.println();
            System.out.println("--help after a command tells more; gogo:help lists what else the console has.");
            return;
        }
        String asked = words.get(0).startsWith(SCOPE + ":") ? words.get(0).substring(SCOPE.length() + 1) : words.get(0);
        Command command = Command.ALL.stream()
                .filter(each -> each.syntax().name().equals(asked))
                .findFirst()
                .orElseThrow(() -> new CommandFailure("There is no command mqtt:" + asked + "; help lists them."));
        System.out.println(command.syntax().help());
    }

    private static String completer(Suggestions suggestions) {
        return "__" + suggestions.name().toLowerCase(Locale.ROOT);
    }

    /** Tells Gogo's JLine shell, whose profile calls this, what completes each command. */
    private static void complete(CommandSession session) throws Exception {
        for (Command command : Command.ALL) {
            String complete = "complete -c " + SCOPE + ":" + command.syntax().name();
            session.execute(complete + " -e");
            session.execute(complete + " -d " + quoted(command.syntax().summary()));
            for (Syntax.Option option : command.syntax().allOptions()) {
                session.execute(complete + " -s " + option.shortName().substring(1) + " -l "
                        + option.name().substring(2) + " --description " + quoted(option.summary()));
            }
            for (Syntax.Argument argument : command.syntax().arguments()) {
                if (argument.suggestions().isPresent()) {
                    String completer = completer(argument.suggestions().get());
                    session.execute(complete + " -a " + quoted(SCOPE + ":" + completer));
                }
            }
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$") + '"';
    }
}
