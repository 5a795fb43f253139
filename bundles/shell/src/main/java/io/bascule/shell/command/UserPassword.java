/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Users;
import io.bascule.shell.view.View;

/** {@code mqtt:user-password}: gives a user another password. */
public final class UserPassword implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Gives a user of a password file another password, and asks for it.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:user-password alice";

    private final UserEdit edit;
    private final NewPassword password;

    private UserPassword(UserEdit edit, NewPassword password) {
        this.edit = edit;
        this.password = password;
    }

    /**
     * What was typed.
     *
     * @param userName null when it was left out, as is {@code passwords}
     */
    public static UserPassword of(String userName, String passwords, boolean generate, Prompt prompt) {
        return new UserPassword(UserEdit.of(userName, passwords), new NewPassword(generate, prompt));
    }

    @Override
    public View run(Services services) {
        return edit.run(services, password, Users::changePassword, "Changed the password of");
    }
}
