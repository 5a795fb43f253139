/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.SecurityProvider;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.util.Comparator;
import java.util.List;

/** {@code mqtt:security}: what says who clients are and what they may do. */
public record Security() implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY =
            "Shows what says who clients are and what they may do, and what is wrong with it.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:security --json";

    private static final List<Column<SecurityProvider>> COLUMNS = List.of(
            new Column<>("name", "Name", SecurityProvider::name),
            new Column<>("kind", "Kind", SecurityProvider::kind),
            new Column<>("serving", "Serving", SecurityProvider::serving),
            new Column<>("figures", "Figures", SecurityProvider::figures),
            new Column<>("failure", "What is wrong", SecurityProvider::failure));

    @Override
    public View run(Services services) {
        return Table.of(
                services.security().providers(),
                Comparator.comparing(SecurityProvider::kind).thenComparing(SecurityProvider::name),
                "Nothing is configured that says who clients are or what they may do. Files io.bascule.passwords-<name>.cfg and io.bascule.acl-<name>.cfg do.",
                COLUMNS);
    }
}
