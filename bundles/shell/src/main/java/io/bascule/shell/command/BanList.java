/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Ban;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.util.Comparator;
import java.util.List;

/** {@code mqtt:bans}: who may not connect for a while, after too many failed logins. */
public record BanList() implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows who may not connect for a while, after too many failed logins.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bans --json";

    private static final List<Column<Ban>> COLUMNS = List.of(
            new Column<>("address", "Address", Ban::address),
            new Column<>("user", "User", Ban::user),
            new Column<>("client", "Client id", Ban::client),
            new Column<>("listener", "Listener", Ban::listener),
            new Column<>("since", "Since", Ban::since),
            new Column<>("until", "Until", Ban::until),
            new Column<>("refused", "Refused", Ban::refused));

    @Override
    public View run(Services services) {
        return Table.of(
                services.security().bansInForce(),
                Comparator.comparing(Ban::address)
                        .thenComparing(ban -> ban.user().orElse(""))
                        .thenComparing(ban -> ban.client().orElse("")),
                "Nobody is banned.",
                COLUMNS);
    }
}
