/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions;

import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The contract in the plainest words: a map of all subscriptions, searched from end to end. */
class ModelTree implements SubscriptionTree<String, String> {
    final Map<TopicFilter, Map<String, String>> subscriptions = new LinkedHashMap<>();
    private final Map<SubscriptionObserver<String>, List<TopicFilter>> observers = new LinkedHashMap<>();
    private long version;

    @Override
    public Optional<String> subscribe(TopicFilter filter, String subscriber, String subscription) {
        version++;
        String replaced = subscriptions
                .computeIfAbsent(filter, absent -> new LinkedHashMap<>())
                .put(subscriber, subscription);
        if (replaced == null) {
            observers.forEach((observer, ranges) -> ranges.stream()
                    .filter(range -> range.overlaps(filter))
                    .forEach(range -> observer.added(subscription)));
        }
        return Optional.ofNullable(replaced);
    }

    @Override
    public Optional<String> unsubscribe(TopicFilter filter, String subscriber) {
        Map<String, String> subscribers = subscriptions.getOrDefault(filter, new HashMap<>());
        String removed = subscribers.remove(subscriber);
        if (removed != null) {
            version++;
            observers.forEach((observer, ranges) -> ranges.stream()
                    .filter(range -> range.overlaps(filter))
                    .forEach(range -> observer.removed(removed)));
        }
        if (subscribers.isEmpty()) {
            subscriptions.remove(filter);
        }
        return Optional.ofNullable(removed);
    }

    @Override
    public void match(Topic topic, MatchVisitor<String> visitor) {
        subscriptions.forEach((filter, subscribers) -> {
            if (!matches(filter.levels(), topic.name())) {
                return;
            }
            if (filter.isShared()) {
                visitor.shared(filter.shareName().orElseThrow(), List.copyOf(subscribers.values()));
            } else {
                subscribers.values().forEach(visitor::subscription);
            }
        });
    }

    /** The rules of section 4.7 as a regular expression. */
    boolean matches(List<String> filter, String topic) {
        boolean leadingWildcard = filter.get(0).equals("#") || filter.get(0).equals("+");
        if (leadingWildcard && topic.startsWith("$")) {
            return false;
        }
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < filter.size(); i++) {
            String separator = i == 0 ? "" : "/";
            pattern.append(
                    switch (filter.get(i)) {
                        case "#" -> i == 0 ? ".*" : "(/.*)?";
                        case "+" -> separator + "[^/]*";
                        default -> separator + Pattern.quote(filter.get(i));
                    });
        }
        return topic.matches(pattern.toString());
    }

    @Override
    public void observe(TopicFilter range, SubscriptionObserver<String> observer) {
        observers.computeIfAbsent(observer, absent -> new ArrayList<>()).add(range);
        subscriptions.forEach((filter, subscribers) -> {
            if (range.overlaps(filter)) {
                subscribers.values().forEach(observer::added);
            }
        });
    }

    @Override
    public void unobserve(SubscriptionObserver<String> observer) {
        observers.remove(observer);
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public int size() {
        return subscriptions.values().stream().mapToInt(Map::size).sum();
    }

    @Override
    public int nodes() {
        Set<List<String>> nodes = new HashSet<>();
        Map<List<String>, Set<String>> nextLevels = new HashMap<>();
        for (TopicFilter filter : subscriptions.keySet()) {
            List<String> levels = filter.levels();
            nodes.add(levels);
            for (int i = 1; i < levels.size(); i++) {
                nextLevels
                        .computeIfAbsent(new ArrayList<>(levels.subList(0, i)), absent -> new HashSet<>())
                        .add(levels.get(i));
            }
        }
        nextLevels.forEach((prefix, next) -> {
            if (next.size() > 1) {
                nodes.add(prefix);
            }
        });
        return nodes.size();
    }
}
