/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.DISCONNECT;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.SUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SUBSCRIBE and its answer (sections 3.8 and 3.9 of both specifications). */
class SubscribePacketTest extends BrokerTestBase {
    private static final MqttVersion FIVE = MqttVersion.MQTT_5;

    private static int failure(MqttVersion version) {
        return switch (version) {
            case MQTT_3_1 -> 0; // its SUBACK has grants alone
            case MQTT_3_1_1 -> 0x80;
            case MQTT_5 -> 0x8F;
        };
    }

    private static byte[] subscribe(MqttVersion version, int id, Bytes subscriptions) {
        return Bytes.of()
                .u16(id)
                .noProperties(version)
                .raw(subscriptions.toArray())
                .packet(0x82);
    }

    private static byte[] subscribe(Bytes properties) {
        return Bytes.of().u16(1).properties(FIVE, properties).utf8("t").u8(0).packet(0x82);
    }

    private TestClient after(MqttVersion version, byte[] packet) {
        TestClient client = connect(version, name("subscribe", version));
        client.send(packet);
        return client;
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {
                "MQTT-2.2.1-6",
                "MQTT-3.8.4-1",
                "MQTT-3.8.4-2",
                "MQTT-3.8.4-5",
                "MQTT-3.8.4-6",
                "MQTT-3.8.4-7",
                "MQTT-3.9.3-1",
                "MQTT-3.9.3-2"
            },
            v311 = {
                "MQTT-2.3.1-7",
                "MQTT-3.8.3-2",
                "MQTT-3.8.4-1",
                "MQTT-3.8.4-2",
                "MQTT-3.8.4-4",
                "MQTT-3.9.3-1",
                "MQTT-3.9.3-2"
            })
    void answersEachFilterInOrderInOnePacket(MqttVersion version) {
        TestClient client = connect(version, name("order", version));
        Bytes filters = Bytes.of();
        for (String filter : List.of("two", "bad#", "#", "one/+/x", "$share/g/one")) {
            filters.utf8(name(filter, version)).u8(filter.startsWith("two") ? 2 : 1);
        }
        filters.utf8("zero").u8(0).utf8("two/#").u8(2);
        for (int id : new int[] {1, 256, 65_535}) {
            client.send(subscribe(version, id, filters));
            Packet subAck = client.await(SUBACK);
            assertThat(subAck.id()).isEqualTo(id);
            // "#-3" and the like are no filters: a wildcard takes a whole level
            assertThat(subAck.codes()).containsExactly(2, failure(version), failure(version), 1, 1, 0, 2);
        }
        client.expectNothing();
        client.publish("zero", "x", 0, 0);
        client.publish("two/x", "x", 0, 0);
        assertThat(client.lines(2)).containsExactly("zero=x q0", "two/x=x q0");
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-4.7.1-1", "MQTT-4.7.1-2", "MQTT-4.7.3-1"},
            v311 = {"MQTT-4.7.1-2", "MQTT-4.7.1-3", "MQTT-4.7.3-1"})
    void makesNoSubscriptionOfWhatIsNoFilter(MqttVersion version) {
        String id = name("no-filter", version);
        TestClient client = connect(version, id);
        for (String filter : List.of("", "#a", "a#", "a/#/b", "##", "a/##", "/a#", "+a", "a+", "a/+b/c", "++", "+#")) {
            assertThat(client.subscribe(filter, 1).codes()).as(filter).containsExactly(failure(version));
        }
        assertThat(session(id).orElseThrow().subscriptions()).isZero();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.8.3-2", "MQTT-4.13.1-1"},
            v311 = {"MQTT-3.8.3-3", "MQTT-4.8.0-1"})
    void refusesAPacketWithoutAFilter(MqttVersion version) {
        after(version, subscribe(version, 1, Bytes.of())).awaitRefusal(0x82);
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-4.13.1-1", v311 = "MQTT-2.3.1-1")
    void refusesPacketIdentifierZero(MqttVersion version) {
        after(version, subscribe(version, 0, Bytes.of().utf8("t").u8(0))).awaitRefusal(0x81);
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.8.3-5", "MQTT-4.13.1-1"},
            v311 = "MQTT-4.8.0-1")
    void refusesReservedOptions(MqttVersion version) {
        int meaningful = version == FIVE ? 0x3F : 0x03;
        for (int options = 0; options < 256; options++) {
            boolean reserved = (options & ~meaningful) != 0;
            boolean undefined = (options & 0x03) == 3 || (options & 0x30) == 0x30;
            TestClient client = after(
                    version, subscribe(version, 1, Bytes.of().utf8("options").u8(options)));
            if (!reserved && !undefined) {
                assertThat(client.await(SUBACK).codes()).containsExactly(options & 3);
                continue;
            }
            if (version == FIVE) {
                assertThat(client.await(DISCONNECT).code())
                        .as("options %d", options)
                        .isIn(reserved ? List.of(0x81) : List.of(0x81, 0x82));
            }
            client.awaitClosed();
            assertThat(client.waiting()).as("options %d", options).isZero();
        }
    }

    @Test
    @Statement(v5 = {"MQTT-3.8.3-4", "MQTT-4.13.1-1"})
    void refusesNoLocalOnASharedSubscription() {
        for (int options : new int[] {0x04, 0x05, 0x06, 0x0C, 0x14}) {
            after(FIVE, subscribe(FIVE, 1, Bytes.of().utf8("$share/g/t").u8(options)))
                    .awaitRefusal(0x82);
        }
    }

    @Test
    @Statement(v5 = "MQTT-4.13.1-1")
    void refusesPropertiesThatWillNotDo() {
        for (Bytes properties : List.of(
                Bytes.of(0x0B, 0),
                Bytes.of(0x0B, 1, 0x0B, 1),
                Bytes.of(0x0B, 1, 0x0B, 2),
                Bytes.of(0x0B, 0x80, 0x80, 0x80, 0x80, 1),
                Bytes.of(0x01, 0),
                Bytes.of(0x11).u32(1),
                Bytes.of(0x1F).utf8("why"),
                Bytes.of(0x23).u16(1))) {
            TestClient client = after(FIVE, subscribe(properties));
            assertThat(client.await(DISCONNECT).code()).isIn(0x81, 0x82);
            client.awaitClosed();
        }
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.4-3", "MQTT-3.3.4-4"})
    void takesEverySubscriptionIdentifierThatThereIs() {
        TestClient client = connect(TestClient.v5("identifiers"));
        for (int identifier : new int[] {1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455}) {
            client.subscribe("identifiers", 0, false, false, 0, identifier);
            client.publish("identifiers", "x", 0, 0);
            assertThat(client.message().properties(MqttProperties.SUBSCRIPTION_IDENTIFIER))
                    .containsExactly(identifier);
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.8.4-8", "MQTT-4.5.0-1"},
            v311 = "MQTT-4.5.0-1")
    void deliversWithTheLowerOfBothQos(MqttVersion version) {
        String topic = name("lower", version);
        TestClient publisher = connect(version, topic + "-out");
        for (int granted = 0; granted <= 2; granted++) {
            TestClient subscriber = connect(version, topic + "-" + granted);
            assertThat(subscriber.subscribe(topic, granted).codes()).containsExactly(granted);
            for (int qos = 0; qos <= 2; qos++) {
                publisher.publish(topic, "x", qos, 1 + qos + 3 * granted);
                assertThat(subscriber.message().qos()).isEqualTo(Math.min(qos, granted));
            }
            subscriber.disconnect();
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = "MQTT-3.3.4-2",
            v311 = {"MQTT-3.3.2-3", "MQTT-3.3.5-1"})
    void deliversWithTheHighestQosOfAllThatMatch(MqttVersion version) {
        List<String> filters = List.of("/#", "/+", "/a");
        for (int highest = 0; highest < filters.size(); highest++) {
            String topic = name("overlap" + highest, version);
            TestClient client = connect(version, topic);
            for (int i = 0; i < filters.size(); i++) {
                client.subscribe(topic + filters.get(i), i == highest ? 2 : i % 2);
            }
            client.publish(topic + "/a", "x", 2, 1);
            client.answer(PUBREC);
            assertThat(client.message().line()).isEqualTo(topic + "/a=x q2 #1");
            client.expectNothing();
            client.publish(topic + "/b/c", "x", 2, 2); // matches the first alone
            client.answer(PUBREC);
            assertThat(client.message().qos()).isEqualTo(highest == 0 ? 2 : 0);
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = {"MQTT-3.8.4-3", "MQTT-3.8.4-4"})
    void replacesASubscriptionAndLosesNothing(MqttVersion version) throws InterruptedException {
        String topic = name("replaces", version);
        int count = 3000;
        TestClient subscriber = connect(version, topic);
        subscriber.subscribe(topic, 1);
        TestClient publisher = connect(version, topic + "-out");
        Thread publishing = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                publisher.publish(topic, String.valueOf(i), 1, 1 + i % 1000);
                publisher.await(PUBACK);
            }
        });
        publishing.start();
        byte[] again = subscribe(version, 3, Bytes.of().utf8(topic).u8(1));
        int answers = 0;
        for (int got = 0; got < count; ) {
            Packet packet = subscriber.next();
            if (packet.type() == SUBACK) {
                answers++;
            } else {
                assertThat(packet.payload()).isEqualTo(String.valueOf(got++)); // each once, in order
                subscriber.puback(packet.id());
                if (got % 20 == 0) {
                    subscriber.send(again);
                }
            }
        }
        publishing.join();
        assertThat(answers).isGreaterThan(50);
        assertThat(session(topic).orElseThrow().subscriptions()).isEqualTo(1);
    }
}
