/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.DISCONNECT;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREL;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Cve;
import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** PUBLISH in and out (section 3.3 of both specifications). */
class PublishPacketTest extends BrokerTestBase {
    private static final MqttVersion FIVE = MqttVersion.MQTT_5;

    private TestClient after(MqttVersion version, byte[] packet) {
        TestClient client = connect(version, name("publish", version));
        client.send(packet);
        return client;
    }

    private static byte[] publish(Bytes properties) {
        return Bytes.of().utf8("publish/t").properties(FIVE, properties).packet(0x30);
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.3.2-2", "MQTT-4.7.0-1"},
            v311 = {"MQTT-3.3.2-2", "MQTT-4.7.1-1"})
    void refusesTopicNamesWithWildcards(MqttVersion version) {
        for (String topic : List.of("#", "+", "a/#", "a/+", "+/a", "a/+/b", "a#", "a+b", "/#")) {
            for (int qos = 0; qos <= 2; qos++) {
                Bytes body = Bytes.of().utf8(topic);
                byte[] packet =
                        (qos > 0 ? body.u16(1) : body).noProperties(version).packet(0x30 | qos << 1);
                after(version, packet).awaitRefusal(0x90);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-4.7.3-1", v311 = "MQTT-4.7.3-1")
    @Cve("CVE-2021-34432")
    void refusesAnEmptyTopicName(MqttVersion version) {
        after(version, Bytes.of().utf8("").noProperties(version).packet(0x30)).awaitRefusal(0x82);
        after(version, Bytes.of().utf8("").u16(1).noProperties(version).packet(0x32))
                .awaitRefusal(0x82);
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.3.1-2", "MQTT-3.3.1-4"},
            v311 = {"MQTT-3.3.1-2", "MQTT-3.3.1-4"})
    void refusesFlagsThatMeanNothing(MqttVersion version) {
        byte[] body = Bytes.of().utf8("t").u16(1).noProperties(version).toArray();
        for (int firstByte : new int[] {0x36, 0x37, 0x3E, 0x3F}) { // QoS 3
            after(version, Bytes.of().raw(body).packet(firstByte)).awaitRefusal(0x81);
        }
        if (version != MqttVersion.MQTT_3_1) { // where DUP does not apply to QoS 0, and does not harm it
            after(version, Bytes.of().raw(body).packet(0x38)).awaitRefusal(0x81);
            after(version, Bytes.of().raw(body).packet(0x39)).awaitRefusal(0x81);
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v311 = "MQTT-2.3.1-1")
    void refusesPacketIdentifierZero(MqttVersion version) {
        Bytes body = Bytes.of().utf8("t").u16(0).noProperties(version).u8('x');
        after(version, body.packet(0x32)).awaitRefusal(0x81);
        after(version, body.packet(0x34)).awaitRefusal(0x81);
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.4-6", "MQTT-4.13.1-1"})
    void refusesASubscriptionIdentifier() {
        after(FIVE, publish(Bytes.of(0x0B, 5))).awaitRefusal(0x82);
        after(FIVE, publish(Bytes.of(0x0B, 0xFF, 0xFF, 0xFF, 0x7F))).awaitRefusal(0x82);
    }

    @Test
    @Statement(v5 = "MQTT-4.13.1-1")
    void refusesEachPropertyTwice() {
        Map<String, Bytes> once = new LinkedHashMap<>();
        once.put("payload format indicator", Bytes.of(0x01, 0));
        once.put("message expiry interval", Bytes.of(0x02).u32(9));
        once.put("content type", Bytes.of(0x03).utf8("c"));
        once.put("response topic", Bytes.of(0x08).utf8("r"));
        once.put("correlation data", Bytes.of(0x09).binary((byte) 1));
        once.put("topic alias", Bytes.of(0x23).u16(1));
        once.forEach((name, property) -> {
            byte[] bytes = property.toArray();
            after(FIVE, publish(Bytes.of().raw(bytes).raw(bytes))).awaitRefusal(0x82);
            after(
                            FIVE,
                            publish(Bytes.of()
                                    .raw(bytes)
                                    .u8(0x26)
                                    .utf8("k")
                                    .utf8("v")
                                    .raw(bytes)))
                    .awaitRefusal(0x82);
        });
    }

    @Test
    @Statement(v5 = "MQTT-4.13.1-1")
    void refusesEveryPropertyOfAnotherPacket() {
        List<Integer> own = List.of(0x01, 0x02, 0x03, 0x08, 0x09, 0x0B, 0x23, 0x26);
        for (int id = 0; id < 128; id++) {
            if (!own.contains(id)) {
                TestClient client = after(FIVE, publish(Bytes.of(id, 0, 0, 0, 0)));
                assertThat(client.await(DISCONNECT).code())
                        .as("property %d", id)
                        .isIn(0x81, 0x82);
                client.awaitClosed();
            }
        }
    }

    @Test
    @Statement(v5 = "MQTT-3.3.2-14")
    void refusesResponseTopicsWithWildcards() {
        for (String topic : List.of("#", "+", "r/#", "r/+/s", "r#")) {
            TestClient client = after(FIVE, publish(Bytes.of(0x08).utf8(topic)));
            assertThat(client.await(DISCONNECT).code()).as(topic).isIn(0x82, 0x90);
            client.awaitClosed();
        }
    }

    @Test
    @Statement(v5 = "MQTT-4.13.1-1")
    void refusesAPayloadFormatThatDoesNotExist() {
        for (int format : new int[] {2, 127, 255}) {
            after(FIVE, publish(Bytes.of(0x01, format))).awaitRefusal(0x82);
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-2.2.1-5", "MQTT-3.3.4-1", "MQTT-4.3.2-4", "MQTT-4.3.3-8", "MQTT-4.3.3-11"},
            v311 = {"MQTT-2.3.1-6", "MQTT-3.3.4-1", "MQTT-4.3.2-2", "MQTT-4.3.3-2"})
    void answersAsTheQosAsks(MqttVersion version) {
        TestClient client = connect(version, name("answers", version));
        client.publish("answers", "x", 0, 0);
        client.expectNothing();
        for (int id : new int[] {1, 255, 256, 32_768, 65_535}) {
            client.publish("answers", "x", 1, id);
            assertThat(client.await(PUBACK).id()).isEqualTo(id);
            client.publish("answers", "x", 2, id);
            assertThat(client.await(PUBREC).id()).isEqualTo(id);
            client.acknowledge(PUBREL, id, 0);
            assertThat(client.await(PUBCOMP).id()).isEqualTo(id);
        }
        client.expectNothing();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-2.2.1-2", "MQTT-2.2.2-1", "MQTT-4.3.1-1"},
            v311 = {"MQTT-2.3.1-5", "MQTT-4.3.1-1"})
    void sendsNothingThatDoesNotBelongIntoQos0(MqttVersion version) throws IOException {
        String topic = name("bare", version);
        TestClient publisher = connect(version, topic + "-out");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), broker.port())) {
            Bytes stream = Bytes.of()
                    .raw(Bytes.of()
                            .utf8(version.protocolName())
                            .u8(version.protocolLevel(), 2)
                            .u16(0)
                            .noProperties(version)
                            .utf8(topic)
                            .packet(0x10))
                    .raw(Bytes.of()
                            .u16(1)
                            .noProperties(version)
                            .utf8(topic)
                            .u8(0)
                            .packet(0x82));
            socket.getOutputStream().write(stream.toArray());
            byte[] expected =
                    Bytes.of().utf8(topic).noProperties(version).u8('x').packet(0x30);
            skipPackets(socket, 2);
            publisher.publish(topic, "x", 1, 1);
            publisher.answer(PUBACK);
            assertThat(socket.getInputStream().readNBytes(expected.length)).isEqualTo(expected);
        }
    }

    private static void skipPackets(Socket socket, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            int length = socket.getInputStream().readNBytes(2)[1];
            socket.getInputStream().readNBytes(length);
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.3.1-3", "MQTT-4.3.2-2", "MQTT-4.3.3-2"},
            v311 = {"MQTT-3.3.1-3", "MQTT-4.3.2-1", "MQTT-4.3.3-1"})
    void passesNoDupFlagOn(MqttVersion version) {
        String topic = name("dup", version);
        TestClient subscriber = connect(version, topic + "-in");
        subscriber.subscribe(topic, 2);
        TestClient publisher = connect(version, topic + "-out");
        for (int qos = 1; qos <= 2; qos++) {
            publisher.publish(topic, "x", qos, 7, false, true, MqttProperties.NO_PROPERTIES);
            Packet message = subscriber.message();
            assertThat(message.qos()).isEqualTo(qos);
            assertThat(message.dup()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v311 = "MQTT-3.3.5-2")
    void doesNotPassOnWhatAClientMayNotPublish(MqttVersion version) {
        TestClient client = connect(version, name("not-yours", version));
        client.subscribe("$SYS/not/yours", 0);
        client.publish("$SYS/not/yours", "x", 0, 0);
        client.publish("$SYS/not/yours", "x", 1, 1);
        assertThat(client.await(PUBACK).code()).isEqualTo(version == FIVE ? 0x87 : 0);
        client.publish("$SYS/not/yours", "x", 2, 2);
        assertThat(client.await(PUBREC).code()).isEqualTo(version == FIVE ? 0x87 : 0);
        client.expectNothing();
    }

    @Test
    @Statement(
            v5 = {"MQTT-3.3.2-4", "MQTT-3.3.2-15", "MQTT-3.3.2-16", "MQTT-3.3.2-17", "MQTT-3.3.2-18", "MQTT-3.3.2-20"})
    void passesPropertiesOnToTheByteAndTheirAbsenceAsWell() {
        TestClient client = connect(TestClient.v5("every-property"));
        client.subscribe("every/property", 0);
        client.publish("every/property", "x", 0, 0);
        assertThat(client.message().properties().isEmpty()).isTrue();
        MqttProperties sent = new MqttProperties();
        sent.add(new MqttProperties.IntegerProperty(MqttProperties.PAYLOAD_FORMAT_INDICATOR, 0));
        sent.add(new MqttProperties.StringProperty(MqttProperties.CONTENT_TYPE, ""));
        sent.add(new MqttProperties.StringProperty(MqttProperties.RESPONSE_TOPIC, "$SYS/\ufeff\ud83d\ude80//"));
        sent.add(new MqttProperties.BinaryProperty(MqttProperties.CORRELATION_DATA, new byte[60_000]));
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String key = i % 3 == 0 ? "" : "same";
            sent.add(new MqttProperties.UserProperty(key, String.valueOf(i)));
            pairs.add(key + "=" + i);
        }
        client.publish("every/property", "x", 0, 0, false, false, sent);
        Packet got = client.message();
        assertThat(got.property(MqttProperties.PAYLOAD_FORMAT_INDICATOR)).isEqualTo(0);
        assertThat(got.property(MqttProperties.CONTENT_TYPE)).isEqualTo("");
        assertThat(got.property(MqttProperties.RESPONSE_TOPIC)).isEqualTo("$SYS/\ufeff\ud83d\ude80//");
        assertThat((byte[]) got.property(MqttProperties.CORRELATION_DATA)).hasSize(60_000);
        assertThat(got.properties(MqttProperties.USER_PROPERTY))
                .map(each -> (MqttProperties.StringPair) each)
                .extracting(pair -> pair.key + "=" + pair.value)
                .isEqualTo(pairs);
    }
}
