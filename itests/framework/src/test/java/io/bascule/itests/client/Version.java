/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.client;

/** The protocol versions under test, with the names they go by elsewhere. */
public enum Version {
    MQTT_3_1_1("mqttv311", "3.1.1", 4),
    MQTT_5("mqttv5", "5.0", 5);

    private final String mosquitto;
    private final String number;
    private final int level;

    Version(String mosquitto, String number, int level) {
        this.mosquitto = mosquitto;
        this.number = number;
        this.level = level;
    }

    /** What Mosquitto's clients call it. */
    public String mosquitto() {
        return mosquitto;
    }

    /** What the specification calls it. */
    public String number() {
        return number;
    }

    /** The protocol level in CONNECT. */
    public int level() {
        return level;
    }
}
