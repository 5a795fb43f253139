/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.CommandFailure;
import io.bascule.shell.command.Console;
import io.bascule.shell.command.CurrentServices;
import io.bascule.shell.command.Services;
import io.bascule.shell.view.ConsoleStream;
import io.bascule.shell.view.ViewPrinter;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.felix.service.command.Process;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** What the commands have in common. */
abstract class MqttAction implements Action {
    private static final ViewPrinter PRINTER = new ViewPrinter(new KarafTable());
    /** JLine shows nothing at all then, not even how much is typed. */
    private static final Character UNSEEN = 0;

    @Reference
    private BundleContext context;

    @Reference
    private CurrentServices services;

    @Reference
    private Session session;

    @Option(name = "--json", aliases = "-j", description = "Prints JSON.")
    private boolean json;

    @Override
    public final Object execute() throws CommandException {
        try {
            // Kept from the context, which is of no use once the bundle has stopped.
            Bundle bundle = context.getBundle();
            Console console = new Console(
                    new ConsoleStream(System.out, session.getConsole()),
                    PRINTER,
                    json,
                    isTerminal(),
                    () -> bundle.getState() == Bundle.ACTIVE);
            run(services, console);
            return null;
        } catch (CommandFailure e) {
            // Karaf prints this one without a stack trace, and keeps it out of the log; the first text as it stands.
            throw new CommandException(e.getMessage(), e.getMessage());
        }
    }

    /** @throws CommandFailure with what the user is told */
    abstract void run(Supplier<Services> services, Console console);

    /** What is typed then, unseen and kept in no history. */
    final Optional<String> ask(String question) {
        try {
            return session.getTerminal() == null
                    ? Optional.empty()
                    : Optional.ofNullable(session.readLine(question, UNSEEN));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether the command's standard output is a terminal, and one that knows more than lines. */
    private boolean isTerminal() {
        return session.getTerminal() != null
                && session.getTerminal().getType() != null
                && !session.getTerminal().getType().startsWith("dumb")
                && Process.Utils.current().isTty(1);
    }
}
