/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.BridgeReader;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BridgeConfigTest {

    @Test
    void declaresTheDefaultsThatAreRead() {
        Map<String, Object> minimal = Map.of("server", "mqtt://h", "forward.a", "a");
        Map<String, Object> declared = new HashMap<>(minimal);
        for (Method key : BridgeConfig.class.getDeclaredMethods()) {
            if (key.getDefaultValue() != null) {
                declared.put(key.getName().replace('_', '.'), key.getDefaultValue());
            }
        }

        assertThat(declared).hasSizeGreaterThan(7);
        assertThat(read(declared)).isEqualTo(read(minimal));
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
