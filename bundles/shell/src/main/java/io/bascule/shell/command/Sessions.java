/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.SessionInfo;
import io.bascule.shell.view.ByteCount;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Expiry;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.util.Comparator;
import java.util.List;

/** {@code mqtt:sessions}: every session, its client connected or not. */
public record Sessions() implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows every session, its client connected or not.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:sessions --json";

    private static final List<Column<SessionInfo>> COLUMNS = List.of(
            new Column<>("clientId", "Client id", SessionInfo::clientId),
            new Column<>("connected", "Connected", SessionInfo::connected),
            new Column<>("since", "Since", SessionInfo::since),
            new Column<>("sessionExpiryInterval", "Expires", session -> new Expiry(session.sessionExpiryInterval())),
            new Column<>("subscriptions", "Subscriptions", SessionInfo::subscriptions),
            new Column<>("queued", "Queued", session -> session.queue().queued()),
            new Column<>(
                    "queuedBytes",
                    "Memory",
                    session -> new ByteCount(session.queue().queuedBytes())),
            new Column<>("inFlight", "In flight", session -> session.queue().inFlight()),
            new Column<>("received", "Received", SessionInfo::received),
            new Column<>("delivered", "Delivered", SessionInfo::delivered),
            new Column<>("dropped", "Dropped", session -> session.queue().dropped()));

    @Override
    public View run(Services services) {
        return Table.of(
                services.runningBroker().sessions(),
                Comparator.comparing(SessionInfo::clientId),
                "There is no session.",
                COLUMNS);
    }
}
