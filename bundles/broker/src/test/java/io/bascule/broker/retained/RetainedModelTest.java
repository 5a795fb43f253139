/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.retained;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.LimitHits;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Sequences of puts, deletes and matches do what they would do to a map of all messages that is searched from end to end. */
class RetainedModelTest {
    private static final int MAXIMUM_MESSAGES = 20;
    private static final long NOW = System.nanoTime();
    private static final long AN_HOUR_LATER = NOW + TimeUnit.HOURS.toNanos(1);

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void doesWhatTheModelDoes(@ForAll("steps") List<Step> steps) {
        Player player = new Player();
        for (Step step : steps) {
            step.play(player);
            player.compare(step);
        }
        List.copyOf(player.model.keySet()).forEach(topic -> player.retained.remove(topic));
        assertThat(player.retained.size()).isZero();
        assertThat(player.retained.bytes()).isZero();
        assertThat(player.retained.nodes()).isZero();
    }

    private interface Step {
        void play(Player player);
    }

    private record Put(String topic, String text, boolean expires) implements Step {
        @Override
        public void play(Player player) {
            Message message = Message.of(topic, text);
            player.put(expires ? message.expiringIn(Duration.ofMinutes(10)) : message);
        }
    }

    private record Remove(String topic) implements Step {
        @Override
        public void play(Player player) {
            player.remove(Topic.of(topic));
        }
    }

    private record Match(String filter, boolean later) implements Step {
        @Override
        public void play(Player player) {
            player.match(TopicFilter.of(filter), later ? AN_HOUR_LATER : NOW);
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Boolean> seldom = Arbitraries.frequency(Tuple.of(4, false), Tuple.of(1, true));
        Arbitrary<String> topics = path(Arbitraries.of("a", "b", "ab", "", "$x"));
        Arbitrary<String> filters = Combinators.combine(
                        path(Arbitraries.of("a", "b", "", "$x", "+", "+")), Arbitraries.of("", "", "/#"))
                .as(String::concat)
                .map(filter -> filter.equals("a/#") ? "#" : filter);
        Arbitrary<Step> step = Arbitraries.frequencyOf(
                Tuple.of(
                        6,
                        Combinators.combine(topics, Arbitraries.of("1", "22"), seldom)
                                .as(Put::new)),
                Tuple.of(2, topics.map(topic -> new Put(topic, "", false))),
                Tuple.of(1, topics.map(Remove::new)),
                Tuple.of(4, Combinators.combine(filters, seldom).as(Match::new)));
        return step.list().ofMinSize(1).ofMaxSize(80);
    }

    private static Arbitrary<String> path(Arbitrary<String> level) {
        return level.list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(levels -> String.join("/", levels))
                .filter(text -> !text.isEmpty());
    }

    private static final class Player {
        final RetainedMessages retained =
                new RetainedMessages(MAXIMUM_MESSAGES, Long.MAX_VALUE, new LimitHits(), topic -> {});
        final Map<Topic, Message> model = new HashMap<>();

        void put(Message message) {
            long counted =
                    model.keySet().stream().filter(topic -> !topic.isReserved()).count();
            boolean room =
                    message.topic().isReserved() || counted < MAXIMUM_MESSAGES || model.containsKey(message.topic());
            boolean empty = message.payload().length == 0;
            assertThat(retained.put(message)).isEqualTo(empty || room);
            if (empty) {
                model.remove(message.topic());
            } else if (room) {
                model.put(message.topic(), message);
            }
        }

        void remove(Topic topic) {
            Message expected = model.remove(topic);
            assertThat(retained.remove(topic).orElse(null)).isSameAs(expected);
        }

        void match(TopicFilter filter, long nowNanos) {
            List<Message> found = new ArrayList<>();
            retained.match(filter, nowNanos, found::add);
            model.values().removeIf(message -> filter.matches(message.topic()) && message.isExpired(nowNanos));
            assertThat(found)
                    .containsExactlyInAnyOrderElementsOf(model.values().stream()
                            .filter(message -> filter.matches(message.topic()))
                            .toList());
        }

        void compare(Step step) {
            Set<List<String>> nodes = new HashSet<>();
            long bytes = 0;
            for (Message message : model.values()) {
                List<String> levels = message.topic().levels();
                for (int i = 1; i <= levels.size(); i++) {
                    nodes.add(levels.subList(0, i));
                }
                bytes += message.sizeInBytes();
                assertThat(retained.get(message.topic(), NOW)).as("%s", step).containsSame(message);
            }
            assertThat(retained.size()).as("size after %s", step).isEqualTo(model.size());
            assertThat(retained.bytes())
                    .as("bytes after %s", step)
                    .isEqualTo(bytes + RetainedMessages.LEVEL_BYTES * nodes.size());
            assertThat(retained.nodes()).as("nodes after %s", step).isEqualTo(nodes.size());
        }
    }
}
