/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.itests.statements.Statement;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TopicTest {
    private static final String[] LEVELS = {"", "a", "b", "$x", "+", "#"};

    @Test
    @Statement(
            v5 = {"MQTT-4.7.0-1", "MQTT-4.7.3-1", "MQTT-4.7.3-2", "MQTT-4.7.3-3"},
            v311 = {"MQTT-4.7.1-1", "MQTT-4.7.3-1", "MQTT-4.7.3-2", "MQTT-4.7.3-3"})
    void refusesWhatIsNoTopicName() {
        for (String bad : List.of("", "a/+", "#", "a#b", "a\0b", "\ud800", "x\udc00y", "z".repeat(65_536))) {
            assertThatThrownBy(() -> Topic.of(bad)) // [MQTT-4.7.0-1, MQTT-4.7.3-1] to [MQTT-4.7.3-3]
                    .as(bad.length() < 10 ? bad : "too long")
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Topic.of("z".repeat(65_535)).levelCount()).isEqualTo(1);
        assertThat(Topic.of("/").levels()).containsExactly("", "");
        assertThat(Topic.of("/".repeat(65_535)).levelCount()).isEqualTo(65_536);
        assertThat(Topic.of("a//b")).isNotEqualTo(Topic.of("a/b")); // [MQTT-4.7.3-4]
    }

    @Test
    @Statement(
            v5 = {"MQTT-4.7.1-1", "MQTT-4.7.1-2", "MQTT-4.7.3-1", "MQTT-4.7.3-2", "MQTT-4.8.2-1", "MQTT-4.8.2-2"},
            v311 = {"MQTT-4.7.1-2", "MQTT-4.7.1-3", "MQTT-4.7.3-1", "MQTT-4.7.3-2"})
    void refusesWhatIsNoTopicFilter() {
        for (String bad : List.of(
                "",
                "a/#/b",
                "a#",
                "#a",
                "a+/b",
                "++",
                "$share",
                "$share/",
                "$share/g",
                "$share/g/",
                "$share//a",
                "$share/g+/a",
                "$share/#/a",
                "$share/g/a#",
                "\0",
                "\udc00")) {
            assertThatThrownBy(() -> TopicFilter.of(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
        TopicFilter shared = TopicFilter.of("$share/g//a/+");
        assertThat(shared.shareName()).contains("g");
        assertThat(shared.levels()).containsExactly("", "a", "+");
        assertThat(shared.matches(Topic.of("/a/b"))).isTrue();
        assertThat(TopicFilter.of("$shared/a").isShared()).isFalse();
    }

    @Test
    void knowsTheExamplesOfTheSpecification() {
        assertThat(matches("sport/tennis/player1/#", "sport/tennis/player1")).isTrue();
        assertThat(matches("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon"))
                .isTrue();
        assertThat(matches("sport/#", "sport")).isTrue();
        assertThat(matches("sport/tennis/+", "sport/tennis/player1/ranking")).isFalse();
        assertThat(matches("sport/+", "sport")).isFalse();
        assertThat(matches("sport/+", "sport/")).isTrue();
        assertThat(matches("+/+", "/finance")).isTrue();
        assertThat(matches("+", "/finance")).isFalse();
        assertThat(matches("#", "$SYS/x")).isFalse(); // [MQTT-4.7.2-1]
        assertThat(matches("+/monitor/Clients", "$SYS/monitor/Clients")).isFalse();
        assertThat(matches("$SYS/#", "$SYS/x")).isTrue();
    }

    private static boolean matches(String filter, String topic) {
        return TopicFilter.of(filter).matches(Topic.of(topic));
    }

    @Test
    void matchesAsANaiveModelDoes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int matched = 0;
        for (int i = 0; i < 50_000; i++) {
            String filter = path(random, LEVELS.length);
            String topic = path(random, 4);
            if (filter.isEmpty() || topic.isEmpty() || filter.contains("#/")) {
                continue;
            }
            boolean expected = model(filter.split("/", -1), topic.split("/", -1));
            assertThat(matches(filter, topic))
                    .as("%s on %s, seed %d", filter, topic, seed)
                    .isEqualTo(expected);
            matched += expected ? 1 : 0;
        }
        assertThat(matched).isGreaterThan(500);
    }

    private static String path(Random random, int kinds) {
        StringBuilder path = new StringBuilder(LEVELS[random.nextInt(kinds)]);
        for (int n = random.nextInt(4); n > 0; n--) {
            path.append('/').append(LEVELS[random.nextInt(kinds)]);
        }
        return path.toString();
    }

    private static boolean model(String[] filter, String[] topic) {
        if (topic[0].startsWith("$") && (filter[0].equals("+") || filter[0].equals("#"))) {
            return false;
        }
        for (int i = 0; i < filter.length; i++) {
            if (filter[i].equals("#")) {
                return topic.length >= i;
            }
            if (i >= topic.length || !filter[i].equals("+") && !filter[i].equals(topic[i])) {
                return false;
            }
        }
        return filter.length == topic.length;
    }
}
