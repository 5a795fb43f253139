/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.api.Bridge;
import io.bascule.api.BridgeConfigurations;
import io.bascule.api.BridgeHistory;
import io.bascule.api.Broker;
import io.bascule.api.DeletedBridges;
import io.bascule.api.Listener;
import io.bascule.shell.command.CommandFailure;
import io.bascule.shell.command.Console;
import io.bascule.shell.command.Services;
import io.bascule.shell.view.ConsoleStream;
import io.bascule.shell.view.ViewPrinter;
import java.util.List;
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
import org.osgi.framework.ServiceReference;

/**
 * What the commands have in common. References to services are optional: with a mandatory one that is missing Karaf
 * hides all commands of the bundle, also those that would say what is wrong.
 */
abstract class MqttAction implements Action {
    private static final ViewPrinter PRINTER = new ViewPrinter(new KarafTable());

    @Reference
    private BundleContext context;

    @Reference(optional = true)
    private List<Listener> listeners;

    @Reference(optional = true)
    private List<Bridge> bridges;

    @Reference(optional = true)
    private BridgeHistory history;

    @Reference(optional = true)
    private DeletedBridges deletedBridges;

    @Reference(optional = true)
    private BridgeConfigurations configurations;

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
            run(() -> services(broker(), listeners, bridges, history, deletedBridges, configurations), console);
            return null;
        } catch (CommandFailure e) {
            // Karaf prints this one without a stack trace, and keeps it out of the log; the first text as it stands.
            throw new CommandException(e.getMessage(), e.getMessage());
        }
    }

    /** @throws CommandFailure with what the user is told */
    abstract void run(Supplier<Services> services, Console console);

    static Services services(
            Broker broker,
            List<Listener> listeners,
            List<Bridge> bridges,
            BridgeHistory history,
            DeletedBridges deletedBridges,
            BridgeConfigurations configurations) {
        return new Services(
                Optional.ofNullable(broker),
                orEmpty(listeners),
                orEmpty(bridges),
                Optional.ofNullable(history),
                Optional.ofNullable(deletedBridges),
                Optional.ofNullable(configurations));
    }

    /** As it is now: Karaf fills a reference once, when the command begins, and one that goes on may outlive a broker. */
    private Broker broker() {
        ServiceReference<Broker> reference = context.getServiceReference(Broker.class);
        if (reference == null) {
            return null;
        }
        try {
            return context.getService(reference);
        } finally {
            context.ungetService(reference);
        }
    }

    /** Whether the command's standard output is a terminal, and one that knows more than lines. */
    private boolean isTerminal() {
        return session.getTerminal() != null
                && session.getTerminal().getType() != null
                && !session.getTerminal().getType().startsWith("dumb")
                && Process.Utils.current().isTty(1);
    }

    private static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : list;
    }
}
