/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.Subscriptions;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Subscriptions}. */
@Service
@Command(
        scope = "mqtt",
        name = "subscriptions",
        description = Subscriptions.SUMMARY,
        detailedDescription = Help.EXAMPLE + Subscriptions.EXAMPLE)
public final class SubscriptionsAction extends AnsweringAction {
    @Argument(name = "client id", description = Subscriptions.CLIENT_ID_HELP)
    @Completion(ClientIdCompleter.class)
    private String clientId;

    @Override
    ConsoleCommand command() {
        return new Subscriptions(Optional.ofNullable(clientId));
    }
}
