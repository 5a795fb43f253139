/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Users;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * {@code mqtt:users}: the users of a password file.
 *
 * @param passwords the name of the password file; empty for all of them
 */
public record UserList(Optional<String> passwords) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Lists the users of the password files.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:users --passwords plant";

    private static final List<Column<Row>> COLUMNS = List.of(
            new Column<>("user", "User", Row::user), new Column<>("passwords", "Password file", Row::passwords));

    private record Row(String user, String passwords) {}

    @Override
    public View run(Services services) {
        List<Users> files = passwords.isPresent()
                ? List.of(services.security().users(passwords))
                : services.security().passwordFiles();
        List<Row> rows = files.stream()
                .flatMap(users -> users.userNames().stream().map(user -> new Row(user, users.name())))
                .toList();
        return Table.of(
                rows,
                Comparator.comparing(Row::passwords).thenComparing(Row::user),
                "There is no user; mqtt:user-add adds one to a password file.",
                COLUMNS);
    }
}
