/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Topic Aliases (MQTT 5.0, section 3.3.2.3.4). That the broker sends none that it may not is the {@link Referee}'s to judge. */
class TopicAliasTest extends BrokerTestBase {

    private static MqttProperties alias(int alias) {
        MqttProperties properties = new MqttProperties();
        properties.add(new MqttProperties.IntegerProperty(MqttProperties.TOPIC_ALIAS, alias));
        return properties;
    }

    private static void publish(TestClient client, String topic, String payload, int alias) {
        client.publish(topic, payload, 0, 0, false, false, alias(alias));
    }

    private int maximum() {
        TestClient client = tracked(TestClient.sending(broker.port(), TestClient.v5("alias-maximum")));
        int maximum = (Integer) client.await(CONNACK).property(MqttProperties.TOPIC_ALIAS_MAXIMUM);
        client.disconnect();
        return maximum;
    }

    @Test
    @Statement(v5 = "MQTT-3.3.2-12")
    void takesEachThatItAllows() {
        int maximum = maximum();
        TestClient client = connect(TestClient.v5("alias-each"));
        client.subscribe("alias/#", 0);
        for (int alias = maximum; alias >= 1; alias--) {
            publish(client, "alias/" + alias, "first", alias);
            assertThat(client.message().line()).isEqualTo("alias/" + alias + "=first q0");
        }
        for (int alias = 1; alias <= maximum; alias++) {
            publish(client, "", "again", alias);
            assertThat(client.message().line()).isEqualTo("alias/" + alias + "=again q0");
        }
        publish(client, "alias/other", "x", 1); // means something else now
        publish(client, "", "y", 1);
        publish(client, "", "z", 2);
        assertThat(client.lines(3)).containsExactly("alias/other=x q0", "alias/other=y q0", "alias/2=z q0");
    }

    @Test
    void standsForTheTopicInEachQos() {
        TestClient client = connect(TestClient.v5("alias-qos"));
        client.subscribe("alias/qos", 2);
        client.publish("alias/qos", "1", 1, 1, false, false, alias(3));
        client.answer(PUBACK);
        client.publish("", "2", 2, 2, true, false, alias(3));
        client.answer(PUBREC);
        assertThat(client.lines(2)).containsExactly("alias/qos=1 q1 #1", "alias/qos=2 q2 #2");
        TestClient late = connect(TestClient.v5("alias-late"));
        late.subscribe("alias/qos", 0);
        assertThat(late.message().line()).isEqualTo("alias/qos=2 q0 retain");
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.2-8", "MQTT-4.13.1-1"})
    void refusesThoseOutOfBounds() {
        for (int alias : new int[] {0, maximum() + 1, 65_535}) {
            TestClient client = connect(TestClient.v5("alias-bounds"));
            publish(client, "alias/bounds", "x", alias);
            client.awaitRefusal(0x94);
        }
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.2-7", "MQTT-4.13.1-1"})
    void forgetsThemWithTheirConnection() {
        TestClient first = connect(TestClient.v5("alias-forgets").lasting(100));
        publish(first, "alias/forgets", "x", 1);
        first.expectNothing();
        drop(first, "alias-forgets");
        TestClient back = connect(TestClient.v5("alias-forgets").resuming().lasting(100));
        publish(back, "", "x", 1);
        back.awaitRefusal(0x82);
        TestClient other = connect(TestClient.v5("alias-owner"));
        publish(other, "alias/owner", "x", 1);
        other.expectNothing();
        TestClient stranger = connect(TestClient.v5("alias-stranger"));
        publish(stranger, "", "x", 1);
        stranger.awaitRefusal(0x82);
    }

    @Test
    @Statement(v5 = "MQTT-4.13.1-1")
    void refusesAllWhereItAllowsNone() {
        try (TestBroker without = new TestBroker(Map.of("topic.alias.maximum", 0), Map.of());
                TestClient client = TestClient.sending(without.port(), TestClient.v5("alias-none"))) {
            assertThat(client.await(CONNACK).property(MqttProperties.TOPIC_ALIAS_MAXIMUM))
                    .isIn(null, 0);
            publish(client, "alias/none", "x", 1);
            client.awaitRefusal(0x94);
        }
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-26", "MQTT-3.1.2-27", "MQTT-3.3.2-11"})
    void sendsNoMoreThanTheClientAllows() {
        TestClient none = connect(TestClient.v5("alias-out-none"));
        TestClient zero = connect(TestClient.v5("alias-out-0").with(MqttProperties.TOPIC_ALIAS_MAXIMUM, 0));
        TestClient two = connect(TestClient.v5("alias-out-2").with(MqttProperties.TOPIC_ALIAS_MAXIMUM, 2));
        none.subscribe("alias/out/#", 0);
        zero.subscribe("alias/out/#", 0);
        two.subscribe("alias/out/#", 0);
        TestClient publisher = connect(TestClient.v5("alias-out"));
        for (int i = 0; i < 40; i++) {
            String topic = "alias/out/" + i % 4;
            publish(publisher, topic, "x", 1 + i % 3); // its own aliases are nobody else's
            assertThat(none.message().topic()).isEqualTo(topic);
            assertThat(zero.message().topic()).isEqualTo(topic);
            Object alias = two.message().property(MqttProperties.TOPIC_ALIAS);
            assertThat(alias == null || (Integer) alias <= 2).isTrue();
        }
    }
}
