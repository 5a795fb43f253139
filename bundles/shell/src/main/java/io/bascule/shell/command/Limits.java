/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.LimitInfo;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.util.Comparator;
import java.util.List;

/** {@code mqtt:limits}: what clients are held to, and how often that was needed. */
public record Limits() implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows the limits in force, and how often each was reached.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:limits --json";

    private static final List<Column<LimitInfo>> COLUMNS = List.of(
            new Column<>("name", "Limit", LimitInfo::name),
            new Column<>("where", "Of", LimitInfo::where),
            new Column<>("value", "Value", LimitInfo::value),
            new Column<>("hits", "Reached", LimitInfo::hits));

    @Override
    public View run(Services services) {
        return Table.of(
                services.limits(),
                Comparator.comparing(LimitInfo::where).thenComparing(LimitInfo::name),
                "There is no limit.",
                COLUMNS);
    }
}
