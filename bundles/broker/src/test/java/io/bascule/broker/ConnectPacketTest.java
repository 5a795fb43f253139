/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PINGRESP;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBLISH;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** CONNECT, to the letter (section 3.1 of both specifications). */
class ConnectPacketTest extends BrokerTestBase {
    private static final int CLEAN = 0x02;
    private static final int WILL = 0x04;
    private static final int PASSWORD = 0x40;
    private static final int USER_NAME = 0x80;

    /** A CONNECT as far as its properties. */
    private static Bytes connect(MqttVersion version, int flags, Bytes properties) {
        return Bytes.of()
                .utf8(version.protocolName())
                .u8(version.protocolLevel(), flags)
                .u16(0)
                .properties(version, properties);
    }

    /** A CONNECT as far as its client id. */
    private static Bytes connect(MqttVersion version, int flags, String clientId) {
        return connect(version, flags, Bytes.of()).utf8(clientId);
    }

    /** A CONNECT with everything that it may have. */
    private static Bytes whole(MqttVersion version, String clientId) {
        return connect(
                        version,
                        CLEAN | WILL | PASSWORD | USER_NAME,
                        Bytes.of(0x21).u16(10))
                .utf8(clientId)
                .properties(version, Bytes.of(0x18).u32(5))
                .utf8("whole/will")
                .binary((byte) 'w')
                .utf8("user")
                .binary((byte) 'p');
    }

    private void refuses(MqttVersion version, Bytes connect) {
        send(version, connect.packet(0x10)).awaitNoConnection();
    }

    private void accepts(MqttVersion version, Bytes connect) {
        assertThat(send(version, connect.packet(0x10)).await(CONNACK).code()).isZero();
    }

    @ParameterizedTest
    @EnumSource(value = MqttVersion.class, names = "MQTT_3_1", mode = Mode.EXCLUDE) // there the flags count less
    @Statement(
            v5 = {"MQTT-3.1.2-9", "MQTT-3.1.2-17", "MQTT-3.1.2-19", "MQTT-3.1.3-3", "MQTT-3.1.4-1"},
            v311 = {"MQTT-3.1.2-9", "MQTT-3.1.2-19", "MQTT-3.1.2-21", "MQTT-3.1.3-3", "MQTT-3.1.4-1", "MQTT-4.8.0-1"})
    void endsAConnectionWhoseConnectIsCutShortAnywhere(MqttVersion version) {
        String id = name("cut", version);
        Bytes whole = whole(version, id);
        for (int length = 0; length < whole.size(); length++) {
            send(version, whole.packet(0x10, length)).awaitNoConnection();
        }
        assertThat(session(id)).isEmpty();
        accepts(version, whole);
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.1.2-16", "MQTT-3.1.2-18"},
            v311 = {"MQTT-3.1.2-11", "MQTT-3.1.2-18", "MQTT-3.1.2-20"})
    void refusesFieldsThatTheFlagsDoNotAnnounce(MqttVersion version) {
        refuses(version, connect(version, CLEAN, "x").u8(0));
        refuses(version, connect(version, CLEAN, "x").utf8("user"));
        refuses(version, connect(version, CLEAN, "x").utf8("").utf8(""));
        refuses(version, connect(version, CLEAN | USER_NAME, "x").utf8("user").binary((byte) 'p'));
        refuses(
                version,
                connect(version, CLEAN, "x").noProperties(version).utf8("will").binary((byte) 'w'));
    }

    @ParameterizedTest
    @EnumSource(value = MqttVersion.class, names = "MQTT_3_1", mode = Mode.EXCLUDE) // which disregards some
    @Statement(
            v5 = {"MQTT-3.1.2-11", "MQTT-3.1.2-12", "MQTT-3.1.2-13"},
            v311 = {"MQTT-3.1.2-11", "MQTT-3.1.2-13", "MQTT-3.1.2-14", "MQTT-3.1.2-15"})
    void wantsWillFlagsThatGoTogether(MqttVersion version) {
        for (int qosAndRetain = 0; qosAndRetain < 8; qosAndRetain++) {
            int flags = CLEAN | qosAndRetain << 3;
            Bytes without = connect(version, flags, name("flags", version));
            Bytes with = connect(version, flags | WILL, name("flags", version))
                    .noProperties(version)
                    .utf8("flags/will")
                    .binary();
            if (qosAndRetain == 0) {
                accepts(version, without);
            } else {
                refuses(version, without);
            }
            if ((qosAndRetain & 3) == 3) {
                refuses(version, with);
            } else {
                accepts(version, with);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = MqttVersion.class, names = "MQTT_3_1", mode = Mode.EXCLUDE) // which does not reserve it
    @Statement(v5 = "MQTT-3.1.2-3", v311 = "MQTT-3.1.2-3")
    void refusesTheReservedFlag(MqttVersion version) {
        refuses(version, connect(version, CLEAN | 1, "x"));
    }

    @Test
    @Statement(v311 = "MQTT-3.1.2-22")
    void takesAPasswordWithoutAUserNameFrom50Alone() {
        MqttVersion three = MqttVersion.MQTT_3_1_1;
        refuses(three, connect(three, CLEAN | PASSWORD, "x").binary((byte) 'p'));
        refuses(three, connect(three, CLEAN | PASSWORD, "x").utf8("user").binary((byte) 'p'));
        accepts(
                MqttVersion.MQTT_5,
                connect(MqttVersion.MQTT_5, CLEAN | PASSWORD, "x").binary((byte) 'p'));
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-1", v311 = "MQTT-3.1.2-1")
    void speaksNoOtherProtocol() {
        for (String name : List.of("", "M", "MQT", "mqtt", "MQTTX", "MQTT\0", "MQIsdp", "HTTP", "M".repeat(200))) {
            for (int level = 4; level <= 5; level++) {
                TestClient client = send(
                        MqttVersion.MQTT_3_1_1,
                        Bytes.of()
                                .utf8(name)
                                .u8(level, CLEAN)
                                .u16(0)
                                .u8(0)
                                .utf8("x")
                                .packet(0x10));
                client.awaitClosed();
                if (client.waiting() > 0) {
                    assertThat(client.await(CONNACK).code()).as(name).isEqualTo(1);
                }
            }
        }
    }

    @Test
    @Statement(
            v5 = "MQTT-3.1.2-2",
            v311 = {"MQTT-3.1.2-2", "MQTT-3.2.2-4", "MQTT-3.2.2-5"})
    void refusesOtherLevelsOfTheProtocol() {
        for (int level : new int[] {0, 1, 2, 3, 6, 7, 127, 255}) {
            TestClient client = send(
                    MqttVersion.MQTT_3_1_1,
                    Bytes.of().utf8("MQTT").u8(level).utf8("who knows what").packet(0x10));
            Packet connAck = client.await(CONNACK);
            assertThat(connAck.code()).as("level %d", level).isEqualTo(1);
            assertThat(connAck.sessionPresent()).isFalse();
            client.awaitClosed();
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-3.1.0-2", v311 = "MQTT-3.1.0-2")
    void endsTheConnectionOnASecondConnect(MqttVersion version) {
        String id = name("second", version);
        TestClient observer = connect(version, name("second-observer", version));
        observer.subscribe(id, 0);
        TestClient client = connect(TestClient.of(version, id).will(id, "gone", 0, false));
        client.send(TestClient.of(version, id).message());
        client.awaitRefusal(0x82);
        assertThat(observer.message().payload()).isEqualTo("gone");
        TestClient other = connect(version, id); // as somebody else, in another version
        other.send(TestClient.v311(id + "-other").message());
        other.awaitRefusal(0x82);
        assertThat(session(id + "-other")).isEmpty();
    }

    @Test
    @Statement(v5 = "MQTT-3.1.4-1")
    void refusesPropertiesOfConnectThatWillNotDo() {
        for (Bytes properties : List.of(
                Bytes.of(0x11).u32(1).u8(0x11).u32(1), // each twice
                Bytes.of(0x21).u16(1).u8(0x21).u16(1),
                Bytes.of(0x27).u32(99).u8(0x27).u32(99),
                Bytes.of(0x22).u16(1).u8(0x22).u16(1),
                Bytes.of(0x19, 0, 0x19, 0),
                Bytes.of(0x17, 1, 0x17, 1),
                Bytes.of(0x15).utf8("m").u8(0x15).utf8("m"),
                Bytes.of(0x15).utf8("m").u8(0x16).binary().u8(0x16).binary(),
                Bytes.of(0x21).u16(0), // values that are errors
                Bytes.of(0x27).u32(0),
                Bytes.of(0x19, 2),
                Bytes.of(0x17, 2),
                Bytes.of(0x16).binary(), // data without a method
                Bytes.of(0x01, 0), // of other packets
                Bytes.of(0x02).u32(1),
                Bytes.of(0x0B, 1),
                Bytes.of(0x18).u32(1),
                Bytes.of(0x1F).utf8("r"),
                Bytes.of(0x24, 1),
                Bytes.of(0x00), // of none
                Bytes.of(0x7F),
                Bytes.of(0x11).u16(0), // cut short
                Bytes.of(0x26).utf8("k"))) {
            refuses(
                    MqttVersion.MQTT_5,
                    connect(MqttVersion.MQTT_5, CLEAN, properties).utf8("x"));
        }
    }

    @Test
    @Statement(v5 = "MQTT-3.1.4-1")
    void refusesPropertiesOfAWillThatWillNotDo() {
        for (Bytes properties : List.of(
                Bytes.of(0x18).u32(1).u8(0x18).u32(1),
                Bytes.of(0x01, 1, 0x01, 1),
                Bytes.of(0x02).u32(1).u8(0x02).u32(1),
                Bytes.of(0x03).utf8("t").u8(0x03).utf8("t"),
                Bytes.of(0x08).utf8("r").u8(0x08).utf8("r"),
                Bytes.of(0x09).binary().u8(0x09).binary(),
                Bytes.of(0x01, 2),
                Bytes.of(0x08).utf8("r/#"),
                Bytes.of(0x11).u32(1),
                Bytes.of(0x23).u16(1),
                Bytes.of(0x0B, 1),
                Bytes.of(0x18).u16(0))) {
            refuses(
                    MqttVersion.MQTT_5,
                    connect(MqttVersion.MQTT_5, CLEAN | WILL, "x")
                            .properties(MqttVersion.MQTT_5, properties)
                            .utf8("will")
                            .binary());
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = "MQTT-4.7.0-1",
            v311 = {"MQTT-3.2.2-6", "MQTT-4.7.1-1"}) // for which there is no return code
    void refusesAWillTopicThatIsNone(MqttVersion version) {
        for (String topic : List.of("", "#", "+", "will/#", "will/+/x", "wi#ll")) {
            refuses(
                    version,
                    connect(version, CLEAN | WILL, "x")
                            .noProperties(version)
                            .utf8(topic)
                            .binary());
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.1.4-2", "MQTT-3.1.4-6"},
            v311 = "MQTT-3.1.4-5")
    void servesNothingBehindAConnectThatItRefuses(MqttVersion version) {
        String topic = name("behind", version);
        TestClient observer = connect(version, name("behind-observer", version));
        observer.subscribe(topic, 0);
        Bytes refused = version == MqttVersion.MQTT_5
                ? connect(version, CLEAN, Bytes.of(0x15).utf8("unheard-of")).utf8("x")
                : connect(version, 0, "");
        byte[] publish = Bytes.of().utf8(topic).noProperties(version).u8('x').packet(0x31); // retained
        TestClient client =
                send(version, Bytes.of().raw(refused.packet(0x10)).raw(publish).toArray());
        assertThat(client.await(CONNACK).code()).isNotZero();
        client.awaitClosed();
        observer.publish(topic, "marker", 0, 0);
        assertThat(observer.message().payload()).isEqualTo("marker");
        observer.subscribe(topic, 0);
        observer.expectNothing();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v311 = "MQTT-3.1.4-5")
    void servesWhatComesTogetherWithTheConnect(MqttVersion version) {
        String topic = name("together", version);
        byte[] subscribe =
                Bytes.of().u16(9).noProperties(version).utf8(topic).u8(1).packet(0x82);
        byte[] publish =
                Bytes.of().utf8(topic).u16(3).noProperties(version).u8('x').packet(0x32);
        TestClient client = send(
                version,
                Bytes.of()
                        .raw(connect(version, CLEAN, topic).packet(0x10))
                        .raw(subscribe)
                        .raw(publish)
                        .u8(0xC0, 0)
                        .toArray());
        assertThat(client.await(CONNACK).code()).isZero();
        assertThat(client.answer(PINGRESP)).isNotNull();
        assertThat(client.answer(PUBACK).id()).isEqualTo(3);
        assertThat(client.answer(PUBLISH).line()).isEqualTo(topic + "=x q1 #1");
    }

    @Test
    void aBadConnectDisturbsNobodyElse() {
        TestClient[] others = new TestClient[4]; // some of them on the event loop of the bad one, whichever that is
        for (int i = 0; i < others.length; i++) {
            others[i] = connect(TestClient.v5("undisturbed-" + i).with(MqttProperties.RECEIVE_MAXIMUM, 100));
            others[i].subscribe("undisturbed", 1);
        }
        for (int round = 0; round < 20; round++) {
            refuses(MqttVersion.MQTT_5, connect(MqttVersion.MQTT_5, CLEAN | 1, "undisturbed-0"));
            refuses(MqttVersion.MQTT_3_1_1, connect(MqttVersion.MQTT_3_1_1, CLEAN | WILL, "undisturbed-1"));
            String payload = String.valueOf(round);
            others[round % others.length].publish("undisturbed", payload, 1, 1 + round);
            for (TestClient other : others) {
                Packet message = other.answer(PUBLISH);
                assertThat(message.payload()).isEqualTo(payload);
                other.puback(message.id());
            }
            others[round % others.length].await(PUBACK);
        }
    }
}
