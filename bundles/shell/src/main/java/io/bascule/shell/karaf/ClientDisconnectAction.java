/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ClientDisconnect;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link ClientDisconnect}. */
@Service
@Command(
        scope = "mqtt",
        name = "client-disconnect",
        description = ClientDisconnect.SUMMARY,
        detailedDescription = Help.EXAMPLE + ClientDisconnect.EXAMPLE)
public final class ClientDisconnectAction extends AnsweringAction {
    @Argument(name = "client id", description = Help.CLIENT_ID)
    @Completion(ConnectedCompleter.class)
    private String clientId;

    @Override
    ConsoleCommand command() {
        return ClientDisconnect.of(clientId);
    }
}
