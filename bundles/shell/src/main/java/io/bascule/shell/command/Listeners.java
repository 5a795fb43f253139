/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.ListenerStatus;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@code mqtt:listeners}: where clients can connect, and why not. */
public record Listeners() implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows where clients can connect, and why not.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:listeners --json";

    private static final List<Column<ListenerStatus>> COLUMNS = List.of(
            new Column<>("name", "Name", ListenerStatus::name),
            new Column<>("state", "State", ListenerStatus::state),
            new Column<>("host", "Host", ListenerStatus::host),
            new Column<>("port", "Port", Listeners::port),
            new Column<>("connections", "Connections", ListenerStatus::connections),
            new Column<>("reason", "Reason", ListenerStatus::reason));

    /** A Unix domain socket has none. */
    private static Optional<Integer> port(ListenerStatus listener) {
        return listener.port() == 0 ? Optional.empty() : Optional.of(listener.port());
    }

    @Override
    public View run(Services services) {
        return Table.of(
                services.listenerStatuses(),
                Comparator.comparing(ListenerStatus::name),
                "No listener is configured: nobody can connect. One is made by a file io.bascule.listener-<name>.cfg.",
                COLUMNS);
    }
}
