/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import java.nio.charset.StandardCharsets;

/**
 * Protocol Name and Level, read before anything else of a CONNECT: they say how the rest is to be read (MQTT 5.0, section 3.1.2.1).
 *
 * @param bridge whether the level bore the bit 0x80 by which 3.x bridges announce themselves
 */
record ConnectPrefix(MqttVersion version, boolean bridge) {
    static final int BRIDGE_BIT = 0x80;

    static ConnectPrefix read(FieldReader fields) {
        String name = new String(fields.binary(), StandardCharsets.UTF_8);
        int level = fields.unsignedByte();
        boolean bridge = (level & BRIDGE_BIT) != 0 && (level & ~BRIDGE_BIT) < 5;
        int plainLevel = bridge ? level & ~BRIDGE_BIT : level;
        for (MqttVersion version : MqttVersion.values()) {
            String expected = version == MqttVersion.MQTT_3_1 ? "MQIsdp" : "MQTT";
            if (version.protocolLevel() == plainLevel && expected.equals(name)) {
                return new ConnectPrefix(version, bridge);
            }
        }
        throw new MqttFormatException( // [MQTT-3.1.2-1, MQTT-3.1.2-2]
                ReasonCode.UNSUPPORTED_PROTOCOL_VERSION,
                "CONNECT with protocol \"" + printable(name) + "\" level " + level
                        + ", spoken are MQTT 4 and 5 and MQIsdp 3");
    }

    private static String printable(String name) {
        String cut = name.length() > 12 ? name.substring(0, 12) + "…" : name;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
