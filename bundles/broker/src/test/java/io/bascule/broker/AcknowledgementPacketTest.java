/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.DISCONNECT;
import static io.netty.handler.codec.mqtt.MqttMessageType.PINGRESP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBCOMP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREL;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.ReasonCode;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PUBACK, PUBREC, PUBREL and PUBCOMP in and out (sections 3.4 to 3.7 of both specifications). */
class AcknowledgementPacketTest extends BrokerTestBase {
    private static final MqttVersion FIVE = MqttVersion.MQTT_5;

    private void refuses(String what, int firstByte, Bytes body) {
        TestClient client = connect(TestClient.v5("acknowledgement"));
        client.send(body.packet(firstByte));
        client.send(0xC0, 0);
        assertThat(client.await(DISCONNECT).code()).as(what).isIn(0x81, 0x82);
        client.awaitClosed();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    void refusesPacketIdentifierZero(MqttVersion version) {
        for (int firstByte : new int[] {0x40, 0x50, 0x62, 0x70}) {
            TestClient client = connect(version, name("zero", version));
            client.send(Bytes.of().u16(0).packet(firstByte));
            client.awaitRefusal(0x81);
        }
    }

    @Test
    @Statement(v5 = {"MQTT-3.4.2-1", "MQTT-3.5.2-1", "MQTT-3.6.2-1", "MQTT-3.7.2-1"})
    void answersWithTheCodesOfEachPacket() { // which the referee judges in every other test as well
        TestClient client = connect(TestClient.v5("codes"));
        client.subscribe("codes", 2);
        client.publish("codes", "x", 1, 1);
        assertThat(client.answer(PUBACK).code()).isZero();
        client.publish("codes", "x", 2, 2);
        assertThat(client.answer(PUBREC).code()).isZero();
        client.publish("nobody/listens", "x", 1, 3);
        assertThat(client.answer(PUBACK).code()).isEqualTo(0x10);
        client.publish("nobody/listens", "x", 2, 4);
        assertThat(client.answer(PUBREC).code()).isEqualTo(0x10);
        client.publish("$SYS/not/yours", "x", 1, 5);
        assertThat(client.answer(PUBACK).code()).isEqualTo(0x87);
        client.publish("$SYS/not/yours", "x", 2, 6);
        assertThat(client.answer(PUBREC).code()).isEqualTo(0x87);
        client.acknowledge(PUBREL, 2, 0);
        assertThat(client.answer(PUBCOMP).code()).isZero();
        client.acknowledge(PUBREL, 2, 0);
        assertThat(client.answer(PUBCOMP).code()).isEqualTo(0x92);
        client.acknowledge(PUBREC, 2, 0); // of the message that it was sent
        assertThat(client.answer(PUBREL).code()).isZero();
        client.acknowledge(PUBREC, 9, 0);
        assertThat(client.answer(PUBREL).code()).isEqualTo(0x92);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x40, 0x50, 0x62, 0x70})
    @Statement(v5 = {"MQTT-1.5.4-1", "MQTT-1.5.4-2", "MQTT-1.5.7-1", "MQTT-4.13.1-1"})
    void refusesPropertiesThatWillNotDo(int firstByte) {
        Map<String, Bytes> wrong = new LinkedHashMap<>();
        wrong.put("a reason string twice", Bytes.of(0x1F).utf8("r").u8(0x1F).utf8("r"));
        wrong.put("a property of PUBLISH", Bytes.of(0x01, 0));
        wrong.put("a property of CONNECT", Bytes.of(0x11).u32(1));
        wrong.put("no property", Bytes.of(0x7F));
        wrong.put("a reason string that is cut short", Bytes.of(0x1F, 0, 9, 'r'));
        wrong.put("a user property without a value", Bytes.of(0x26).utf8("k"));
        wrong.put("ill-formed UTF-8", Bytes.of(0x1F, 0, 1, 0xFF));
        wrong.put("ill-formed UTF-8 in a user property", Bytes.of(0x26, 0, 1, 'k', 0, 2, 0xC0, 0x80));
        wrong.put("U+0000", Bytes.of(0x1F, 0, 1, 0));
        wrong.forEach((what, properties) ->
                refuses(what, firstByte, Bytes.of().u16(1).u8(0).properties(FIVE, properties)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x40, 0x50, 0x62, 0x70})
    @Statement(v5 = "MQTT-4.13.1-1")
    void refusesTheReasonsOfOtherPackets(int firstByte) {
        int[] ofThisPacket = firstByte < 0x60
                ? new int[] {0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99}
                : new int[] {0x00, 0x92};
        for (ReasonCode reason : ReasonCode.values()) {
            Bytes packet = Bytes.of().u16(1).u8(reason.code());
            if (IntStream.of(ofThisPacket).anyMatch(code -> code == reason.code())) {
                TestClient client = connect(TestClient.v5("reasons"));
                client.send(packet.packet(firstByte));
                client.send(0xC0, 0);
                client.answer(PINGRESP);
            } else {
                refuses(reason.toString(), firstByte, packet);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x40, 0x50, 0x62, 0x70})
    void takesPropertiesThatBelongThere(int firstByte) {
        TestClient client = connect(TestClient.v5("acknowledgement-properties"));
        Bytes properties = Bytes.of(0x26).utf8("k").utf8("v").u8(0x1F).utf8("why");
        properties.u8(0x26).utf8("k").utf8("");
        client.send(Bytes.of().u16(1).u8(0).properties(FIVE, properties).packet(firstByte));
        client.send(0xC0, 0);
        client.answer(PINGRESP);
    }
}
