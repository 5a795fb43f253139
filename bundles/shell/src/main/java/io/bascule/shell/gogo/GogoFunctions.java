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
import org.apache.felix.service.command.Process;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/**
 * The commands as services that Gogo finds. A {@link Function} each: Gogo's other way, a method of the command's name,
 * knows no name with a hyphen.
 */
final class GogoFunctions {
    private static final String SCOPE = "mqtt";
    private static final String TEXT = "mqttText";

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
        for (Command command : Commands.ALL) {
            functions.add(command.name(), (session, arguments) -> {
                PrintStream out = new ConsoleStream(System.out, session.getConsole());
                command.run(words(arguments), services, out, isTerminal(session), wanted);
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
        if (arguments.contains(null)) {
            throw new CommandFailure("The shell takes what begins with $ for a variable, and this one is not set;"
                    + " quote a topic or filter that holds a $.");
        }
        return arguments.stream().map(String::valueOf).toList();
    }

    /** Whether the command's standard output is a terminal, and one that knows more than lines. */
    private static boolean isTerminal(CommandSession session) {
        Object type = session.get("TERM");
        return type != null
                && !String.valueOf(type).startsWith("dumb")
                && Process.Utils.current().isTty(1);
    }

    private static void help(List<String> words) {
        if (words.isEmpty()) {
            Table table = Table.of(
                    Commands.ALL,
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
        Command command = Commands.named(asked)
                .orElseThrow(() -> new CommandFailure("There is no command mqtt:" + asked + "; help lists them."));
        System.out.println(command.syntax().help());
    }

    private static String completer(Suggestions suggestions) {
        return "__" + suggestions.name().toLowerCase(Locale.ROOT);
    }

    /** Tells Gogo's JLine shell, whose profile calls this, what completes each command. */
    private static void complete(CommandSession session) throws Exception {
        for (Command command : Commands.ALL) {
            String complete = "complete -c " + SCOPE + ":" + command.name();
            session.execute(complete + " -e");
            describe(session, complete + " -d ", command.syntax().summary());
            for (Syntax.Option option : command.syntax().allOptions()) {
                String letter = option.shortName()
                        .map(name -> " -s " + name.substring(1))
                        .orElse("");
                String named = complete + letter + " -l " + option.name().substring(2);
                describe(session, named + " --description ", option.summary());
            }
            for (Syntax.Argument argument : command.syntax().arguments()) {
                if (argument.suggestions().isPresent()) {
                    String completer = completer(argument.suggestions().get());
                    session.execute(complete + " -a " + SCOPE + ":" + completer);
                }
            }
        }
        session.put(TEXT, null);
    }

    /** In a variable: Gogo also looks for pairs of single quotes in what stands in double ones. */
    private static void describe(CommandSession session, String command, String text) throws Exception {
        session.put(TEXT, text);
        session.execute(command + "$" + TEXT);
    }
}
