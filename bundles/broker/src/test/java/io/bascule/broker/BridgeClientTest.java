/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Broker;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import org.junit.jupiter.api.Test;

/** What a client gets that says it is a bridge: before 5.0 by the bit 0x80 of its protocol level, in 5.0 by a User Property. */
class BridgeClientTest extends BrokerTestBase {
    private static final int BRIDGE = 0x80;
    private static final int CLEAN = 0x02;

    @Test
    void keepsItsOwnMessagesFromABridgeBefore5AndRetainAsItWasPublished() {
        for (MqttVersion version : new MqttVersion[] {MqttVersion.MQTT_3_1, MqttVersion.MQTT_3_1_1}) {
            String topic = name("bridged", version);
            TestClient bridge = connect(version, BRIDGE | version.protocolLevel(), name("bridge", version));
            TestClient other = connect(version, name("other", version));
            bridge.subscribe(topic, 1);

            bridge.publishAcknowledged(topic, "own");
            other.retain(topic, "other");

            assertThat(bridge.message().line()).isEqualTo(topic + "=other q1 #1 retain");
        }
    }

    @Test
    void sendsAClientBefore5WithoutTheBitItsOwnMessages() {
        TestClient client = connect(MqttVersion.MQTT_3_1_1, 4, "no-bridge");
        client.subscribe("plain", 1);

        client.retain("plain", "own");

        assertThat(client.message().line()).isEqualTo("plain=own q1 #1");
    }

    @Test
    void sharesASubscriptionWithABridgeThatGetsItsOwnMessages() {
        TestClient bridge = connect(MqttVersion.MQTT_3_1_1, BRIDGE | 4, "sharing");
        bridge.subscribe("$share/g/shared", 1);

        bridge.publishAcknowledged("shared", "own");

        assertThat(bridge.message().payload()).isEqualTo("own"); // No Local is not for it [MQTT-3.8.3-4]
    }

    @Test
    void tellsABridgeWhichBrokerItHasComeTo() {
        TestClient.Connect asking = TestClient.v5("asking");
        asking.properties.add(new MqttProperties.UserProperty(Broker.ID_PROPERTY, "another"));
        TestClient bridge = tracked(TestClient.sending(broker.port(), asking));
        TestClient client = tracked(TestClient.sending(broker.port(), TestClient.v5("silent")));

        assertThat(bridge.await(CONNACK).properties(MqttProperties.USER_PROPERTY))
                .containsExactly(new MqttProperties.StringPair(
                        Broker.ID_PROPERTY, broker.broker().id()));
        assertThat(client.await(CONNACK).properties(MqttProperties.USER_PROPERTY))
                .isEmpty();
        assertThat(broker.broker().id()).matches("[A-Za-z0-9_-]{16}");
    }

    private TestClient connect(MqttVersion version, int level, String clientId) {
        TestClient client = tracked(TestClient.tcp(broker.port(), version));
        client.send(Bytes.of()
                .utf8(version.protocolName())
                .u8(level, CLEAN)
                .u16(0)
                .utf8(clientId)
                .packet(0x10));
        assertThat(client.await(CONNACK).code()).isZero();
        return client;
    }
}
