/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeConfigurations.Difference;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AskedTest {

    @Test
    void showsWhatDiffers() {
        Asked asked = Asked.of(Map.of("server", "mqtt://h", "keepalive", "6", "password", "hunter2", "user", "u"));
        Asked inForce = Asked.of(Map.of("server", "mqtt://h", "keepalive", "60s", "password", "hunter3"));

        assertThat(asked.differences(inForce))
                .containsExactly(
                        new Difference("keepalive", Optional.of("6"), Optional.of("60s")),
                        new Difference("password", Optional.of("***"), Optional.of("another")),
                        new Difference("user", Optional.of("u"), Optional.empty()));
        assertThat(asked.against(inForce))
                .isEqualTo(
                        "keepalive = 6 (in force: 60s), password = *** (in force: another), user = u (in force: nothing)");
        assertThat(asked.differences(asked)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"200", "1000", "2500"})
    void comparesRulesBeyondWhatIsShown(int length) {
        String rule = "a/" + "x".repeat(length);
        Asked asked = Asked.of(Map.of("forward.a", rule + "y"));

        assertThat(asked.differences(Asked.of(Map.of("forward.a", rule + "z"))))
                .singleElement()
                .satisfies(difference -> {
                    assertThat(difference.asked())
                            .hasValueSatisfying(it -> assertThat(it).hasSizeLessThan(250));
                    assertThat(difference.inForce()).hasValue("another");
                });
    }

    @Test
    void comparesServersByWhatIsNotShown() {
        Asked asked = Asked.of(Map.of("server", "wss://h/mqtt?token=hunter2"));
        Asked inForce = Asked.of(Map.of("server", "wss://h/mqtt?token=hunter3"));

        assertThat(asked.against(inForce)).isEqualTo("server = wss://h/mqtt?*** (in force: another)");
    }

    @Test
    void tellsLongKeysApart() {
        String key = "forward." + "x".repeat(300);

        assertThat(Asked.of(Map.of(key + "1", "a", key + "2", "b")).differences(Asked.of(Map.of())))
                .hasSize(2)
                .allSatisfy(difference -> assertThat(difference.key()).hasSizeLessThan(210));
    }
}
