/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.BridgeConfigurations;
import io.bascule.api.BridgeRoute;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.util.List;
import java.util.Optional;

/**
 * {@code mqtt:bridge-routes}: the routes that are in force, read from their rules.
 *
 * @param bridge whose; every bridge's where it is empty
 */
public record BridgeRoutes(Optional<String> bridge) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows the routes of one bridge or of all, option by option.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-routes cloud";
    /** For the help of both shells. */
    public static final String NAME = "Which bridge; every one where it is left out.";

    private static final List<Column<BridgeRoute>> COLUMNS = List.of(
            new Column<>("bridge", "Bridge", BridgeRoute::bridge),
            new Column<>("direction", "Direction", BridgeRoute::direction),
            new Column<>("route", "Route", BridgeRoute::name),
            new Column<>("filters", "Takes", route -> texts(route.filters())),
            new Column<>("exclude", "But not", route -> texts(route.excluded())),
            new Column<>("template", "Makes of it", BridgeRoute::template),
            new Column<>("qos", "QoS at most", route -> route.maximumQos().level()),
            new Column<>("retain", "Retain", BridgeRoute::retain),
            new Column<>("options", "Options", BridgeRoute::options));

    @Override
    public View run(Services services) {
        bridge.ifPresent(name -> Input.bridge(services, name));
        List<BridgeRoute> routes =
                BridgeEdit.tried(services, "No route is known", BridgeConfigurations::routes).stream()
                        .filter(route -> bridge.isEmpty() || bridge.get().equals(route.bridge()))
                        .toList();
        return Table.of(routes, (a, b) -> 0, "No route is in force.", COLUMNS);
    }

    private static List<String> texts(List<?> filters) {
        return filters.stream().map(Object::toString).toList();
    }
}
