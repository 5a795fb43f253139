/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Clients;
import io.bascule.shell.command.ConsoleCommand;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Clients}. */
@Service
@Command(scope = "mqtt", name = "clients", description = Clients.SUMMARY)
public final class ClientsAction extends AnsweringAction {
    @Option(name = "--offline", aliases = "-o", description = "Shows sessions that wait for their client as well.")
    private boolean offline;

    @Override
    ConsoleCommand command() {
        return new Clients(offline);
    }
}
