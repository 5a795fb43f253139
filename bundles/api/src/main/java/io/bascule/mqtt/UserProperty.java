/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.mqtt;

import java.util.Objects;

/** A User Property: a name and a value, which may occur more than once and whose order is kept [MQTT-3.3.2-18]. */
public record UserProperty(String name, String value) {
    public UserProperty {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
    }
}
