/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.BridgeReader;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BridgeConfigTest {

    @Test
    void declaresTheDefaultsThatAreRead() {
        Map<String, Object> minimal = Map.of("server", "mqtt://h", "forward.a", "a");
        Map<String, Object> declared = defaults();
        declared.putAll(minimal);

        assertThat(declared).hasSizeGreaterThan(7);
        assertThat(read(declared)).isEqualTo(read(minimal));
    }

    /** A console may write down every default that it draws into its form. */
    @ParameterizedTest
    @CsvSource({
        "round.robin,   true",
        "start.type,    manual",
        "start.type,    lazy",
        "clean.start,   true",
        "protocol,      3.1.1",
        "protocol,      auto",
        "connections,   2",
        "reconnect.max, 2s",
        "profile,       aws-iot",
        "profile,       azure-eventgrid",
        "profile,       azure-iothub",
        "profile,       emqx-cloud",
        "profile,       hivemq-cloud",
    })
    void declaresNoDefaultThatKeepsFromAnotherKey(String key, String value) {
        Map<String, Object> form = defaults();
        form.putAll(Map.of("server", "mqtts://h", "forward.a", "a", key, value));
        Map<String, Object> file = Map.of("server", "mqtts://h", "forward.a", "a", key, value);

        assertThat(read(form)).isEqualTo(read(file));
    }

    private static Map<String, Object> defaults() {
        Map<String, Object> defaults = new HashMap<>();
        for (Method key : BridgeConfig.class.getDeclaredMethods()) {
            if (key.getDefaultValue() != null) {
                defaults.put(key.getName().replace('_', '.'), key.getDefaultValue());
            }
        }
        return defaults;
    }

    @Test
    void declaresNoKeyThatIsNotRead() {
        Map<String, Object> all = new HashMap<>();
        for (Method key : BridgeConfig.class.getDeclaredMethods()) {
            all.put(key.getName().replace('_', '.'), "x");
        }

        assertThat(BridgeReader.read("x", all).errors()).noneMatch(error -> error.contains("is not a key"));
    }

    @Test
    void takesItsNameFromTheFile() {
        assertThat(BridgeComponent.name("io.bascule.bridge~emqx-1")).isEqualTo("emqx-1");
        assertThat(BridgeComponent.name("io.bascule.bridge.0a1b")).isEqualTo("0a1b");
    }

    private static BridgeDefinition read(Map<String, Object> properties) {
        BridgeReader.Result result = BridgeReader.read("x", properties);
        assertThat(result.errors()).isEmpty();
        return result.definition().orElseThrow();
    }
}
