/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.RouteTrial;
import io.bascule.api.RouteTrial.Outcome;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.Text;
import io.bascule.shell.view.View;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code mqtt:bridge-test}: what would become of a message; nothing is sent.
 *
 * @param topic where it would be published
 * @param bridge whose routes; every bridge's where it is empty
 * @param directions of the routes
 * @param qos that it would be published with
 * @param retain whether it would be published with RETAIN
 */
public record BridgeTrial(Topic topic, Optional<String> bridge, Set<Direction> directions, QoS qos, boolean retain)
        implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows which routes a message would cross by, what comes out, and why not.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-test --qos 1 plant/line1/temperature";
    /** For the help of both shells. */
    public static final String BRIDGE = "By which bridge; by any by default.";
    /** For the help of both shells. */
    public static final String DIRECTION =
            "forward for a message published here, subscribe for one at the remote broker.";
    /** For the help of both shells. */
    public static final String RETAIN = "As if it were published with RETAIN.";

    private static final List<Column<RouteTrial>> COLUMNS = List.of(
            new Column<>("bridge", "Bridge", RouteTrial::bridge),
            new Column<>("direction", "Direction", RouteTrial::direction),
            new Column<>("route", "Route", RouteTrial::route),
            new Column<>("outcome", "Outcome", RouteTrial::outcome),
            new Column<>("topic", "As", trial -> trial.topic().map(Topic::name)),
            new Column<>("qos", "QoS", trial -> ifItCrosses(trial, trial.qos().level())),
            new Column<>("retain", "Retain", trial -> ifItCrosses(trial, trial.retain())),
            new Column<>("reason", "Why not", RouteTrial::reason));

    /**
     * The message that is asked about.
     *
     * @param topic as typed, null when it was left out
     * @param bridge as typed, null when it was left out
     * @param direction as typed, null when it was left out
     * @throws CommandFailure when something of it cannot be used
     */
    public static BridgeTrial of(String topic, String bridge, String direction, String qos, boolean retain) {
        return new BridgeTrial(
                Input.topic(topic, "mqtt:bridge-test"),
                Optional.ofNullable(bridge),
                Input.directions(direction),
                Input.qos(qos),
                retain);
    }

    @Override
    public View run(Services services) {
        bridge.ifPresent(name -> Input.bridge(services, name));
        List<RouteTrial> trials = BridgeEdit.tried(
                        services, "No route is known", configurations -> configurations.test(topic, qos, retain))
                .stream()
                .filter(trial -> bridge.isEmpty() || bridge.get().equals(trial.bridge()))
                .filter(trial ->
                        directions.stream().anyMatch(each -> each.toString().equals(trial.direction())))
                .toList();
        List<RouteTrial> told = trials.stream()
                .filter(trial -> trial.outcome() != Outcome.NOT_MATCHED)
                .toList();
        return Table.of(told, (a, b) -> 0, nothing(trials), COLUMNS);
    }

    private String nothing(List<RouteTrial> trials) {
        String reserved = topic.name().startsWith("$")
                ? " A filter that begins with a wildcard matches no topic with $."
                : Input.secondThought(topic.name());
        return (trials.isEmpty()
                        ? "No route is in force."
                        : "No route takes it: of " + Text.count(trials.size(), "route")
                                + " none has a filter that matches.")
                + reserved;
    }

    private static Optional<Object> ifItCrosses(RouteTrial trial, Object value) {
        return trial.topic().map(crossed -> value);
    }
}
