/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.SessionInfo;
import io.bascule.shell.view.ByteCount;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * {@code mqtt:clients}: who is connected.
 *
 * @param offline whether sessions that wait for their client are shown too
 */
public record Clients(boolean offline) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows who is connected.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:clients --offline";
    /** For the help of both shells. */
    public static final String OFFLINE = "Shows sessions that wait for their client as well.";

    private static final List<Column<SessionInfo>> COLUMNS = List.of(
            new Column<>("clientId", "Client id", SessionInfo::clientId),
            new Column<>("connected", "Connected", SessionInfo::connected),
            new Column<>("since", "Since", SessionInfo::since),
            new Column<>("origin", "From", SessionInfo::origin),
            new Column<>("listener", "Listener", SessionInfo::listener),
            new Column<>("keepAlive", "Keep alive", client -> Duration.ofSeconds(client.keepAlive())),
            new Column<>("subscriptions", "Subscriptions", SessionInfo::subscriptions),
            new Column<>("queued", "Queued", client -> client.queue().queued()),
            new Column<>(
                    "queuedBytes",
                    "Memory",
                    client -> new ByteCount(client.queue().queuedBytes())),
            new Column<>("inFlight", "In flight", client -> client.queue().inFlight()),
            new Column<>("dropped", "Dropped", client -> client.queue().dropped()));

    @Override
    public View run(Services services) {
        List<SessionInfo> clients = services.runningBroker().sessions().stream()
                .filter(client -> offline || client.connected())
                .toList();
        return Table.of(
                clients,
                Comparator.comparing(SessionInfo::clientId),
                offline ? "There is no session." : "No client is connected.",
                COLUMNS);
    }
}
