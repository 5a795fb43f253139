/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.SubscriptionInfo;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code mqtt:subscriptions}: who gets what.
 *
 * @param clientId the client whose subscriptions are wanted; everybody's when empty
 */
public record Subscriptions(Optional<String> clientId) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows who is subscribed to what.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:subscriptions gateway-7";
    /** For the help of both shells. */
    public static final String CLIENT_ID_HELP = "Whose; everybody's by default.";

    private static final Column<SubscriptionInfo> FILTER = new Column<>(
            "filter", "Filter", info -> info.subscription().filter().text());
    private static final Column<SubscriptionInfo> CLIENT_ID =
            new Column<>("clientId", "Client id", SubscriptionInfo::clientId);
    private static final List<Column<SubscriptionInfo>> OPTIONS = List.of(
            new Column<>("qos", "QoS", info -> info.subscription().maximumQos().level()),
            new Column<>("noLocal", "No local", info -> info.subscription().noLocal()),
            new Column<>(
                    "retainAsPublished",
                    "Retain as published",
                    info -> info.subscription().retainAsPublished()),
            new Column<>(
                    "retainHandling",
                    "Retain handling",
                    info -> info.subscription().retainHandling()),
            new Column<>("identifier", "Identifier", info -> info.subscription().identifier()));

    private static final Comparator<SubscriptionInfo> BY_FILTER = Comparator.<SubscriptionInfo, String>comparing(
                    info -> info.subscription().filter().text())
            .thenComparing(SubscriptionInfo::clientId);

    @Override
    public View run(Services services) {
        List<SubscriptionInfo> subscriptions = services.runningBroker().subscriptions().stream()
                .filter(info -> clientId.isEmpty() || info.clientId().equals(clientId.get()))
                .toList();
        if (subscriptions.isEmpty() && clientId.isPresent()) {
            Input.session(services, clientId.get());
        }
        return table(
                subscriptions,
                clientId.isPresent() ? clientId.get() + " is subscribed to nothing." : "There is no subscription.",
                List.of(FILTER, CLIENT_ID));
    }

    /** Those of one client, without its client id. */
    static Table ofClient(Services services, String clientId) {
        List<SubscriptionInfo> subscriptions = services.runningBroker().subscriptions().stream()
                .filter(info -> info.clientId().equals(clientId))
                .toList();
        return table(subscriptions, "It has none.", List.of(FILTER));
    }

    private static Table table(
            List<SubscriptionInfo> subscriptions, String whenEmpty, List<Column<SubscriptionInfo>> first) {
        List<Column<SubscriptionInfo>> columns =
                Stream.concat(first.stream(), OPTIONS.stream()).toList();
        return Table.of(subscriptions, BY_FILTER, whenEmpty, columns);
    }
}
