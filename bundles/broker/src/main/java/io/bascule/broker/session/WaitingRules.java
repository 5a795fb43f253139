/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.LocalOptions;
import io.bascule.api.LocalOptions.Priority;
import io.bascule.api.Subscription;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What a session's subscriptions say of what waits for them, by Subscription Identifier. Asked when a message begins to wait, and not when it is
 * routed: so all that waits is treated by the same rules, whenever it was published.
 */
final class WaitingRules {
    private static final WaitingRules NONE = new WaitingRules(Map.of());

    private final Map<Integer, LocalOptions> byIdentifier;

    private WaitingRules(Map<Integer, LocalOptions> byIdentifier) {
        this.byIdentifier = byIdentifier;
    }

    /** Those that make no difference. */
    static WaitingRules none() {
        return NONE;
    }

    static WaitingRules of(Collection<Subscription> subscriptions) {
        if (subscriptions.stream().noneMatch(each -> each.local().isOfWhatWaits())) {
            return NONE;
        }
        Map<Integer, LocalOptions> byIdentifier = new HashMap<>();
        for (Subscription each : subscriptions) {
            if (each.identifier() != 0) {
                byIdentifier.merge(each.identifier(), each.local(), WaitingRules::most);
            }
        }
        return new WaitingRules(byIdentifier);
    }

    private static LocalOptions most(LocalOptions one, LocalOptions other) {
        return one.withKeepsLatest(one.keepsLatest() || other.keepsLatest())
                .withPriority(one.priority().compareTo(other.priority()) > 0 ? one.priority() : other.priority());
    }

    /** Whether of the messages with these identifiers the last of each topic waits. */
    boolean keepsLatest(int[] identifiers) {
        if (this != NONE) {
            for (int each : identifiers) {
                LocalOptions options = byIdentifier.get(each);
                if (options != null && options.keepsLatest()) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Of which class a message with these identifiers is: of the highest that one of them has. What waits for a subscription that is not there
     * any more goes first: that its topics have come to another one is no reason to have it overtaken.
     */
    Priority priority(int[] identifiers) {
        if (this == NONE || identifiers.length == 0) {
            return Priority.NORMAL;
        }
        Priority highest = null;
        for (int each : identifiers) {
            LocalOptions options = byIdentifier.get(each);
            if (options != null && (highest == null || options.priority().compareTo(highest) > 0)) {
                highest = options.priority();
            }
        }
        return highest == null ? Priority.HIGH : highest;
    }
}
