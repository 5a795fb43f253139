/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConfigReaderTest {
    private enum Policy {
        DROP_OLDEST,
        BLOCK
    }

    @Test
    void readsEachTypeFromText() {
        ConfigReader config = ConfigReader.of(Map.of(
                "host",
                " 127.0.0.1 ",
                "port",
                "1883",
                "on",
                "true",
                "wait",
                "500ms",
                "queue",
                "256MiB",
                "policy",
                "drop-oldest"));

        assertThat(config.text("host", "")).isEqualTo("127.0.0.1");
        assertThat(config.integer("port", 0, 1, 65_535)).isEqualTo(1883);
        assertThat(config.flag("on", false)).isTrue();
        assertThat(config.duration("wait", Duration.ZERO, Duration.ZERO, Duration.ofDays(1)))
                .isEqualTo(Duration.ofMillis(500));
        assertThat(config.size("queue", 0, 0, Long.MAX_VALUE)).isEqualTo(256L << 20);
        assertThat(config.choice("policy", Policy.class, Policy.BLOCK)).isEqualTo(Policy.DROP_OLDEST);
        assertThat(config.errors()).isEmpty();
    }

    @Test
    void readsTypedValuesAsTheirText() {
        ConfigReader config =
                ConfigReader.of(Map.of("port", 1883, "on", Boolean.FALSE, "hosts", new String[] {"a", "b"}));

        assertThat(config.integer("port", 0, 1, 65_535)).isEqualTo(1883);
        assertThat(config.flag("on", true)).isFalse();
        assertThat(config.text("hosts")).contains("a, b");
        assertThat(config.errors()).isEmpty();
    }

    @Test
    void takesTheDefaultOfWhatIsNotThere() {
        ConfigReader config = ConfigReader.of(Map.of());

        assertThat(config.integer("port", 1883, 1, 65_535)).isEqualTo(1883);
        assertThat(config.duration("wait", Duration.ofSeconds(1), Duration.ZERO, Duration.ofDays(1)))
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(config.errors()).isEmpty();
    }

    @Test
    void collectsEveryErrorAndGoesOnWithDefaults() {
        ConfigReader config = ConfigReader.of(Map.of("port", "70000", "wait", "10", "on", "yes"));

        assertThat(config.integer("port", 1883, 1, 65_535)).isEqualTo(1883);
        assertThat(config.duration("wait", Duration.ofSeconds(1), Duration.ZERO, Duration.ofHours(1)))
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(config.flag("on", true)).isTrue();
        assertThat(config.required("server", "mqtt://host:port")).isEmpty();

        assertThat(config.errors())
                .containsExactly(
                        "port: 70000 is out of bounds; allowed is 1 to 65535",
                        "wait: \"10\" has no unit; allowed is 0ms to 1h (units ms, s, m, h, d)",
                        "on: \"yes\" is none of the words it may be; allowed is false, true",
                        "server: is missing; allowed is mqtt://host:port");
    }

    @Test
    void namesTheNearestKeyForAnUnknownOne() {
        ConfigReader config = ConfigReader.of(Map.of("keepalvie", "60s", "foward.a", "x", "unrelated", "1"));
        config.text("keepalive");
        config.text("server");
        config.startingWith("forward.");

        assertThat(config.errors())
                .containsExactly(
                        "foward.a: is not a key; did you mean forward.a?",
                        "keepalvie: is not a key; did you mean keepalive?",
                        "unrelated: is not a key; allowed are forward.<name>, keepalive, server");
    }

    @Test
    void ignoresWhatTheFrameworkAdds() {
        ConfigReader config = ConfigReader.of(Map.of(
                "service.pid", "p", "component.name", "c", "felix.fileinstall.filename", "file:x", ".private", "x"));

        assertThat(config.errors()).isEmpty();
    }

    @Test
    void refusesEmptyValuesAndUnfilledPlaceholdersWithoutShowingThem() {
        ConfigReader config = ConfigReader.of(Map.of("user", "", "password", "hunter2$[env:MISSING]"));

        assertThat(config.text("user")).isEmpty();
        assertThat(config.text("password")).isEmpty();
        assertThat(config.errors()).hasSize(2).noneMatch(error -> error.contains("hunter2"));
    }

    @Test
    void findsKeysByPrefixInAlphabeticalOrder() {
        ConfigReader config = ConfigReader.of(Map.of("forward.b", "2", "forward.a", "1", "forwards", "3"));

        assertThat(config.startingWith("forward.")).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
        assertThat(config.errors()).containsExactly("forwards: is not a key; did you mean forward.a?");
    }

    @Test
    void saysInFewWordsWhatIsWrongWithAFileThatIsNoneOfOurs() {
        Map<String, String> file = new HashMap<>();
        IntStream.range(0, 1000).forEach(i -> file.put("x".repeat(100_000) + i, "y"));
        ConfigReader config = ConfigReader.of(file);
        config.text("server");
        config.error("server", "z".repeat(100_000));

        assertThat(config.errors())
                .hasSize(21)
                .endsWith("and 981 more")
                .allSatisfy(error -> assertThat(error).hasSizeLessThan(700));
    }

    @Test
    void countsErrorsBeyondTheFirst() {
        ConfigReader config = ConfigReader.of(Map.of());
        IntStream.range(0, 50).forEach(i -> config.error("key" + i, "is wrong"));

        assertThat(config.errors()).hasSize(21).startsWith("key0: is wrong").endsWith("and 30 more");
    }

    @Test
    void refusesWhatWasNotReadableAsUtf8() {
        ConfigReader config = ConfigReader.of(Map.of("server", "m\uFFFDnchen", "forward.\uFFFD", "a", "\u001b\n", "x"));
        assertThat(config.text("server")).isEmpty();
        assertThat(config.startingWith("forward.")).isEmpty();

        assertThat(config.errors())
                .hasSize(3)
                .anyMatch(error -> error.startsWith("??: is not a key"))
                .filteredOn(error -> error.contains("is not UTF-8"))
                .hasSize(2);
    }

    @Test
    void countsEditsWithNeighboursSwapped() {
        assertThat(Nearest.edits("keepalive", "keepalvie")).isEqualTo(1);
        assertThat(Nearest.edits("", "abc")).isEqualTo(3);
        assertThat(Nearest.edits("kitten", "sitting")).isEqualTo(3);
        assertThat(Nearest.to("zzz", List.of("server"))).isEmpty();
    }
}
