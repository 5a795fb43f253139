/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.BridgeStatus;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** {@code mqtt:bridges}: how each bridge stands. */
public record Bridges() implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows how each bridge stands.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridges --json";

    private static final List<Column<BridgeStatus>> COLUMNS = List.of(
            new Column<>("name", "Name", BridgeStatus::name),
            new Column<>("state", "State", BridgeStatus::state),
            new Column<>("configuration", "Configuration", Bridges::configuration),
            new Column<>("since", "Since", BridgeStatus::since),
            new Column<>("paused", "Paused", BridgeInfo::paused),
            new Column<>("server", "Server", BridgeStatus::server),
            new Column<>("queued", "Queued", bridge -> bridge.queue().queued()),
            new Column<>("received", "Received", bridge -> sum(bridge, BridgeStatus.Route::received)),
            new Column<>("forwarded", "Forwarded", bridge -> sum(bridge, BridgeStatus.Route::forwarded)),
            new Column<>("dropped", "Dropped", bridge -> sum(bridge, BridgeInfo::dropped)),
            new Column<>("problem", "Problem", Bridges::problem));

    /** How what is configured and what is in force go together. */
    enum Configuration {
        /** They are the same. */
        VALID("valid"),
        /** What is configured is not valid. */
        OLDER_IN_FORCE("INVALID, an older one is in force"),
        /** Nor was it ever. */
        NONE_IN_FORCE("INVALID, none is in force");

        private final String words;

        Configuration(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    @Override
    public View run(Services services) {
        return Table.of(
                services.bridgeStatuses(),
                Comparator.comparing(BridgeStatus::name),
                "No bridge is configured. One is made by a file io.bascule.bridge-<name>.cfg.",
                COLUMNS);
    }

    private static long sum(BridgeStatus bridge, ToLongFunction<BridgeStatus.Route> count) {
        return bridge.routes().stream().mapToLong(count).sum();
    }

    private static Configuration configuration(BridgeStatus bridge) {
        if (bridge.configurationError().isEmpty()) {
            return Configuration.VALID;
        }
        return bridge.state() == BridgeStatus.State.CONFIG_INVALID
                ? Configuration.NONE_IN_FORCE
                : Configuration.OLDER_IN_FORCE;
    }

    /** A wrong configuration stands until it is edited; an error of the connection is over once it is connected, or is not to be. */
    private static Optional<String> problem(BridgeStatus bridge) {
        if (bridge.configurationError().isPresent()) {
            return bridge.configurationError();
        }
        return switch (bridge.state()) {
            case CONNECTED, IDLE, STOPPED, DISABLED -> Optional.empty();
            default -> bridge.lastError();
        };
    }
}
