/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.SessionDelete;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link SessionDelete}. */
@Service
@Command(
        scope = "mqtt",
        name = "session-delete",
        description = SessionDelete.SUMMARY,
        detailedDescription = Help.EXAMPLE + SessionDelete.EXAMPLE)
public final class SessionDeleteAction extends AnsweringAction {
    @Argument(name = "client id", description = Help.CLIENT_ID)
    @Completion(ClientIdCompleter.class)
    private String clientId;

    @Override
    ConsoleCommand command() {
        return SessionDelete.of(clientId);
    }
}
