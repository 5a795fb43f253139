/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.mqtt.UserProperty;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
        return new RouteTable("cloud", Direction.FORWARD, List.of(routes));
    }

    private static Route route(String name, String rule) {
        return RouteParser.parse(Direction.FORWARD, name, rule);
    }

    private static String mapped(RouteTable table, String topic, int... identifiers) {
        return table.match(identifiers, Topic.of(topic))
                .map(match -> match.topic().name())
                .orElse(null);
    }

    // ---------------------------------------------------------------- what becomes of properties

    private static Message onward(RouteTable table, Message message) {
        return table.onward(message, table.match(NONE, message.topic()).orElseThrow());
    }

    private static Message request(String topic, String responseTopic) {
        return Message.of(topic, "?")
                .withProperties(new MessageProperties(
                        Optional.of(1),
                        Optional.of("text/plain"),
                        Optional.of(responseTopic),
                        Optional.of(new byte[] {7}),
                        List.of(new UserProperty("a", "1"))));
    }

    private static RouteTable withWayBack(String forward, String back) {
        return new RouteTable(
                "cloud",
                Direction.FORWARD,
                List.of(
                        RouteParser.parse(Direction.FORWARD, "out", forward),
                        RouteParser.parse(Direction.SUBSCRIBE, "back", back)));
    }

    @Test
    void changesNothingThatNobodyAskedFor() {
        Message message = Message.of("x/1", "m");
        Message onward = onward(table(route("a", "x/#")), message);

        assertThat(onward.properties()).isSameAs(message.properties());
        assertThat(onward.expires()).isFalse();
    }

    @Test
    void asksForAnswersWhereARouteBringsThemBack() {
        RouteTable table = withWayBack("cmd/# -> plant/cmd/{#}", "plant/answers/+/# -> answers/{3}/{#}");

        MessageProperties properties =
                onward(table, request("cmd/1", "answers/me/7")).properties();
        assertThat(properties.responseTopic()).contains("plant/answers/me/7");
        assertThat(properties.contentType()).contains("text/plain");
        assertThat(properties.correlationData().orElseThrow()).containsExactly(7);
        assertThat(properties.userProperties()).containsExactly(new UserProperty("a", "1"));
        assertThat(onward(table, request("cmd/1", "elsewhere/7")).properties().responseTopic())
                .as("no route brings it back")
                .contains("elsewhere/7");
    }

    @Test
    void leavesAResponseTopicThatIsExcludedOrThatNobodyCanInvert() {
        assertThat(onward(withWayBack("cmd/#", "p/# -> a/{#} exclude=p/x"), request("cmd/1", "a/x"))
                        .properties()
                        .responseTopic())
                .contains("a/x");
        assertThat(onward(withWayBack("cmd/#", "p/+/+ -> a/{2}"), request("cmd/1", "a/x"))
                        .properties()
                        .responseTopic())
                .contains("a/x");
        assertThat(onward(withWayBack("cmd/# response=keep", "p/# -> a/{#}"), request("cmd/1", "a/x"))
                        .properties()
                        .responseTopic())
                .contains("a/x");
    }

    @Test
    void addsPropertiesBehindThePublishers() {
        RouteTable table = table(route(
                "a", "x/# -> y property.source={bridge}:{topic} property.at={time} property.Plain=7 retain=strip"));

        List<UserProperty> properties =
                onward(table, request("x/1", "r")).properties().userProperties();
        assertThat(properties).extracting(UserProperty::name).containsExactly("a", "source", "at", "Plain");
        assertThat(properties.get(1).value()).isEqualTo("cloud:x/1");
        assertThat(Instant.parse(properties.get(2).value()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(properties.get(3).value()).isEqualTo("7");
    }

    @Test
    void leavesOutAPropertyThatNoPacketCanSay() {
        RouteTable table = table(route("a", "x/# -> y property.source=far/{topic} property.by={bridge}"));
        Message message = Message.of("x/" + "l".repeat(65_533), "m");

        assertThat(onward(table, message).properties().userProperties())
                .containsExactly(new UserProperty("by", "cloud"));
    }

    @Test
    void shortensTheExpiryOfMessages() {
        RouteTable table = table(route("a", "x/# expiry=1h"));
        Message message = Message.of("x/1", "m");

        assertThat(remaining(onward(table, message))).isEqualTo(3600);
        assertThat(remaining(onward(table, message.expiringIn(Duration.ofDays(1)))))
                .isEqualTo(3600);
        assertThat(remaining(onward(table, message.expiringIn(Duration.ofSeconds(5)))))
                .isLessThanOrEqualTo(5);
    }

    private static long remaining(Message message) {
        return message.remainingExpirySeconds(System.nanoTime()).orElseThrow();
    }
}
