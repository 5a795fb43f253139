/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.UserPassword;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link UserPassword}. */
@Service
@Command(
        scope = "mqtt",
        name = "user-password",
        description = UserPassword.SUMMARY,
        detailedDescription = Help.EXAMPLE + UserPassword.EXAMPLE)
public final class UserPasswordAction extends AnsweringAction {
    @Argument(name = "name", description = Help.USER)
    @Completion(UserCompleter.class)
    private String userName;

    @Option(name = "--passwords", aliases = "-p", description = Help.PASSWORDS)
    private String passwords;

    @Option(name = "--generate", aliases = "-g", description = Help.GENERATE)
    private boolean generate;

    @Override
    ConsoleCommand command() {
        return UserPassword.of(userName, passwords, generate, this::ask);
    }
}
