/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Clients;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Clients}. */
@Service
@Command(
        scope = "mqtt",
        name = "clients",
        description = Clients.SUMMARY,
        detailedDescription = Help.EXAMPLE + Clients.EXAMPLE)
public final class ClientsAction extends AnsweringAction {
    @Option(name = "--offline", aliases = "-o", description = Clients.OFFLINE)
    private boolean offline;

    @Override
    ConsoleCommand command() {
        return new Clients(offline);
    }
}
