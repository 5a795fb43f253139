/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.BridgeStatus;
import io.bascule.api.Broker;
import io.bascule.api.SessionInfo;
import io.bascule.mqtt.TopicFilter;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What may stand for an argument, of what there is now: for completion. */
public enum Suggestions {
    /** The names of the bridges. */
    BRIDGES(services -> services.bridgeStatuses().stream().map(BridgeStatus::name)),
    /** The client ids of the sessions. */
    CLIENTS(services -> services.broker().stream()
            .map(Broker::sessions)
            .flatMap(List::stream)
            .map(SessionInfo::clientId)),
    /** The filters that somebody is subscribed to. */
    FILTERS(services -> filters(services).map(TopicFilter::text)),
    /** Those filters that are topics as well: where somebody listens. */
    TOPICS(services -> filters(services)
            .filter(filter -> !filter.isShared() && !filter.hasWildcard())
            .map(TopicFilter::text));

    /** Of a hundred thousand subscriptions nobody picks one from a list. */
    private static final int MOST = 200;

    private final Function<Services, Stream<String>> source;

    Suggestions(Function<Services, Stream<String>> source) {
        this.source = source;
    }

    /** Those that begin like this, in order, the first {@value #MOST} of them. */
    public List<String> of(Services services, String beginning) {
        return source.apply(services)
                .filter(text -> text.startsWith(beginning))
                .distinct()
                .sorted()
                .limit(MOST)
                .toList();
    }

    private static Stream<TopicFilter> filters(Services services) {
        return services.broker().stream()
                .map(Broker::subscriptions)
                .flatMap(List::stream)
                .map(info -> info.subscription().filter());
    }
}
