/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.BridgeConfigurations.Difference;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.util.Comparator;
import java.util.List;

/**
 * {@code mqtt:bridge-diff}: what a bridge's file says and what the bridge runs on, where they differ.
 *
 * @param name of the bridge, from its file's name
 */
public record BridgeDiff(String name) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows where a bridge's file says something else than what is in force.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-diff cloud";

    private static final List<Column<Difference>> COLUMNS = List.of(
            new Column<>("key", "Key", Difference::key),
            new Column<>("asked", "Asked for", Difference::asked),
            new Column<>("inForce", "In force", Difference::inForce));

    /**
     * The bridge that is asked for.
     *
     * @param name as typed, null when it was left out
     * @throws CommandFailure when it was
     */
    public static BridgeDiff of(String name) {
        return new BridgeDiff(Input.bridge(name));
    }

    @Override
    public View run(Services services) {
        Input.bridge(services, name);
        List<Difference> differences =
                BridgeEdit.tried(services, "It is not known", configurations -> configurations.diff(name));
        return Table.of(differences, Comparator.comparing(Difference::key), "Nothing differs.", COLUMNS);
    }
}
