/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.shell.view.View;

/** {@code mqtt:user-remove}: removes a user. */
public final class UserRemove implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Removes a user from a password file.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:user-remove pump-4";

    private final UserEdit edit;

    private UserRemove(UserEdit edit) {
        this.edit = edit;
    }

    /**
     * What was typed.
     *
     * @param userName null when it was left out, as is {@code passwords}
     */
    public static UserRemove of(String userName, String passwords) {
        return new UserRemove(UserEdit.of(userName, passwords));
    }

    @Override
    public View run(Services services) {
        return edit.remove(services);
    }
}
