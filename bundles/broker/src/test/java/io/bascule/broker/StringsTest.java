/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.DISCONNECT;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Statement;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** UTF-8 Encoded Strings wherever one stands (section 1.5.4 of 5.0, 1.5.3 of 3.1.1). */
class StringsTest extends BrokerTestBase {
    private static final byte[][] ILL_FORMED = {
        bytes(0x80), // a continuation with nothing before it
        bytes(0xFF),
        bytes(0xFE),
        bytes(0xC3), // cut short
        bytes(0xE2, 0x82),
        bytes(0xF0, 0x9F, 0x98),
        bytes('a', 0xC3, 'b'),
        bytes(0xC0, 0x80), // U+0000 in more bytes than it needs
        bytes(0xC0, 0xAF), // a slash in more bytes than it needs
        bytes(0xE0, 0x80, 0xAF),
        bytes(0xED, 0xA0, 0x80), // U+D800
        bytes(0xED, 0xBF, 0xBF), // U+DFFF
        bytes(0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80), // a pair of surrogates, as CESU-8 has it
        bytes(0xF4, 0x90, 0x80, 0x80), // above U+10FFFF
        bytes(0xF8, 0x88, 0x80, 0x80, 0x80), // of five bytes
    };
    private static final byte[][] WITH_NUL = {bytes(0), bytes('a', 0), bytes(0, 'b'), bytes('a', 0, 'b')};

    private static byte[] bytes(int... bytes) {
        return Bytes.of(bytes).toArray();
    }

    private static Bytes connect(MqttVersion version, int flags, Bytes properties) {
        return Bytes.of()
                .utf8(version.protocolName())
                .u8(version.protocolLevel(), flags)
                .u16(0)
                .properties(version, properties);
    }

    /** The CONNECTs in which a string stands, each at another place. */
    private static Map<String, Function<byte[], byte[]>> connects(MqttVersion version) {
        Bytes none = Bytes.of();
        Map<String, Function<byte[], byte[]>> places = new LinkedHashMap<>();
        places.put("client id", bad -> connect(version, 2, none).binary(bad).packet(0x10));
        places.put(
                "will topic",
                bad -> connect(version, 6, none)
                        .utf8("x")
                        .noProperties(version)
                        .binary(bad)
                        .binary()
                        .packet(0x10));
        places.put(
                "user name",
                bad -> connect(version, 0x82, none).utf8("x").binary(bad).packet(0x10));
        if (version == MqttVersion.MQTT_5) {
            Map<String, Function<byte[], Bytes>> properties = new LinkedHashMap<>();
            properties.put(
                    "name of a user property", bad -> Bytes.of(0x26).binary(bad).utf8("v"));
            properties.put(
                    "value of a user property", bad -> Bytes.of(0x26).utf8("k").binary(bad));
            properties.put("authentication method", bad -> Bytes.of(0x15).binary(bad));
            properties.forEach((name, property) -> places.put(
                    name,
                    bad -> connect(version, 2, property.apply(bad)).utf8("x").packet(0x10)));
            properties.remove("authentication method");
            properties.put("content type", bad -> Bytes.of(0x03).binary(bad));
            properties.put("response topic", bad -> Bytes.of(0x08).binary(bad));
            properties.forEach((name, property) -> places.put(
                    "will: " + name,
                    bad -> connect(version, 6, none)
                            .utf8("x")
                            .properties(version, property.apply(bad))
                            .utf8("w")
                            .binary()
                            .packet(0x10)));
        }
        return places;
    }

    /** The other packets in which one stands. */
    private static Map<String, Function<byte[], byte[]>> others(MqttVersion version) {
        Map<String, Function<byte[], byte[]>> places = new LinkedHashMap<>();
        places.put(
                "topic name",
                bad -> Bytes.of().binary(bad).noProperties(version).u8('x').packet(0x30));
        places.put(
                "topic filter of SUBSCRIBE",
                bad -> Bytes.of()
                        .u16(1)
                        .noProperties(version)
                        .utf8("good")
                        .u8(0)
                        .binary(bad)
                        .u8(0)
                        .packet(0x82));
        places.put(
                "topic filter of UNSUBSCRIBE",
                bad -> Bytes.of()
                        .u16(1)
                        .noProperties(version)
                        .utf8("good")
                        .binary(bad)
                        .packet(0xA2));
        if (version == MqttVersion.MQTT_5) {
            Map<String, Function<byte[], Bytes>> properties = new LinkedHashMap<>();
            properties.put(
                    "name of a user property", bad -> Bytes.of(0x26).binary(bad).utf8("v"));
            properties.put(
                    "value of a user property", bad -> Bytes.of(0x26).utf8("k").binary(bad));
            properties.forEach((name, property) -> {
                places.put(
                        "SUBSCRIBE: " + name,
                        bad -> Bytes.of()
                                .u16(1)
                                .properties(version, property.apply(bad))
                                .utf8("good")
                                .u8(0)
                                .packet(0x82));
                places.put(
                        "UNSUBSCRIBE: " + name,
                        bad -> Bytes.of()
                                .u16(1)
                                .properties(version, property.apply(bad))
                                .utf8("good")
                                .packet(0xA2));
            });
            properties.put("content type", bad -> Bytes.of(0x03).binary(bad));
            properties.put("response topic", bad -> Bytes.of(0x08).binary(bad));
            properties.forEach((name, property) -> places.put(
                    "PUBLISH: " + name,
                    bad -> Bytes.of()
                            .utf8("t")
                            .properties(version, property.apply(bad))
                            .packet(0x30)));
            places.put(
                    "reason string of DISCONNECT",
                    bad -> Bytes.of(4)
                            .properties(version, Bytes.of(0x1F).binary(bad))
                            .packet(0xE0));
        }
        return places;
    }

    private void refusesEverywhere(MqttVersion version, byte[][] bad) {
        connects(version).forEach((place, packet) -> {
            for (byte[] each : bad) {
                send(version, packet.apply(each)).awaitNoConnection();
            }
        });
        others(version).forEach((place, packet) -> {
            for (byte[] each : bad) {
                TestClient client = connect(version, name("strings", version));
                client.send(packet.apply(each));
                if (version == MqttVersion.MQTT_5) {
                    assertThat(client.await(DISCONNECT).code()).as(place).isEqualTo(0x81);
                }
                client.awaitClosed();
                assertThat(client.waiting()).as(place).isZero();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {
                "MQTT-1.5.4-1",
                "MQTT-1.5.7-1",
                "MQTT-3.1.3-4",
                "MQTT-3.1.3-11",
                "MQTT-3.1.3-12",
                "MQTT-3.3.2-1",
                "MQTT-3.3.2-13",
                "MQTT-3.3.2-19",
                "MQTT-3.8.3-1",
                "MQTT-3.10.3-1"
            },
            v311 = {
                "MQTT-1.5.3-1",
                "MQTT-3.1.3-4",
                "MQTT-3.1.3-10",
                "MQTT-3.1.3-11",
                "MQTT-3.3.2-1",
                "MQTT-3.8.3-1",
                "MQTT-3.10.3-1"
            })
    void refusesIllFormedOnes(MqttVersion version) {
        refusesEverywhere(version, ILL_FORMED);
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-1.5.4-2", "MQTT-1.5.7-1", "MQTT-4.7.3-2"},
            v311 = {"MQTT-1.5.3-2", "MQTT-4.7.3-2"})
    void refusesTheNullCharacter(MqttVersion version) {
        refusesEverywhere(version, WITH_NUL);
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(
            v5 = {"MQTT-1.5.4-3", "MQTT-4.7.3-4"},
            v311 = {"MQTT-1.5.3-3", "MQTT-4.7.3-4"})
    void takesEveryOtherAsItIs(MqttVersion version) {
        List<String> names = new ArrayList<>();
        for (String each : List.of(
                "\ufeff", // a byte order mark, which is a character like any other
                "a\ufeff",
                "\u00e4", // one letter, composed and decomposed
                "a\u0308",
                "\u212b", // three that look the same
                "\u00c5",
                "\ud83d\ude80",
                "\udbff\udfff",
                "\u0001",
                " ",
                "A",
                "a")) {
            names.add(name("as-is", version) + "/" + each);
        }
        TestClient client = connect(version, name("as-is", version));
        names.forEach(topic -> client.subscribe(topic, 0));
        for (String topic : names) {
            client.publish(topic, "x", 0, 0);
            assertThat(client.message().topic()).isEqualTo(topic);
        }
        client.expectNothing();
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    @Statement(v5 = "MQTT-4.7.3-3", v311 = "MQTT-4.7.3-3")
    void takesTopicsAsLongAsTheyMayBe(MqttVersion version) {
        String prefix = name("long", version);
        String topic = prefix + "\u00e4".repeat((65_535 - prefix.length()) / 2) + "x".repeat(prefix.length() % 2 ^ 1);
        assertThat(topic.getBytes(StandardCharsets.UTF_8)).hasSize(65_535);
        TestClient client = connect(version, prefix);
        client.subscribe(topic, 0);
        client.publish(topic, "x", 0, 0);
        assertThat(client.message().topic()).isEqualTo(topic);
        client.subscribe("#", 0);
        assertThat(client.unsubscribe(topic).id()).isEqualTo(78);
    }
}
