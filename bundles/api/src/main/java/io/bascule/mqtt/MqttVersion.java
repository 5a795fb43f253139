/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.mqtt;

/** The protocol versions that Bascule speaks. */
public enum MqttVersion {
    MQTT_3_1("3.1", 3),
    MQTT_3_1_1("3.1.1", 4),
    MQTT_5("5.0", 5);

    private final String number;
    private final int protocolLevel;

    MqttVersion(String number, int protocolLevel) {
        this.number = number;
        this.protocolLevel = protocolLevel;
    }

    /** The Protocol Level (3.x) or Protocol Version (5.0) byte of CONNECT. */
    public int protocolLevel() {
        return protocolLevel;
    }

    /** The specification's number, such as {@code 3.1.1}. */
    @Override
    public String toString() {
        return number;
    }
}
