/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.codec;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.UserProperty;
import java.util.List;
import java.util.Optional;

/** A packet of the hot path. Where it is a PUBLISH it has a topic of four levels and a payload of 64 bytes. */
public enum Sample {
    PUBLISH_QOS_0_V3(MqttVersion.MQTT_3_1_1, QoS.AT_MOST_ONCE, false),
    PUBLISH_QOS_1_V3(MqttVersion.MQTT_3_1_1, QoS.AT_LEAST_ONCE, false),
    PUBLISH_QOS_0_V5(MqttVersion.MQTT_5, QoS.AT_MOST_ONCE, false),
    PUBLISH_QOS_1_V5(MqttVersion.MQTT_5, QoS.AT_LEAST_ONCE, false),
    /** With a Content Type, Correlation Data and two User Properties. */
    PUBLISH_QOS_1_V5_PROPERTIES(MqttVersion.MQTT_5, QoS.AT_LEAST_ONCE, true),
    /** Each to a topic that was not published to lately. */
    PUBLISH_QOS_0_V3_NEW_TOPICS(MqttVersion.MQTT_3_1_1, QoS.AT_MOST_ONCE, false),
    PUBACK(MqttVersion.MQTT_5, QoS.AT_LEAST_ONCE, false);

    /** Packets that come in one read, and leave in one turn of the event loop. */
    static final int BATCH = 64;

    private static final int PAYLOAD = 64;
    private static final MessageProperties PROPERTIES = new MessageProperties(
            Optional.empty(),
            Optional.of("application/json"),
            Optional.empty(),
            Optional.of(new byte[16]),
            List.of(new UserProperty("site", "hall 7"), new UserProperty("unit", "bar")));

    private final MqttVersion version;
    private final QoS qos;
    private final boolean withProperties;

    Sample(MqttVersion version, QoS qos, boolean withProperties) {
        this.version = version;
        this.qos = qos;
        this.withProperties = withProperties;
    }

    MqttVersion version() {
        return version;
    }

    /** How many batches there are, one after the other. */
    int batches() {
        return this == PUBLISH_QOS_0_V3_NEW_TOPICS ? 1024 : 1;
    }

    /** What the PUBLISH of this number says. */
    Message message(int number) {
        Topic topic = Topic.of("plant/7/device-" + number + "/temperature");
        return Message.of(topic, new byte[PAYLOAD], qos, false)
                .withProperties(withProperties ? PROPERTIES : MessageProperties.NONE);
    }
}
