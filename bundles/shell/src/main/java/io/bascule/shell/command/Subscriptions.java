/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.SubscriptionInfo;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * {@code mqtt:subscriptions}: who gets what.
 *
 * @param clientId the client whose subscriptions are wanted; everybody's when empty
 */
public record Subscriptions(Optional<String> clientId) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows who is subscribed to what.";

    private static final List<Column<SubscriptionInfo>> COLUMNS = List.of(
            new Column<>(
                    "filter", "Filter", info -> info.subscription().filter().text()),
            new Column<>("clientId", "Client id", SubscriptionInfo::clientId),
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
            requireSession(services, clientId.get());
        }
        return Table.of(
                subscriptions,
                BY_FILTER,
                clientId.isPresent() ? clientId.get() + " is subscribed to nothing." : "There is no subscription.",
                COLUMNS);
    }

    private static void requireSession(Services services, String clientId) {
        boolean known = services.runningBroker().sessions().stream()
                .anyMatch(session -> session.clientId().equals(clientId));
        if (!known) {
            throw new CommandFailure("There is no session of a client " + clientId + ".");
        }
    }
}
