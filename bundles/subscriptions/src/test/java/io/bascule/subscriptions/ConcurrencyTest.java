/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.subscriptions.internal.RadixSubscriptionTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** While others come and go all around, a reader sees what stays: each subscription once at every match. */
@Timeout(60)
class ConcurrencyTest {
    private static final int READERS = 2;
    private static final String STABLE = "stable ";

    /** So placed that what comes and goes divides and joins the nodes on their way, and resizes the tables that they are in. */
    private static final List<TopicFilter> STABLE_FILTERS = Stream.of(
                    "a/b/c",
                    "a/b/c/d/e/f",
                    "a/b/+",
                    "a/+/c",
                    "a/b/#",
                    "+/b/c",
                    "a/17",
                    "#",
                    "$share/g/a/b/c",
                    "/",
                    "$s/b")
            .map(TopicFilter::of)
            .toList();

    private static final List<String> DIVIDING_FILTERS =
            List.of("a/+", "a/+/d", "a/b/c/d", "a/b/c/d/e", "a/b/c/d/x", "$s", "$s/a", "$s/#");

    /** What a writer subscribes to, and how many it gathers before it gives them all up. */
    private record Writer(int most, Function<SplittableRandom, String> filters) {}

    /** One resizes tables and draws crowds, one divides and joins nodes all the time. */
    private static final List<Writer> WRITERS = List.of(
            new Writer(3_000, ConcurrencyTest::anyFilter),
            new Writer(3, random -> DIVIDING_FILTERS.get(random.nextInt(DIVIDING_FILTERS.size()))));

    private static final List<Topic> TOPICS = Stream.of("a/b/c", "a/b/c/d/e/f", "a/17", "a", "/", "$s/b", "b/b/c")
            .map(Topic::of)
            .toList();

    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS.size() + READERS);

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void readersAlwaysSeeWhatStays() throws Exception {
        SubscriptionTree<String, String> tree = new RadixSubscriptionTree<>();

        assertThat(violations(tree, 300_000)).isEmpty();

        assertThat(tree.size()).isEqualTo(STABLE_FILTERS.size());
        STABLE_FILTERS.forEach(filter -> tree.unsubscribe(filter, STABLE));
        assertThat(tree.size()).isZero();
        assertThat(tree.nodes()).isZero();
    }

    @Test
    void noticesATreeThatLosesSightOfASubscriptionForAMoment() throws Exception {
        assertThat(violations(new FlickeringTree(), 300_000)).isNotEmpty();
    }

    /** What readers saw amiss while so many changes were made, each at most once; the changes are undone when this returns. */
    private List<String> violations(SubscriptionTree<String, String> tree, int changes) throws Exception {
        STABLE_FILTERS.forEach(filter -> tree.subscribe(filter, STABLE, STABLE + filter));
        Map<Topic, List<String>> expected =
                TOPICS.stream().collect(Collectors.toMap(topic -> topic, topic -> stableFound(tree, topic)));
        AtomicInteger writersAtWork = new AtomicInteger(WRITERS.size());
        List<Future<List<String>>> results = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            results.add(threads.submit(() -> read(tree, expected, writersAtWork)));
        }
        for (Writer writer : WRITERS) {
            results.add(threads.submit(write(tree, writer, changes / WRITERS.size(), writersAtWork)));
        }
        List<String> violations = new ArrayList<>();
        for (Future<List<String>> result : results) {
            violations.addAll(result.get());
        }
        return violations;
    }

    private static List<String> read(
            SubscriptionTree<String, String> tree, Map<Topic, List<String>> expected, AtomicInteger writersAtWork) {
        while (writersAtWork.get() > 0) {
            for (Topic topic : TOPICS) {
                List<String> found = stableFound(tree, topic);
                if (!found.equals(expected.get(topic))) {
                    return List.of(topic + ": " + found);
                }
            }
        }
        return List.of();
    }

    private static Callable<List<String>> write(
            SubscriptionTree<String, String> tree, Writer writer, int changes, AtomicInteger writersAtWork) {
        return () -> {
            try {
                SplittableRandom random = new SplittableRandom(writer.most);
                List<TopicFilter> filters = new ArrayList<>();
                boolean growing = true;
                for (int i = 0; i < changes || !filters.isEmpty(); i++) {
                    growing = i < changes && (growing ? filters.size() < writer.most : filters.isEmpty());
                    if (growing) {
                        TopicFilter filter = TopicFilter.of(writer.filters.apply(random));
                        // A subscriber of its own each time: crowds at the filters that come up often.
                        tree.subscribe(filter, writer.most + "." + filters.size(), "comes and goes");
                        filters.add(filter);
                    } else {
                        int last = filters.size() - 1;
                        tree.unsubscribe(filters.remove(last), writer.most + "." + last);
                    }
                }
                return List.of();
            } finally {
                writersAtWork.decrementAndGet();
            }
        };
    }

    private static String anyFilter(SplittableRandom random) {
        if (random.nextInt(2) == 0) {
            return "a/" + random.nextInt(1_000);
        }
        if (random.nextInt(4) == 0) {
            return STABLE_FILTERS.get(random.nextInt(STABLE_FILTERS.size())).text();
        }
        String[] levels = {"a", "b", "c", "d", "+", "", "$s"};
        StringBuilder filter = new StringBuilder(random.nextInt(2) == 0 ? "a" : "$s");
        for (int i = random.nextInt(6); i >= 0; i--) {
            filter.append('/').append(levels[random.nextInt(levels.length)]);
        }
        return filter.append(random.nextInt(3) == 0 ? "/#" : "").toString();
    }

    private static List<String> stableFound(SubscriptionTree<String, String> tree, Topic topic) {
        List<String> found = new ArrayList<>();
        tree.match(topic, new MatchVisitor<>() {
            @Override
            public void subscription(String subscription) {
                if (subscription.startsWith(STABLE)) {
                    found.add(subscription);
                }
            }

            @Override
            public void shared(String shareName, List<String> members) {
                members.forEach(this::subscription);
            }
        });
        found.sort(null);
        return found;
    }

    /** Now and then takes out what stays and puts it back. */
    private static final class FlickeringTree implements SubscriptionTree<String, String> {
        private final SubscriptionTree<String, String> tree = new RadixSubscriptionTree<>();
        private final AtomicInteger changes = new AtomicInteger();

        @Override
        public Optional<String> subscribe(TopicFilter filter, String subscriber, String subscription) {
            if (changes.incrementAndGet() % 10 == 0) {
                TopicFilter stable = STABLE_FILTERS.get(0);
                tree.unsubscribe(stable, STABLE).ifPresent(value -> tree.subscribe(stable, STABLE, value));
            }
            return tree.subscribe(filter, subscriber, subscription);
        }

        @Override
        public Optional<String> unsubscribe(TopicFilter filter, String subscriber) {
            return tree.unsubscribe(filter, subscriber);
        }

        @Override
        public void match(Topic topic, MatchVisitor<String> visitor) {
            tree.match(topic, visitor);
        }

        @Override
        public void observe(TopicFilter range, SubscriptionObserver<String> observer) {
            tree.observe(range, observer);
        }

        @Override
        public void unobserve(SubscriptionObserver<String> observer) {
            tree.unobserve(observer);
        }

        @Override
        public long version() {
            return tree.version();
        }

        @Override
        public int size() {
            return tree.size();
        }

        @Override
        public int nodes() {
            return tree.nodes();
        }
    }
}
