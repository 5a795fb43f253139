/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.gogo;

import io.bascule.shell.command.CommandFailure;
import io.bascule.shell.command.Console;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.OngoingCommand;
import io.bascule.shell.command.Services;
import io.bascule.shell.gogo.Syntax.Typed;
import io.bascule.shell.view.PlainTable;
import io.bascule.shell.view.ViewPrinter;
import java.io.PrintStream;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A command as it is typed in Gogo.
 *
 * @param syntax what may be typed
 * @param body what happens then
 */
record Command(Syntax syntax, Function<Typed, OngoingCommand> body) {
    private static final ViewPrinter PRINTER = new ViewPrinter(new PlainTable());

    /** A command that answers once. */
    static Command answering(Syntax syntax, Function<Typed, ConsoleCommand> made) {
        return new Command(syntax, typed -> {
            ConsoleCommand command = made.apply(typed);
            return (services, console) -> console.print(command.run(services.get()));
        });
    }

    /** A command that takes its time. */
    static Command ongoing(Syntax syntax, Function<Typed, OngoingCommand> made) {
        return new Command(syntax, made);
    }

    String name() {
        return syntax.name();
    }

    /**
     * Runs it.
     *
     * @param terminal whether {@code out} is a terminal
     * @param wanted whether a command that goes on is still wanted
     * @throws CommandFailure with what the user is told
     */
    void run(
            List<String> words,
            Supplier<Services> services,
            PrintStream out,
            boolean terminal,
            BooleanSupplier wanted) {
        Typed typed = syntax.parse(words);
        if (typed.has(Syntax.HELP)) {
            out.println(syntax.help());
        } else {
            Console console = new Console(out, PRINTER, typed.has(Syntax.JSON), terminal, wanted);
            body.apply(typed).run(services, console);
        }
    }
}
