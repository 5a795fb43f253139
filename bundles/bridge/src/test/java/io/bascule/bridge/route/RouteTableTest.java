/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final int[] NONE = {};

    @Test
    void givesARouteTheSameIdentifierForEver() {
        // What waits in a session was stored with this number: to change the function is to lose its routes.
        assertThat(Route.identifier("alarms")).isEqualTo(207_541_920);
        assertThat(Route.identifier("telemetry")).isEqualTo(174_547_561);
    }

    @Test
    void keepsIdentifiersWithinWhatMqttAllows() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(Route.identifier("route" + i)).isBetween(1, Subscription.MAX_IDENTIFIER);
        }
    }

    @Test
    void findsTheRouteByItsIdentifierBeforeTheFirstThatMatches() {
        RouteTable table = table(route("a", "x/# -> a/{#}"), route("b", "x/+ -> b/{2}"));

        assertThat(mapped(table, "x/1", Route.identifier("b"))).isEqualTo("b/1");
        assertThat(mapped(table, "x/1", 7)).isEqualTo("a/1");
        assertThat(mapped(table, "x/1")).isEqualTo("a/1");
    }

    @Test
    void goesToAnotherRouteWhenTheNamedOneTakesTheTopicNoMore() {
        RouteTable table = table(route("a", "y/# -> a/{#}"), route("b", "x/+ -> b/{2}"));

        assertThat(mapped(table, "x/1", Route.identifier("a"))).isEqualTo("b/1");
        assertThat(mapped(table, "z/1", Route.identifier("a"))).isNull();
    }

    @Test
    void leavesWhatOneRouteExcludesToTheOthersOwnCopies() {
        RouteTable table = table(route("a", "x/# -> a/{#} exclude=x/1"), route("b", "x/+ -> b/{2}"));
        int[] both = {Route.identifier("a"), Route.identifier("b")};
        int[] onlyA = {Route.identifier("a")};

        assertThat(mapped(table, "x/1", Route.identifier("a"))).isNull();
        assertThat(mapped(table, "x/1", Route.identifier("b"))).isEqualTo("b/1");
        assertThat(mapped(table, "x/1")).isEqualTo("b/1");
        assertThat(table.matchAll(both, Topic.of("x/1"))).hasSize(1);
        assertThat(table.excludes(onlyA, Topic.of("x/1"))).isTrue();
        assertThat(table.unmapped(onlyA, Topic.of("x/1")))
                .isSameAs(table.unmapped(NONE, Topic.of("x/1")))
                .extracting(RouteBooks::name)
                .isEqualTo("a");
    }

    @Test
    void findsEveryRouteThatIsNamed() {
        RouteTable table = table(route("a", "x/# -> a/{#}"), route("b", "x/+ -> b/{2}"), route("c", "y"));
        int[] all = {Route.identifier("a"), Route.identifier("b"), Route.identifier("c")};

        assertThat(table.matchAll(all, Topic.of("x/1")))
                .extracting(match -> match.topic().name())
                .containsExactly("a/1", "b/1");
        assertThat(table.matchAll(NONE, Topic.of("x/1")))
                .extracting(match -> match.topic().name())
                .containsExactly("a/1");
        assertThat(table.matchAll(all, Topic.of("z"))).isEmpty();
    }

    @Test
    void showsWhatNoRouteTookOnlyWhenThereWasAny() {
        RouteTable table = table(route("a", "x"));
        assertThat(table.status()).hasSize(1);

        table.unmapped(NONE, Topic.of("z")).received();
        table.unmapped(NONE, Topic.of("z")).dropped("unmapped");

        assertThat(table.status()).hasSize(2);
        assertThat(table.status().get(1).dropped()).containsEntry("unmapped", 1L);
    }

    @Test
    void seesOverlappingFiltersAsMatchingDoes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            TopicFilter one = filter(random);
            TopicFilter other = filter(random);
            boolean both = false;
            for (String topic : TOPICS) {
                both |= one.matches(Topic.of(topic)) && other.matches(Topic.of(topic));
            }
            assertThat(Filters.overlap(one, other))
                    .as("seed %s: %s, %s", seed, one, other)
                    .isEqualTo(both);
        }
    }

    /** Every topic of one to four levels of a, b and c: enough for filters of up to three levels of a and b. */
    private static final List<String> TOPICS = topics("", 4);

    private static List<String> topics(String prefix, int levels) {
        return levels == 0
                ? List.of()
                : List.of("a", "b", "c").stream()
                        .map(word -> prefix + word)
                        .flatMap(topic -> Stream.concat(Stream.of(topic), topics(topic + "/", levels - 1).stream()))
                        .toList();
    }

    private static TopicFilter filter(Random random) {
        StringBuilder text = new StringBuilder();
        int levels = 1 + random.nextInt(3);
        for (int i = 0; i < levels; i++) {
            text.append(i == 0 ? "" : "/");
            boolean last = i == levels - 1;
            text.append(List.of("a", "b", "+", "#").get(random.nextInt(last ? 4 : 3)));
        }
        return TopicFilter.of(text.toString());
    }

    private static RouteTable table(Route... routes) {
        return new RouteTable(Direction.FORWARD, List.of(routes));
    }

    private static Route route(String name, String rule) {
        return RouteParser.parse(Direction.FORWARD, name, rule);
    }

    private static String mapped(RouteTable table, String topic, int... identifiers) {
        return table.match(identifiers, Topic.of(topic))
                .map(match -> match.topic().name())
                .orElse(null);
    }
}
