/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A configuration as in a cfg file: a key and a value on each line. */
class ConfigReaderFuzzTest {

    @FuzzTest
    void readsWithinItsBoundsOrSaysWhatIsWrong(byte[] input) {
        Map<String, String> values = new HashMap<>();
        for (String line : new String(input, UTF_8).split("\n")) {
            int equals = line.indexOf('=');
            values.put(
                    line.substring(0, Math.max(0, equals)).strip(),
                    line.substring(equals + 1).strip());
        }
        ConfigReader reader = ConfigReader.of(values);
        reader.text("text");
        reader.flag("flag", true);
        reader.choice("choice", Map.of("one", 1, "two", 2), 1);
        assertThat(reader.integer("integer", 7, 1, 65_535)).isBetween(1, 65_535);
        assertThat(reader.number("number", 7, 1, Long.MAX_VALUE)).isPositive();
        assertThat(reader.size("size", 1024, 1, Long.MAX_VALUE)).isPositive();
        assertThat(reader.duration("duration", Duration.ofSeconds(1), Duration.ZERO, Duration.ofDays(1)))
                .isBetween(Duration.ZERO, Duration.ofDays(1));
        reader.startingWith("forward.");
        assertThat(reader.errors()).allSatisfy(error -> assertThat(error).isNotBlank());
    }
}
