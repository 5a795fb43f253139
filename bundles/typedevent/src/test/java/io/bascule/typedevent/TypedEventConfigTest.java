/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.typedevent;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.event.EventRoutes;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypedEventConfigTest {

    @Test
    void declaresTheKeysAndDefaultsThatAreRead() {
        Map<String, Object> minimal = Map.of("out.a", "a");
        Map<String, Object> declared = new HashMap<>(minimal);
        for (Method key : TypedEventConfig.class.getDeclaredMethods()) {
            declared.put(key.getName().replace('_', '.'), key.getDefaultValue());
        }

        EventRoutes read = EventRoutes.read(TypedEventComponent.PID, declared);
        assertThat(declared).hasSizeGreaterThan(1);
        assertThat(read.errors()).isEmpty();
        assertThat(read).isEqualTo(EventRoutes.read(TypedEventComponent.PID, minimal));
    }
}
