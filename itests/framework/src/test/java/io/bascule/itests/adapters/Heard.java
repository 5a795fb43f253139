/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.adapters;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** An event as a handler got it. */
record Heard(String topic, Map<String, Object> properties) {

    /** The payload of the message that it was, as text; of an event that never was a message its text. */
    String text() {
        Object payload = properties.get("mqtt.payload");
        return payload instanceof byte[] bytes
                ? new String(bytes, StandardCharsets.UTF_8)
                : String.valueOf(properties.get("text"));
    }
}
