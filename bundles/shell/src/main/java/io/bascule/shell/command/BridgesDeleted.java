/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.DeletedBridge;
import io.bascule.shell.view.ByteCount;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.util.Comparator;
import java.util.List;

/** {@code mqtt:bridges-deleted}: the bridges whose configuration was deleted and whose sessions have not ended yet. */
public record BridgesDeleted() implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows the deleted bridges whose sessions have not ended yet.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridges-deleted --json";

    private static final List<Column<DeletedBridge>> COLUMNS = List.of(
            new Column<>("name", "Name", DeletedBridge::name),
            new Column<>("since", "Deleted", DeletedBridge::since),
            new Column<>("until", "Ends", DeletedBridge::until),
            new Column<>("queued", "Queued", bridge -> bridge.queue().queued()),
            new Column<>(
                    "queuedBytes",
                    "Memory",
                    bridge -> new ByteCount(bridge.queue().queuedBytes())),
            new Column<>("inFlight", "In flight", bridge -> bridge.queue().inFlight()),
            new Column<>("remote", "Remote session to be ended", DeletedBridge::remote));

    @Override
    public View run(Services services) {
        return Table.of(
                services.deletedBridges(),
                Comparator.comparing(DeletedBridge::name),
                "No deleted bridge waits for its end.",
                COLUMNS);
    }
}
