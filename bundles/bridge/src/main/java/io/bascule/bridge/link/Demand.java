/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.Broker;
import io.bascule.api.Interest;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.route.Filters;
import io.bascule.bridge.route.Narrowing;
import io.bascule.bridge.route.Route;
import io.bascule.mqtt.TopicFilter;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the subscribe routes ask of the remote broker now: those with {@code interest=subscribed} what somebody here is subscribed to, the others
 * all that they take. On the event loop alone.
 */
final class Demand {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    /** With more of them a filter of a route is asked for as it stands. */
    static final int MOST_FILTERS = 1000;

    /** The same with one that is longer: a client here is not to make a SUBSCRIBE that no remote broker takes. */
    static final int LONGEST_FILTER = 1024;

    /** The same with more text than that, of all routes together. */
    static final int MOST_CHARACTERS = 256 * 1024;

    /** Whoever begins subscribes to many filters one after the other, and those are followed at once. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final BridgeDefinition definition;
    private final Broker broker;
    private final EventLoop eventLoop;
    private final ResourceScope scope;
    private final LongSupplier nanoTime;
    private final List<Asking> askings = new ArrayList<>();
    private Set<TopicFilter> refused = Set.of();
    private Runnable watcher;
    private Lease pause;
    private long followedAt;

    /** A route with, where it is on demand, its filters. */
    private record Asking(Route route, List<Watched> filters) {}

    Demand(
            BridgeDefinition definition,
            Broker broker,
            EventLoop eventLoop,
            ResourceScope scope,
            LongSupplier nanoTime) {
        this.definition = definition;
        this.broker = broker;
        this.eventLoop = eventLoop;
        this.scope = scope;
        this.nanoTime = nanoTime;
        this.followedAt = nanoTime.getAsLong() - PAUSE.toNanos();
        definition.routes(Direction.SUBSCRIBE).forEach(route -> askings.add(new Asking(route, watched(route))));
    }

    private List<Watched> watched(Route route) {
        return route.onDemand()
                ? route.filters().stream()
                        .map(filter -> new Watched(route, new Narrowing(route, filter)))
                        .toList()
                : List.of();
    }

    /** Looks from now on at what is subscribed to here. */
    void open() {
        askings.forEach(asking -> asking.filters().forEach(Watched::open));
    }

    /**
     * The routes with those of their filters that are wanted, or with what of them is; without those of which nothing is.
     *
     * @param refusedSoFar what the remote broker does not grant
     * @param whole those of their filters of which all is wanted where something is
     */
    List<Route> routes(Set<TopicFilter> refusedSoFar, Set<TopicFilter> whole) {
        if (!refused.equals(refusedSoFar)) {
            refused = Set.copyOf(refusedSoFar);
            askings.forEach(asking -> asking.filters().forEach(Watched::changed));
        }
        List<Route> routes = new ArrayList<>();
        int characters = 0;
        for (Asking asking : askings) {
            if (!asking.route().onDemand()) {
                routes.add(asking.route());
                continue;
            }
            Set<TopicFilter> wanted = new LinkedHashSet<>();
            for (Watched filter : asking.filters()) {
                Set<TopicFilter> narrowed = filter.narrowed();
                boolean isWhole = !narrowed.isEmpty() && whole.containsAll(filter.narrowing.whole());
                Set<TopicFilter> some = isWhole ? filter.narrowing.whole() : narrowed;
                int more = characters(some);
                wanted.addAll(characters + more <= MOST_CHARACTERS ? some : filter.whole());
                characters += characters + more <= MOST_CHARACTERS ? more : 0;
            }
            if (!wanted.isEmpty()) {
                routes.add(asking.route().withFilters(wanted));
            }
        }
        return routes;
    }

    /** The filter of a route on demand of which this one is a part. */
    Optional<TopicFilter> wider(TopicFilter part) {
        return askings.stream()
                .flatMap(asking -> asking.filters().stream())
                .flatMap(filter -> filter.narrowing.whole().stream())
                .filter(filter -> !part.isShared() && !filter.equals(part) && Filters.covers(filter, part))
                .findFirst();
    }

    /** Calls this whenever {@link #routes} may give something else; changes that come within a tenth of a second together. */
    void watch(Runnable whoever) {
        watcher = whoever;
    }

    /** Calls this one no more; nothing where it is another one that is called by now. */
    void unwatch(Runnable whoever) {
        if (watcher != whoever) {
            return;
        }
        watcher = null;
        if (pause != null) {
            pause.close();
            pause = null;
        }
    }

    private void follow() {
        if (watcher == null || pause != null) {
            return; // the next connection begins with what there is then
        }
        Duration since = Duration.ofNanos(nanoTime.getAsLong() - followedAt);
        if (since.compareTo(PAUSE) >= 0) {
            followNow();
        } else {
            pause = eventLoop.schedule(scope, PAUSE.minus(since), () -> {
                pause = null;
                followNow();
            });
        }
    }

    private void followNow() {
        followedAt = nanoTime.getAsLong();
        watcher.run();
    }

    /** One filter of a route, and what is wanted of it. */
    private final class Watched {
        private final Route route;
        private final Narrowing narrowing;
        private Interest interest;
        private boolean changed = true;
        private boolean tooMany;
        private Set<TopicFilter> narrowed = Set.of();
        /** The last one that was not all for want of a better. */
        private Set<TopicFilter> narrow = Set.of();

        Watched(Route route, Narrowing narrowing) {
            this.route = route;
            this.narrowing = narrowing;
        }

        void open() {
            narrowing.range().ifPresent(range -> {
                interest = broker.interest(range, definition.localClientId(), eventLoop, this::tell);
                scope.hold(ResourceKind.SUBSCRIPTION, interest);
            });
        }

        private void tell() {
            changed = true;
            follow();
        }

        void changed() {
            changed = true;
        }

        Set<TopicFilter> narrowed() {
            if (changed && interest != null) {
                changed = false;
                Optional<Set<TopicFilter>> some = interest.filters(MOST_FILTERS)
                        .filter(Demand::areShort)
                        .flatMap(subscribed -> narrowing.narrowed(subscribed, refused))
                        .filter(there -> there.stream().allMatch(definition.topicLimits()::allow));
                narrow = some.orElse(narrow);
                // What crosses is not to be lost because the remote broker does not give all.
                boolean keeps = some.isEmpty() && refused.containsAll(narrowing.whole());
                narrowed = keeps ? narrow : some.orElseGet(this::whole);
            }
            return narrowed;
        }

        Set<TopicFilter> whole() {
            if (!tooMany) {
                tooMany = true;
                LOG.warn(
                        "bridge {}: too many filters, or too long ones, are subscribed to within {} to ask for them alone, so that {} asks for all of {}; this is said once",
                        definition.name(),
                        narrowing.range().orElseThrow(),
                        route.key(),
                        narrowing.whole().iterator().next());
            }
            return narrowing.whole();
        }
    }

    private static boolean areShort(Set<TopicFilter> filters) {
        return filters.stream().allMatch(filter -> filter.text().length() <= LONGEST_FILTER);
    }

    private static int characters(Set<TopicFilter> filters) {
        int sum = 0;
        for (TopicFilter filter : filters) {
            sum += filter.text().length();
        }
        return sum;
    }
}
