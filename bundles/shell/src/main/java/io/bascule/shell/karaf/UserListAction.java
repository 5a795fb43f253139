/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.UserList;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link UserList}. */
@Service
@Command(
        scope = "mqtt",
        name = "users",
        description = UserList.SUMMARY,
        detailedDescription = Help.EXAMPLE + UserList.EXAMPLE)
public final class UserListAction extends AnsweringAction {
    @Option(name = "--passwords", aliases = "-p", description = Help.PASSWORDS)
    private String passwords;

    @Override
    ConsoleCommand command() {
        return new UserList(Optional.ofNullable(passwords));
    }
}
