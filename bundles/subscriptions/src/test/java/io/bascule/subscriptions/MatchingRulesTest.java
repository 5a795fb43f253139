/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Cve;
import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.TopicFilter;
import io.bascule.subscriptions.internal.RadixSubscriptionTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section 4.7 of MQTT 5.0, statement by statement and example by example. */
class MatchingRulesTest {
    private final SubscriptionTree<String, String> tree = new RadixSubscriptionTree<>();

    @ParameterizedTest
    @CsvSource({
        // Names, case-sensitive and not normalised [MQTT-4.7.3-4].
        "a, a",
        "a/b/c, a/b/c",
        "/finance, /finance",
        "a/, a/",
        "/, /",
        "a//b, a//b",
        "Accounts payable, Accounts payable",
        "'Straße/Ω/\uD83D\uDE80', 'Straße/Ω/\uD83D\uDE80'",
        // The multi-level wildcard, which includes the parent level (section 4.7.1.2).
        "#, a",
        "#, a/b/c",
        "#, /",
        "sport/tennis/player1/#, sport/tennis/player1",
        "sport/tennis/player1/#, sport/tennis/player1/ranking",
        "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon",
        "sport/#, sport",
        "a/#, a/",
        "/#, /a",
        // The single-level wildcard (section 4.7.1.3).
        "+, a",
        "+, finance",
        "sport/tennis/+, sport/tennis/player1",
        "sport/+, sport/",
        "+/+, /finance",
        "/+, /finance",
        "+/tennis/#, sport/tennis",
        "+/tennis/#, sport/tennis/player1/ranking",
        "+/+/+, a//",
        "a/+/#, a/b",
        "+/#, a",
        // Reserved topics, by their names (section 4.7.2).
        "$SYS/#, $SYS",
        "$SYS/#, $SYS/uptime",
        "$SYS/monitor/+, $SYS/monitor/Clients",
        "a/#, a/$b",
        "+/$b, a/$b",
    })
    @Statement(v5 = "MQTT-4.7.3-4", v311 = "MQTT-4.7.3-4")
    void matches(String filter, String topic) {
        tree.subscribe(TopicFilter.of(filter), "subscriber", "found");

        assertThat(MatchRecorder.found(tree, topic)).containsExactly("found");
    }

    @ParameterizedTest
    @CsvSource({
        "a, A",
        "a, b",
        "a, a/",
        "a, /a",
        "a/, a",
        "a/b, a",
        "a/b, a/b/c",
        "a/b, a/bc",
        "a/bc, a/b",
        "a//b, a/b",
        "sport/tennis/+, sport/tennis/player1/ranking",
        "sport/+, sport",
        "+, /finance",
        "+/+, a",
        "+/+, a/b/c",
        "a/+/#, a",
        "a/#, ab",
        "a/b/#, a",
        // A Topic Filter that starts with a wildcard never matches a Topic Name that starts with $ [MQTT-4.7.2-1].
        "#, $SYS",
        "#, $SYS/uptime",
        "+, $SYS",
        "+/monitor/Clients, $SYS/monitor/Clients",
        "+/#, $SYS/uptime",
    })
    @Statement(
            v5 = {"MQTT-4.7.2-1", "MQTT-4.7.3-4"},
            v311 = {"MQTT-4.7.2-1", "MQTT-4.7.3-4"})
    void doesNotMatch(String filter, String topic) {
        tree.subscribe(TopicFilter.of(filter), "subscriber", "found");

        assertThat(MatchRecorder.found(tree, topic)).isEmpty();
    }

    @Test
    void reservedTopicsMeetTheirNameBesideWildcards() {
        tree.subscribe(TopicFilter.of("#"), "s", "#");
        tree.subscribe(TopicFilter.of("+/x"), "s", "+/x");
        tree.subscribe(TopicFilter.of("$SYS/+"), "s", "$SYS/+");

        assertThat(MatchRecorder.found(tree, "$SYS/x")).containsExactly("$SYS/+");
        assertThat(MatchRecorder.found(tree, "SYS/x")).containsExactly("#", "+/x");
    }

    @Test
    void followsNamesAndWildcardsWhereTheyPart() {
        for (String filter : new String[] {"a/b/c", "a/b/+", "a/+/c", "a/+/+", "+/b/c", "+/+/+", "a/b/#", "a/#", "#"}) {
            tree.subscribe(TopicFilter.of(filter), "s", filter);
        }
        tree.subscribe(TopicFilter.of("a/b"), "s", "not this");
        tree.subscribe(TopicFilter.of("a/+/d"), "s", "nor this");

        assertThat(MatchRecorder.found(tree, "a/b/c"))
                .containsExactlyInAnyOrder("a/b/c", "a/b/+", "a/+/c", "a/+/+", "+/b/c", "+/+/+", "a/b/#", "a/#", "#");
    }

    @Test
    @Cve("CVE-2019-11779")
    void matchesTopicsOfAsManyLevelsAsFit() {
        String deep = "/".repeat(65_535);
        tree.subscribe(TopicFilter.of(deep), "s", "name");
        tree.subscribe(TopicFilter.of("+/".repeat(32_767) + "#"), "s", "wildcards");

        assertThat(MatchRecorder.found(tree, deep)).containsExactly("name", "wildcards");
    }
}
