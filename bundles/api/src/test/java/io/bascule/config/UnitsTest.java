/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @ValueSource(strings = {"0ms", "500ms", "60s", "5m", "90s", "2h", "7d", "86400001ms"})
    void readsBackTheDurationsItWrites(String text) {
        Duration duration = Durations.parse(text);

        assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
    }

    @Test
    void writesTheLargestUnitWithoutRemainder() {
        assertThat(Durations.format(Duration.ofSeconds(60))).isEqualTo("1m");
        assertThat(Durations.format(Duration.ofSeconds(90))).isEqualTo("90s");
        assertThat(Sizes.format(256L << 20)).isEqualTo("256MiB");
        assertThat(Sizes.format(1500)).isEqualTo("1500B");
    }

    @Test
    void readsDecimalAndBinarySizes() {
        assertThat(Sizes.parse("1KiB")).isEqualTo(1024);
        assertThat(Sizes.parse("1 kB")).isEqualTo(1000);
        assertThat(Sizes.parse("4096")).isEqualTo(4096);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "60", "-1s", "1.5s", "1 parsec", "99999999999999999999s", "9223372036854775807d"})
    void refusesWhatIsNoDuration(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse(text));
    }
}
