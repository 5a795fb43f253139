/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.api.Bridge;
import io.bascule.api.Broker;
import io.bascule.api.Listener;
import io.bascule.shell.command.CommandFailure;
import io.bascule.shell.command.Services;
import io.bascule.shell.view.ConsoleStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;

/**
 * What the commands have in common. Every reference is optional: with a mandatory one that is missing Karaf hides all
 * commands of the bundle, also those that would say what is wrong.
 */
abstract class MqttAction implements Action {
    @Reference(optional = true)
    private Broker broker;

    @Reference(optional = true)
    private List<Listener> listeners;

    @Reference(optional = true)
    private List<Bridge> bridges;

    @Reference
    private Session session;

    @Option(name = "--json", aliases = "-j", description = "Prints JSON.")
    private boolean json;

    @Override
    public final Object execute() throws CommandException {
        try {
            run(services(broker, listeners, bridges), json, new ConsoleStream(System.out, session.getConsole()));
            return null;
        } catch (CommandFailure e) {
            // Karaf prints this one without a stack trace, and keeps it out of the log; the first text as it stands.
            throw new CommandException(e.getMessage(), e.getMessage());
        }
    }

    /** @throws CommandFailure with what the user is told */
    abstract void run(Services services, boolean json, PrintStream out);

    static Services services(Broker broker, List<Listener> listeners, List<Bridge> bridges) {
        return new Services(Optional.ofNullable(broker), orEmpty(listeners), orEmpty(bridges));
    }

    private static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : list;
    }
}
