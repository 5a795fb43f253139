/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.UserRemove;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link UserRemove}. */
@Service
@Command(
        scope = "mqtt",
        name = "user-remove",
        description = UserRemove.SUMMARY,
        detailedDescription = Help.EXAMPLE + UserRemove.EXAMPLE)
public final class UserRemoveAction extends AnsweringAction {
    @Argument(name = "name", description = Help.USER)
    @Completion(UserCompleter.class)
    private String userName;

    @Option(name = "--passwords", aliases = "-p", description = Help.PASSWORDS)
    private String passwords;

    @Override
    ConsoleCommand command() {
        return UserRemove.of(userName, passwords);
    }
}
