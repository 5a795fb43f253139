/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import io.bascule.config.TopicTemplate;
import io.bascule.mqtt.TopicFilter;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What of one filter of a subscribe route the remote broker has to send, so that everybody here gets what he is subscribed to: what is subscribed
 * to here led back by the inverse of the template. Where there is none it is all of the filter, or nothing. Immutable.
 */
public final class Narrowing {
    /** A thousand filters of a few levels take some ten thousand. */
    private static final long MOST_STEPS = 500_000;

    private final TopicFilter filter;
    private final Optional<TopicTemplate.Inverse> back;
    private final Optional<TopicFilter> range;
    private final List<TopicFilter> excluded;

    /** Of a filter of this route that is not shared. */
    public Narrowing(Route route, TopicFilter filter) {
        this.filter = filter;
        this.back = route.template().inverse(filter);
        this.range = back.map(TopicTemplate.Inverse::filter)
                .or(() -> route.template().image(filter, filter));
        this.excluded = route.excluded();
    }

    /** Within which topics of this broker messages come by it; empty where nobody could subscribe to any. */
    public Optional<TopicFilter> range() {
        return range;
    }

    /** The filter itself. */
    public Set<TopicFilter> whole() {
        return Set.of(filter);
    }

    /**
     * Filters that match what is needed, within the filter of the route; no two of them match the same topic. Empty where it takes too long to say,
     * for subscriptions that somebody has thought up for that.
     *
     * @param subscribed what is subscribed to in this broker
     * @param refused what the remote broker has refused: others are asked for, where there are any that do
     */
    public Optional<Set<TopicFilter>> narrowed(Collection<TopicFilter> subscribed, Set<TopicFilter> refused) {
        if (back.isEmpty()) {
            boolean isNeeded =
                    range.isPresent() && subscribed.stream().anyMatch(each -> Filters.overlap(range.get(), each));
            return Optional.of(isNeeded ? whole() : Set.of());
        }
        List<TopicFilter> there = subscribed.stream()
                .flatMap(each -> there(each).stream())
                .filter(each -> !refused.contains(each))
                .filter(each -> excluded.stream().noneMatch(exception -> Filters.covers(exception, each)))
                .sorted(Comparator.comparing(TopicFilter::text)) // the same set comes of the same subscriptions
                .toList();
        DisjointFilters needed = new DisjointFilters(refused);
        try {
            for (TopicFilter each : there) {
                needed.add(each);
                if (needed.steps() > MOST_STEPS) {
                    return Optional.empty();
                }
            }
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // two together are longer than a filter may be
        }
        return Optional.of(needed.filters());
    }

    private Optional<TopicFilter> there(TopicFilter here) {
        TopicTemplate.Inverse inverse = back.orElseThrow();
        return Filters.intersection(inverse.filter(), here)
                .flatMap(topics -> inverse.template().image(inverse.filter(), topics))
                .flatMap(there -> Filters.intersection(filter, there));
    }
}
