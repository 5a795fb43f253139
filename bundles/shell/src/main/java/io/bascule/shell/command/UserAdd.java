/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Users;
import io.bascule.shell.view.View;

/** {@code mqtt:user-add}: adds a user. */
public final class UserAdd implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Adds a user to a password file, and asks for the password.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:user-add --generate pump-4";

    private final UserEdit edit;
    private final NewPassword password;

    private UserAdd(UserEdit edit, NewPassword password) {
        this.edit = edit;
        this.password = password;
    }

    /**
     * What was typed.
     *
     * @param userName null when it was left out, as is {@code passwords}
     */
    public static UserAdd of(String userName, String passwords, boolean generate, Prompt prompt) {
        return new UserAdd(UserEdit.of(userName, passwords), new NewPassword(generate, prompt));
    }

    @Override
    public View run(Services services) {
        return edit.run(services, password, Users::add, "Added");
    }
}
