/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeStatus;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The routes of one direction with their books: which of them takes a message. */
public final class RouteTable {
    private final String bridge;
    private final List<Entry> entries;
    /** The same by their identifiers, which are in order: a thousand routes cost a message no more than ten. */
    private final Entry[] byIdentifier;

    private final int[] ordered;
    private final RouteBooks unrouted;
    private final ResponseTopics responseTopics;

    private record Entry(int identifier, Route route, RouteBooks books) {}

    /**
     * Where a message goes.
     *
     * @param topic on the other side
     */
    public record Match(Route route, RouteBooks books, Topic topic) {}

    /** The routes of this direction among these, of the bridge of this name, in their order, with new books. */
    public RouteTable(String bridge, Direction direction, List<Route> routes) {
        this.bridge = bridge;
        this.responseTopics = new ResponseTopics(
                routes.stream().filter(route -> route.direction() != direction).toList());
        this.entries = routes.stream()
                .filter(route -> route.direction() == direction)
                .map(route ->
                        new Entry(route.identifier(), route, new RouteBooks(route.name(), direction, route.rule())))
                .toList();
        this.byIdentifier = entries.stream()
                .sorted(Comparator.comparingInt(Entry::identifier))
                .toArray(Entry[]::new);
        this.ordered = Arrays.stream(byIdentifier).mapToInt(Entry::identifier).toArray();
        this.unrouted = new RouteBooks("-", direction, "what no route takes");
    }

    /** The routes in order. */
    public List<Route> routes() {
        return entries.stream().map(Entry::route).toList();
    }

    /** The route that one of the identifiers names and whose filter matches, or else the first whose filter matches. */
    public Optional<Match> match(int[] identifiers, Topic topic) {
        for (int identifier : identifiers) {
            Optional<Match> named = named(identifier, topic);
            if (named.isPresent()) {
                return named;
            }
        }
        if (isExcludedByName(identifiers, topic)) {
            return Optional.empty(); // another route has a copy of its own
        }
        for (Entry entry : entries) {
            Optional<Match> matching = match(entry, topic);
            if (matching.isPresent()) {
                return matching;
            }
        }
        return Optional.empty();
    }

    /** Every route that one of the identifiers names and whose filter matches, or else the first whose filter matches. */
    public List<Match> matchAll(int[] identifiers, Topic topic) {
        if (identifiers.length < 2) {
            return match(identifiers, topic).map(List::of).orElse(List.of());
        }
        List<Match> all = new ArrayList<>();
        for (Entry entry : entries) {
            if (contains(identifiers, entry.identifier())) {
                match(entry, topic).ifPresent(all::add);
            }
        }
        boolean others = all.isEmpty() && !isExcludedByName(identifiers, topic);
        return others ? match(new int[0], topic).map(List::of).orElse(List.of()) : all;
    }

    /** The message as it is on the other side, but for its QoS and RETAIN. */
    public Message onward(Message message, Match match) {
        Optional<String> asked = message.properties().responseTopic();
        Edits edits = match.route().edits();
        Message edited = asked.isEmpty() && edits == Edits.NONE
                ? message
                : edits.apply(message, asked.flatMap(responseTopics::there), bridge);
        return edited.withTopic(match.topic());
    }

    /** The books for a message that no route takes: those of the route that an identifier names, or else of one that excludes it. */
    public RouteBooks unmapped(int[] identifiers, Topic topic) {
        return entries.stream()
                .filter(entry -> contains(identifiers, entry.identifier()))
                .findFirst()
                .or(() -> entries.stream()
                        .filter(entry -> entry.route().excludes(topic))
                        .findFirst())
                .map(Entry::books)
                .orElse(unrouted);
    }

    /** Whether a message that no route takes is excluded by one: by those that the identifiers name, or else by any. */
    public boolean excludes(int[] identifiers, Topic topic) {
        boolean named = entries.stream().anyMatch(entry -> contains(identifiers, entry.identifier()));
        return named
                ? isExcludedByName(identifiers, topic)
                : entries.stream().anyMatch(entry -> entry.route().excludes(topic));
    }

    private boolean isExcludedByName(int[] identifiers, Topic topic) {
        return entries.stream()
                .filter(entry -> contains(identifiers, entry.identifier()))
                .anyMatch(entry -> entry.route().excludes(topic));
    }

    /** How many messages the other side has taken. */
    public long forwarded() {
        long sum = 0;
        for (Entry entry : entries) {
            sum += entry.books().forwardedSoFar();
        }
        return sum;
    }

    /** Whether a message has come that was neither taken by the other side nor given up yet. */
    public boolean isWaiting() {
        return entries.stream().anyMatch(entry -> entry.books().waiting() > 0);
    }

    /** The books of every route, and of what no route took where there was any. */
    public List<BridgeStatus.Route> status() {
        List<BridgeStatus.Route> all = new ArrayList<>();
        entries.forEach(entry -> all.add(entry.books().status()));
        if (!unrouted.isUnused()) {
            all.add(unrouted.status());
        }
        return all;
    }

    private Optional<Match> named(int identifier, Topic topic) {
        int at = Arrays.binarySearch(ordered, identifier);
        return at < 0 ? Optional.empty() : match(byIdentifier[at], topic);
    }

    private static Optional<Match> match(Entry entry, Topic topic) {
        return entry.route().map(topic).map(mapped -> new Match(entry.route(), entry.books(), mapped));
    }

    private static boolean contains(int[] identifiers, int wanted) {
        for (int identifier : identifiers) {
            if (identifier == wanted) {
                return true;
            }
        }
        return false;
    }
}
