/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void letsNothingThroughThatATerminalObeys() {
        assertThat(Text.of("\u001b[2J\u009b31m\u0007")).isEqualTo("\\u001b[2J\\u009b31m\\u0007");
        assertThat(Text.of("a\nb\r\tc")).isEqualTo("a\\nb\\r\\tc");
        assertThat(Text.of("\u202egpj.exe")).isEqualTo("\\u202egpj.exe");
        assertThat(Text.of("half \ud800")).isEqualTo("half \\ud800");
    }

    @Test
    void leavesTextOfEveryLanguageAlone() {
        assertThat(Text.of("Größe 温度 حرارة 😀")).isEqualTo("Größe 温度 حرارة 😀");
    }

    @Test
    void writesValuesForPeople() {
        assertThat(Text.of(true)).isEqualTo("yes");
        assertThat(Text.of(false)).isEqualTo("no");
        assertThat(Text.of(Optional.empty())).isEqualTo("-");
        assertThat(Text.of(Optional.of("x"))).isEqualTo("x");
        assertThat(Text.of(List.of("a", "b"))).isEqualTo("a, b");
        assertThat(Text.of(List.of())).isEqualTo("-");
    }

    @Test
    void showsCountsThatAreNotZero() {
        assertThat(Text.of(Map.of("full", 3L, "expired", 0L, "acl", 1L))).isEqualTo("acl 1, full 3");
        assertThat(Text.of(Map.of("full", 0L))).isEqualTo("-");
    }

    @Test
    void showsTheTwoLargestUnitsOfADuration() {
        assertThat(Text.of(Duration.ofSeconds(90_061))).isEqualTo("1 d 1 h");
        assertThat(Text.of(Duration.ofSeconds(61))).isEqualTo("1 min 1 s");
        assertThat(Text.of(Duration.ofMillis(20))).isEqualTo("0 s");
    }

    @Test
    void showsBytesWithAUnit() {
        assertThat(Text.of(new ByteCount(1023))).isEqualTo("1023 B");
        assertThat(Text.of(new ByteCount(1536))).isEqualTo("1.5 KiB");
        assertThat(Text.of(new ByteCount(256L << 20))).isEqualTo("256.0 MiB");
        assertThat(Text.of(new ByteCount(Long.MAX_VALUE))).isEqualTo("8388608.0 TiB");
    }
}
