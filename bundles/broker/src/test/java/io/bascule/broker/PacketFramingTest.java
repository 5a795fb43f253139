/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.DISCONNECT;
import static io.netty.handler.codec.mqtt.MqttMessageType.PINGRESP;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Cve;
import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Fixed headers and lengths of every packet that a client sends after CONNECT (section 2 of both specifications). */
class PacketFramingTest extends BrokerTestBase {

    /**
     * A packet.
     *
     * @param lengths of what lengths, counted from its start, its body is one as well
     */
    private record Sample(String name, int firstByte, Bytes body, Set<Integer> lengths) {
        byte[] cutTo(int length) {
            return body.packet(firstByte, length);
        }

        byte[] withOneByteMore() {
            return Bytes.of().raw(body.toArray()).u8(0).packet(firstByte);
        }

        byte[] withFlags(int flags) {
            return body.packet(firstByte & 0xF0 | flags);
        }
    }

    private static Sample publish(MqttVersion version, int qos) {
        Bytes header = Bytes.of().utf8("framing/t");
        if (qos > 0) {
            header.u16(7);
        }
        header.properties(version, Bytes.of(0x26).utf8("k").utf8("v").u8(0x01, 0));
        int payload = header.size();
        return new Sample(
                "PUBLISH QoS " + qos, 0x30 | qos << 1, header.u8('x', 'y'), Set.of(payload, payload + 1, payload + 2));
    }

    private static Sample acknowledgement(MqttVersion version, String name, int firstByte) {
        Bytes body = Bytes.of().u16(8);
        if (version != MqttVersion.MQTT_5) {
            return whole(name, firstByte, body);
        }
        body.u8(0).properties(version, Bytes.of(0x1F).utf8("why"));
        return new Sample(name, firstByte, body, Set.of(2, 3, body.size()));
    }

    private static Sample whole(String name, int firstByte, Bytes body) {
        return new Sample(name, firstByte, body, Set.of(body.size()));
    }

    private static Sample disconnect(MqttVersion version) {
        return version == MqttVersion.MQTT_5
                ? new Sample(
                        "DISCONNECT",
                        0xE0,
                        Bytes.of(0).properties(version, Bytes.of(0x1F).utf8("why")),
                        Set.of(0, 1, 8))
                : whole("DISCONNECT", 0xE0, Bytes.of());
    }

    private static List<Sample> samples(MqttVersion version) {
        List<Sample> samples = new ArrayList<>();
        for (int qos = 0; qos <= 2; qos++) {
            samples.add(publish(version, qos));
        }
        samples.add(acknowledgement(version, "PUBACK", 0x40));
        samples.add(acknowledgement(version, "PUBREC", 0x50));
        samples.add(acknowledgement(version, "PUBREL", 0x62));
        samples.add(acknowledgement(version, "PUBCOMP", 0x70));
        samples.add(whole(
                "SUBSCRIBE",
                0x82,
                Bytes.of()
                        .u16(9)
                        .properties(version, Bytes.of(0x0B, 5))
                        .utf8("framing/s")
                        .u8(1)));
        samples.add(whole(
                "UNSUBSCRIBE", 0xA2, Bytes.of().u16(9).noProperties(version).utf8("framing/s")));
        samples.add(whole("PINGREQ", 0xC0, Bytes.of()));
        samples.add(disconnect(version));
        return samples;
    }

    private TestClient after(MqttVersion version, byte[] packet) {
        TestClient client = connect(version, name("framing", version));
        client.send(Bytes.of().raw(packet).u8(0xC0, 0).toArray());
        return client;
    }

    private void refuses(MqttVersion version, String what, byte[] packet) {
        TestClient client = after(version, packet);
        if (version == MqttVersion.MQTT_5) {
            assertThat(client.await(DISCONNECT).code()).as(what).isIn(0x81, 0x82);
        }
        client.awaitClosed();
        assertThat(client.waiting()).as(what).isZero();
    }

    private void accepts(MqttVersion version, Sample sample, byte[] packet) {
        TestClient client = after(version, packet);
        if (sample.name.equals("DISCONNECT")) {
            client.awaitClosed();
            assertThat(client.waiting()).isZero();
        } else {
            assertThat(client.answer(PINGRESP)).as(sample.name).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-4.13.1-1", v311 = "MQTT-4.8.0-1")
    void refusesEachPacketThatIsCutShort(MqttVersion version) {
        for (Sample sample : samples(version)) {
            for (int length = 0; length <= sample.body.size(); length++) {
                if (sample.lengths.contains(length)) {
                    accepts(version, sample, sample.cutTo(length));
                } else {
                    refuses(version, sample.name + " cut to " + length, sample.cutTo(length));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-4.13.1-1", v311 = "MQTT-4.8.0-1")
    void refusesEachPacketThatIsTooLong(MqttVersion version) {
        for (Sample sample : samples(version)) {
            if (!sample.name.startsWith("PUBLISH")) { // whose payload it would be
                refuses(version, sample.name + " and a byte", sample.withOneByteMore());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = MqttVersion.class, names = "MQTT_3_1", mode = Mode.EXCLUDE) // where more of them mean something
    @Statement(
            v5 = {
                "MQTT-2.1.3-1",
                "MQTT-3.6.1-1",
                "MQTT-3.8.1-1",
                "MQTT-3.10.1-1",
                "MQTT-3.14.1-1",
                "MQTT-3.15.1-1",
                "MQTT-4.13.1-1"
            },
            v311 = {"MQTT-2.2.2-1", "MQTT-2.2.2-2", "MQTT-3.6.1-1", "MQTT-3.8.1-1", "MQTT-3.10.1-1", "MQTT-3.14.1-1"})
    void refusesReservedFlags(MqttVersion version) {
        List<Sample> samples = samples(version);
        samples.removeIf(sample -> sample.name.startsWith("PUBLISH"));
        if (version == MqttVersion.MQTT_5) {
            samples.add(whole("AUTH", 0xF0, Bytes.of()));
        }
        for (Sample sample : samples) {
            for (int flags = 0; flags < 16; flags++) {
                if (flags != (sample.firstByte & 15)) {
                    refuses(version, sample.name + " with flags " + flags, sample.withFlags(flags));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = MqttVersion.class, names = "MQTT_3_1", mode = Mode.EXCLUDE)
    @Statement(v5 = "MQTT-2.1.3-1", v311 = "MQTT-2.2.2-2")
    void refusesAConnectWithFlags(MqttVersion version) {
        byte[] connect = Bytes.of()
                .utf8("MQTT")
                .u8(version.protocolLevel(), 2)
                .u16(0)
                .noProperties(version)
                .utf8("flags")
                .toArray();
        for (int flags = 1; flags < 16; flags++) {
            send(version, Bytes.of().raw(connect).packet(0x10 | flags)).awaitNoConnection();
        }
    }

    @Test
    @Statement(v5 = {"MQTT-1.5.5-1", "MQTT-4.13.1-1"})
    void refusesLengthsThatAreNotMinimal() {
        MqttVersion five = MqttVersion.MQTT_5;
        refuses(five, "PINGREQ", Bytes.of(0xC0, 0x80, 0).toArray());
        refuses(five, "PINGREQ", Bytes.of(0xC0, 0x80, 0x80, 0x80, 0).toArray());
        refuses(five, "PUBLISH", Bytes.of(0x30, 0x85, 0).utf8("a").u8(0, 'x').toArray());
        refuses(five, "properties", Bytes.of().utf8("a").u8(0x80, 0, 'x').packet(0x30));
        refuses(
                five,
                "properties",
                Bytes.of().utf8("a").u8(0x82, 0, 0x01, 1, 'x').packet(0x30));
        refuses(five, "a property", Bytes.of().utf8("a").u8(3, 0x81, 0, 1, 'x').packet(0x30));
        refuses(
                five,
                "properties",
                Bytes.of().u16(1).u8(0x80, 0).utf8("a").u8(0).packet(0x82));
        refuses(
                five,
                "subscription identifier",
                Bytes.of().u16(1).u8(3, 0x0B, 0x81, 0).utf8("a").u8(0).packet(0x82));
        refuses(five, "properties", Bytes.of().u16(1).u8(0, 0x80, 0).packet(0x40));
        send(
                        five,
                        Bytes.of(0x10, 0x8E, 0)
                                .utf8("MQTT")
                                .u8(5, 2, 0, 0, 0)
                                .utf8("x")
                                .toArray())
                .awaitNoConnection();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-4.13.1-1", v311 = "MQTT-4.8.0-1")
    @Cve({"CVE-2019-0222", "CVE-2025-66168", "CVE-2026-40046"})
    void refusesLengthsOfFiveBytes(MqttVersion version) {
        refuses(version, "PUBLISH", Bytes.of(0x30, 0xFF, 0xFF, 0xFF, 0xFF, 1).toArray());
        refuses(version, "PINGREQ", Bytes.of(0xC0, 0x80, 0x80, 0x80, 0x80, 0).toArray());
        send(version, Bytes.of(0x10, 0x80, 0x80, 0x80, 0x80, 0x80).toArray()).awaitNoConnection();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-3.1.0-1", "MQTT-4.13.1-1"},
            v311 = {"MQTT-3.1.0-1", "MQTT-4.8.0-1"})
    void refusesWhatAServerSends(MqttVersion version) {
        boolean five = version == MqttVersion.MQTT_5;
        List<Sample> ofAServer = new ArrayList<>(List.of(
                whole("CONNACK", 0x20, Bytes.of(0, 0).noProperties(version)),
                whole("SUBACK", 0x90, Bytes.of().u16(1).noProperties(version).u8(0)),
                whole("UNSUBACK", 0xB0, Bytes.of().u16(1).noProperties(version).u8(five ? new int[1] : new int[0])),
                whole("PINGRESP", 0xD0, Bytes.of()),
                whole("type 0", 0x00, Bytes.of())));
        if (!five) {
            ofAServer.add(whole("AUTH", 0xF0, Bytes.of()));
        }
        for (Sample sample : ofAServer) {
            after(version, sample.body.packet(sample.firstByte)).awaitRefusal(0x82);
            send(version, sample.body.packet(sample.firstByte)).awaitNoConnection();
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-3.1.0-1", v311 = "MQTT-3.1.0-1")
    @Cve("sol #15")
    void wantsConnectBeforeEverythingElse(MqttVersion version) {
        for (Sample sample : samples(version)) {
            send(version, sample.body.packet(sample.firstByte)).awaitNoConnection();
        }
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-4.2-1", v311 = "MQTT-7.1.1-1")
    void readsAStreamByteByByte(MqttVersion version) {
        TestClient client = tracked(TestClient.tcp(broker.port(), version));
        Bytes stream = Bytes.of()
                .raw(Bytes.of()
                        .utf8(version.protocolName())
                        .u8(version.protocolLevel(), 2)
                        .u16(60)
                        .noProperties(version)
                        .utf8("bytewise")
                        .packet(0x10));
        samples(version).stream()
                .filter(sample -> !sample.name.equals("DISCONNECT"))
                .forEach(sample -> stream.raw(sample.body.packet(sample.firstByte)));
        for (byte each : stream.toArray()) {
            client.send(new byte[] {each});
        }
        assertThat(client.await(CONNACK).code()).isZero();
        client.answer(PINGRESP);
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-1.5.5-1")
    void carriesPacketsAtEveryBoundOfTheirLength(MqttVersion version) {
        TestClient client = connect(version, name("bounds", version));
        String topic = name("bounds", version);
        client.subscribe(topic, 0);
        int header = 2 + topic.length() + (version == MqttVersion.MQTT_5 ? 1 : 0);
        for (int bound : new int[] {128, 16_384, 2_097_152}) {
            for (int length = bound - 1; length <= bound + 1; length++) {
                String payload = "x".repeat(length - header);
                client.publish(topic, payload, 0, 0);
                assertThat(client.message().payload().equals(payload))
                        .as("%d", length)
                        .isTrue();
            }
        }
    }
}
