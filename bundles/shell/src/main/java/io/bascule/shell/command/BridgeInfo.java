/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Bridge;
import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeStatus;
import io.bascule.mqtt.TopicFilter;
import io.bascule.shell.view.ByteCount;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Details;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code mqtt:bridge-info}: one bridge with the books of its routes.
 *
 * @param name of the bridge, from its file's name
 */
public record BridgeInfo(String name) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows one bridge with the books of its routes.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-info emqx";
    /** For the help of both shells. */
    public static final String NAME = "Which bridge.";

    private static final int MOST_FILTERS = 20;

    private static final List<Column<BridgeStatus.Route>> COLUMNS = List.of(
            new Column<>("name", "Route", BridgeStatus.Route::name),
            new Column<>("direction", "Direction", BridgeStatus.Route::direction),
            new Column<>("rule", "Rule", BridgeStatus.Route::rule),
            new Column<>("received", "Received", BridgeStatus.Route::received),
            new Column<>("forwarded", "Forwarded", BridgeStatus.Route::forwarded),
            new Column<>("waiting", "Waiting", route -> route.received() - route.forwarded() - dropped(route)),
            new Column<>("dropped", "Dropped", BridgeStatus.Route::dropped));

    /**
     * The bridge that is asked for.
     *
     * @param name as typed, null when it was left out
     * @throws CommandFailure when it was
     */
    public static BridgeInfo of(String name) {
        return new BridgeInfo(Input.bridge(name));
    }

    @Override
    public View run(Services services) {
        Bridge asked = Input.bridge(services, name);
        BridgeStatus bridge = asked.status();
        return new Details()
                .with("name", "Name", bridge.name())
                .with("state", "State", bridge.state())
                .with("since", "Since", bridge.since())
                .with("paused", "Paused", paused(bridge))
                .with("server", "Server", bridge.server())
                .with("remoteAddress", "  at", bridge.remoteAddress())
                .with("roundTripMicros", "Round trip, us", bridge.roundTrip().map(BridgeInfo::micros))
                .with("clientId", "Client id", bridge.clientId())
                .with("protocol", "Protocol", bridge.protocol())
                .with("subscribedThere", "Subscribed there", subscribed(asked))
                .with("queued", "Queued", bridge.queue().queued())
                .with("queuedBytes", "  memory", new ByteCount(bridge.queue().queuedBytes()))
                .with("oldest", "  oldest", bridge.queue().oldest())
                .with("inFlight", "In flight", bridge.queue().inFlight())
                .with("dropped", "Dropped by the queue", bridge.queue().dropped())
                .with("withheld", "Acks withheld", bridge.queue().withheld())
                .with("lastError", "Last error", bridge.lastError())
                .with("configurationError", "Configuration error", bridge.configurationError())
                .with("warnings", "Warnings", bridge.warnings())
                .with("routes", "Routes", routes(bridge));
    }

    /** With {@code interest=subscribed} there may be thousands. */
    private static List<String> subscribed(Bridge bridge) {
        List<String> filters = bridge.subscribedThere().stream()
                .map(TopicFilter::text)
                .sorted()
                .toList();
        return filters.size() <= MOST_FILTERS
                ? filters
                : Stream.concat(
                                filters.stream().limit(MOST_FILTERS),
                                Stream.of("and " + (filters.size() - MOST_FILTERS) + " more"))
                        .toList();
    }

    /** The words for the directions that are paused. */
    static List<String> paused(BridgeStatus bridge) {
        return bridge.paused().stream().map(Direction::toString).toList();
    }

    static long micros(Duration duration) {
        return TimeUnit.NANOSECONDS.toMicros(duration.toNanos());
    }

    static long dropped(BridgeStatus.Route route) {
        return route.dropped().values().stream().mapToLong(Long::longValue).sum();
    }

    private static Table routes(BridgeStatus bridge) {
        Comparator<BridgeStatus.Route> asConfigured = (a, b) -> 0;
        return Table.of(bridge.routes(), asConfigured, "It has no route.", COLUMNS);
    }
}
