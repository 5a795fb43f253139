/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * Where a new password comes from: never from what was typed as the command, which a shell keeps.
 *
 * @param generated whether it is made up, and then shown, once
 * @param prompt asks for it otherwise
 */
public record NewPassword(boolean generated, Prompt prompt) {
    private static final int RANDOM_BYTES = 18;

    /** One password, and not to be found in its text. */
    static final class Secret {
        private final String text;

        private Secret(String text) {
            this.text = text;
        }

        byte[] bytes() {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        String reveal() {
            return text;
        }
    }

    /** @throws CommandFailure when this shell can ask for none, or both answers are not alike */
    Secret get() {
        if (generated) {
            byte[] random = new byte[RANDOM_BYTES];
            new SecureRandom().nextBytes(random);
            return new Secret(Base64.getUrlEncoder().encodeToString(random));
        }
        Optional<String> first = prompt.ask("Password: ");
        if (first.isEmpty()) {
            throw new CommandFailure(
                    "This shell cannot ask for a password without showing it; --generate makes one up and shows it once.");
        }
        if (!prompt.ask("Once more: ").equals(first)) {
            throw new CommandFailure("These were two different passwords; nothing is changed.");
        }
        return new Secret(first.get());
    }
}
