/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.wire;

/** The versions of the protocol. */
public enum Version {
    V3_1("MQIsdp", 3, "3.1"),
    V3_1_1("MQTT", 4, "3.1.1"),
    V5("MQTT", 5, "5.0");

    private final String protocolName;
    private final int level;
    private final String text;

    Version(String protocolName, int level, String text) {
        this.protocolName = protocolName;
        this.level = level;
        this.text = text;
    }

    /** The protocol name that belongs into its CONNECT. */
    public String protocolName() {
        return protocolName;
    }

    /** The protocol level that belongs into its CONNECT. */
    public int level() {
        return level;
    }

    /** Whether packets have properties and reason codes. */
    public boolean hasProperties() {
        return this == V5;
    }

    @Override
    public String toString() {
        return text;
    }
}
