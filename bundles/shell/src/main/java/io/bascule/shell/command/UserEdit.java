/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Users;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.View;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A change to one user of a password file.
 *
 * @param userName whom it is about
 * @param passwords the name of the password file; empty for the only one
 */
record UserEdit(String userName, Optional<String> passwords) {

    /**
     * A change that was typed.
     *
     * @throws CommandFailure when the user name, null then, was left out
     */
    static UserEdit of(String userName, String passwords) {
        if (userName == null) {
            throw new CommandFailure("The user's name is missing; mqtt:users lists those that there are.");
        }
        return new UserEdit(userName, Optional.ofNullable(passwords));
    }

    /** How a user gets his password. */
    interface Change {
        CompletionStage<Void> apply(Users users, String userName, byte[] password);
    }

    /** @param done what has been done then, such as {@code Added} */
    View run(Services services, NewPassword password, Change change, String done) {
        Users users = services.security().users(passwords); // before anybody is asked for a password
        NewPassword.Secret secret = password.get();
        await(change.apply(users, userName, secret.bytes()));
        Map<String, Object> data = data(users);
        if (password.generated()) {
            data.put("password", secret.reveal());
        }
        String shown = password.generated() ? ". The password, which is shown this once: " + secret.reveal() : ".";
        return new Sentence(done + " " + userName + shown, data);
    }

    View remove(Services services) {
        Users users = services.security().users(passwords);
        await(users.remove(userName));
        return new Sentence(
                "Removed " + userName + "; whoever is connected by this name stays so: mqtt:client-disconnect.",
                data(users));
    }

    private void await(CompletionStage<Void> stage) {
        Answers.of(stage, "The password file is not changed");
    }

    private Map<String, Object> data(Users users) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("user", userName);
        data.put("passwords", users.name());
        return data;
    }
}
