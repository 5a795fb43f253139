/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.AccessTest;
import io.bascule.api.Ban;
import io.bascule.api.Bans;
import io.bascule.api.SecurityProvider;
import io.bascule.api.Users;
import java.util.List;
import java.util.Optional;

/**
 * What is there of security when a command runs.
 *
 * @param providers those that are configured
 * @param passwordFiles those whose configuration is valid
 * @param aclFiles those that are configured
 * @param bans of those who have failed to log in; empty where no broker can be
 */
public record SecurityServices(
        List<SecurityProvider> providers, List<Users> passwordFiles, List<AccessTest> aclFiles, Optional<Bans> bans) {
    /** Where nothing is configured. */
    public static final SecurityServices NONE = new SecurityServices(List.of(), List.of(), List.of(), Optional.empty());

    public SecurityServices {
        providers = List.copyOf(providers);
        passwordFiles = List.copyOf(passwordFiles);
        aclFiles = List.copyOf(aclFiles);
    }

    List<Ban> bansInForce() {
        return bans.map(Bans::list).orElse(List.of());
    }

    /**
     * The users of one password file.
     *
     * @param name of the file; may be left out where there is one alone
     */
    Users users(Optional<String> name) {
        if (passwordFiles.isEmpty()) {
            throw new CommandFailure(
                    "No password file is configured; a file io.bascule.passwords-<name>.cfg or io.bascule.scram-<name>.cfg makes one.");
        }
        List<String> names = passwordFiles.stream().map(Users::name).sorted().toList();
        if (name.isEmpty() && passwordFiles.size() > 1) {
            throw new CommandFailure(
                    "There are the password files " + String.join(", ", names) + "; say which by --passwords <name>.");
        }
        String wanted = name.orElse(names.get(0));
        if (names.indexOf(wanted) != names.lastIndexOf(wanted)) {
            throw new CommandFailure("There are two files of the name " + wanted
                    + ", one of passwords and one for SCRAM; give one of them another name.");
        }
        return passwordFiles.stream()
                .filter(users -> users.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> Unknown.failure(
                        "There is no password file " + wanted,
                        wanted,
                        names,
                        "; there is " + String.join(", ", names) + "."));
    }
}
