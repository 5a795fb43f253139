/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.UserAdd;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link UserAdd}. */
@Service
@Command(
        scope = "mqtt",
        name = "user-add",
        description = UserAdd.SUMMARY,
        detailedDescription = Help.EXAMPLE + UserAdd.EXAMPLE)
public final class UserAddAction extends AnsweringAction {
    @Argument(name = "name", description = Help.USER)
    private String userName;

    @Option(name = "--passwords", aliases = "-p", description = Help.PASSWORDS)
    private String passwords;

    @Option(name = "--generate", aliases = "-g", description = Help.GENERATE)
    private boolean generate;

    @Override
    ConsoleCommand command() {
        return UserAdd.of(userName, passwords, generate, this::ask);
    }
}
