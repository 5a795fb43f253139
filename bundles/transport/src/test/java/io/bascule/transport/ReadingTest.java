/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Cve;
import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.UserProperty;
import io.bascule.transport.Recorder.Acknowledged;
import io.bascule.transport.Recorder.Closed;
import io.bascule.transport.Recorder.Failed;
import io.bascule.transport.Recorder.Published;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What comes in, with Netty's encoder or raw bytes at the other end. */
@Timeout(30)
class ReadingTest {
    private static final byte[] CONNECT5 =
            TestServer.bytes(0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0, 1, 'c');
    private static final byte[] CONNECT4 = TestServer.bytes(0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'c');

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(Map.of("max.packet.size", "2MiB", "max.connect.size", "1KiB"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** What the server hears after CONNECT. */
    private static Recorder send(byte[] connect, byte[] bytes) throws IOException, InterruptedException {
        try (Socket socket = server.tcp()) {
            socket.getOutputStream().write(connect);
            socket.getOutputStream().write(bytes);
            Recorder recorder = server.recorder();
            recorder.next(ControlPacket.Connect.class);
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
            return recorder;
        }
    }

    private static void fails(ReasonCode reason, byte[] connect, int... bytes)
            throws IOException, InterruptedException {
        Recorder recorder = send(connect, TestServer.bytes(bytes));
        assertThat(recorder.next(Failed.class).reason())
                .as(Arrays.toString(bytes))
                .isEqualTo(reason);
        recorder.next(Closed.class);
        assertThat(recorder.heard).isEmpty();
    }

    private static void malformed(byte[] connect, int... bytes) throws IOException, InterruptedException {
        fails(ReasonCode.MALFORMED_PACKET, connect, bytes);
    }

    private static void protocolError(byte[] connect, int... bytes) throws IOException, InterruptedException {
        fails(ReasonCode.PROTOCOL_ERROR, connect, bytes);
    }

    private static MqttPublishMessage publish(Random random, int i) {
        MqttProperties properties = new MqttProperties();
        if (random.nextBoolean()) {
            properties.add(new MqttProperties.IntegerProperty(MqttProperties.PAYLOAD_FORMAT_INDICATOR, 1));
        }
        if (random.nextBoolean()) {
            properties.add(new MqttProperties.StringProperty(
                    MqttProperties.CONTENT_TYPE, "typ\u00e9" + "x".repeat(random.nextInt(200))));
        }
        if (random.nextBoolean()) {
            properties.add(new MqttProperties.UserProperty("n" + i, "\ud83d\ude00"));
            properties.add(new MqttProperties.UserProperty("n" + i, ""));
        }
        int qos = random.nextInt(3);
        byte[] payload = new byte[random.nextInt(5) == 0 ? random.nextInt(40_000) : random.nextInt(300)];
        random.nextBytes(payload);
        return new MqttPublishMessage(
                new MqttFixedHeader(
                        MqttMessageType.PUBLISH,
                        qos > 0 && random.nextBoolean(),
                        MqttQoS.valueOf(qos),
                        random.nextBoolean(),
                        0),
                new MqttPublishVariableHeader(
                        "t/" + random.nextInt(50) + "/\u00fc", 1 + random.nextInt(65_535), properties),
                Unpooled.wrappedBuffer(payload));
    }

    @Test
    void readsWhatNettyWritesHoweverItIsCut() throws IOException, InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (MqttVersion version : new MqttVersion[] {MqttVersion.MQTT_3_1_1, MqttVersion.MQTT_5}) {
            boolean five = version == MqttVersion.MQTT_5;
            MqttPublishMessage[] messages = new MqttPublishMessage[300];
            byte[][] payloads = new byte[messages.length][];
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int i = 0; i < messages.length; i++) {
                messages[i] = publish(random, i);
                payloads[i] = io.netty.buffer.ByteBufUtil.getBytes(messages[i].payload());
                bytes.writeBytes(TestServer.bytes(version, messages[i]));
            }
            try (Socket socket = server.tcp()) {
                socket.setTcpNoDelay(true);
                socket.getOutputStream().write(five ? CONNECT5 : CONNECT4);
                byte[] all = bytes.toByteArray();
                for (int at = 0; at < all.length; ) {
                    int length = Math.min(all.length - at, 1 + random.nextInt(random.nextBoolean() ? 8 : 9000));
                    socket.getOutputStream().write(all, at, length);
                    at += length;
                }
                Recorder recorder = server.recorder();
                recorder.next(ControlPacket.Connect.class);
                for (int i = 0; i < messages.length; i++) {
                    Published got = recorder.next(Published.class);
                    MqttPublishMessage sent = messages[i];
                    String what = "message " + i + " of seed " + seed;
                    assertThat(got.message().topic().name())
                            .as(what)
                            .isEqualTo(sent.variableHeader().topicName());
                    assertThat(got.message().payload()).as(what).isEqualTo(payloads[i]);
                    assertThat(got.message().qos().level())
                            .as(what)
                            .isEqualTo(sent.fixedHeader().qosLevel().value());
                    assertThat(got.message().retain())
                            .as(what)
                            .isEqualTo(sent.fixedHeader().isRetain());
                    assertThat(got.dup()).as(what).isEqualTo(sent.fixedHeader().isDup());
                    assertThat(got.packetId())
                            .as(what)
                            .isEqualTo(
                                    got.message().qos().level() == 0
                                            ? 0
                                            : sent.variableHeader().packetId());
                    MqttProperties properties =
                            five ? sent.variableHeader().properties() : MqttProperties.NO_PROPERTIES;
                    MqttProperties.MqttProperty<?> type = properties.getProperty(MqttProperties.CONTENT_TYPE);
                    assertThat(got.message().properties().contentType().orElse(null))
                            .as(what)
                            .isEqualTo(type == null ? null : type.value());
                    assertThat(got.message().properties().userProperties())
                            .as(what)
                            .hasSize(properties
                                    .getProperties(MqttProperties.USER_PROPERTY)
                                    .size());
                    assertThat(got.message().properties().userProperties())
                            .as(what)
                            .allMatch(each -> each.equals(new UserProperty(each.name(), each.value())));
                }
            }
        }
    }

    @Test
    void readsAcknowledgements() throws IOException, InterruptedException {
        Recorder recorder = send(
                CONNECT5,
                TestServer.bytes(
                        0x40, 2, 0, 1, 0x50, 3, 0, 2, 0x10, 0x62, 4, 0, 3, 0x92, 0, 0x70, 10, 0xff, 0xff, 0, 6, 0x1f, 0,
                        3, 'w', 'h', 'y'));
        assertThat(recorder.next()).isEqualTo(new Acknowledged(Acknowledgement.PUBACK, 1, ReasonCode.SUCCESS));
        assertThat(recorder.next())
                .isEqualTo(new Acknowledged(Acknowledgement.PUBREC, 2, ReasonCode.NO_MATCHING_SUBSCRIBERS));
        assertThat(recorder.next())
                .isEqualTo(new Acknowledged(Acknowledgement.PUBREL, 3, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND));
        assertThat(recorder.next()).isEqualTo(new Acknowledged(Acknowledgement.PUBCOMP, 65_535, ReasonCode.SUCCESS));
    }

    @Test
    void readsAcknowledgementsThatNettyWrites() throws IOException, InterruptedException {
        byte[] bytes = TestServer.bytes(
                MqttVersion.MQTT_5,
                new MqttMessage(
                        new MqttFixedHeader(MqttMessageType.PUBREL, false, MqttQoS.AT_LEAST_ONCE, false, 0),
                        new MqttPubReplyMessageVariableHeader(300, (byte) 0x92, MqttProperties.NO_PROPERTIES)));
        assertThat(send(CONNECT5, bytes).next())
                .isEqualTo(new Acknowledged(Acknowledgement.PUBREL, 300, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND));
    }

    @Test
    void readsDisconnectAndAuthThatLeaveFieldsOut() throws IOException, InterruptedException {
        assertThat(send(CONNECT5, TestServer.bytes(0xE0, 0)).next())
                .isEqualTo(ControlPacket.Disconnect.of(ReasonCode.SUCCESS)); // section 3.14.2.1
        assertThat(send(CONNECT5, TestServer.bytes(0xE0, 1, 4)).next())
                .isEqualTo(ControlPacket.Disconnect.of(ReasonCode.DISCONNECT_WITH_WILL_MESSAGE));
        assertThat(send(CONNECT5, TestServer.bytes(0xE0, 2, 4, 0)).next())
                .isEqualTo(ControlPacket.Disconnect.of(ReasonCode.DISCONNECT_WITH_WILL_MESSAGE));
        assertThat(send(CONNECT4, TestServer.bytes(0xE0, 0)).next())
                .isEqualTo(ControlPacket.Disconnect.of(ReasonCode.SUCCESS));
        assertThat(send(CONNECT5, TestServer.bytes(0xF0, 6, 0x18, 4, 0x15, 0, 1, 'M'))
                        .next())
                .isEqualTo(
                        new ControlPacket.Auth(ReasonCode.CONTINUE_AUTHENTICATION, Optional.of("M"), Optional.empty()));
        protocolError(CONNECT5, 0xF0, 0); // Success, which only a server says [MQTT-3.15.2-1]
        protocolError(CONNECT5, 0xF0, 2, 0x18, 0); // no method (section 3.15.2.2.2)
        protocolError(CONNECT5, 0xF0, 6, 0x87, 4, 0x15, 0, 1, 'M');
        malformed(CONNECT5, 0xF0, 1, 0x18); // no property length
    }

    @Test
    void refusesAcknowledgementsWithOtherPropertiesThanTheirs() throws IOException, InterruptedException {
        malformed(CONNECT5, 0x40, 6, 0, 1, 0, 2, 0x01, 0); // payload format indicator
        protocolError(CONNECT5, 0x50, 12, 0, 1, 0, 8, 0x1F, 0, 1, 'a', 0x1F, 0, 1, 'b');
        malformed(CONNECT5, 0x62, 8, 0, 1, 0, 4, 0x1F, 0, 1, 0xFF);
        malformed(CONNECT5, 0x70, 5, 0, 1, 0, 0, 0);
    }

    @Test
    @Cve("CVE-2026-44248")
    void takesALargePacketByteByByteInLinearTime() throws IOException, InterruptedException {
        byte[] payload = new byte[60_000];
        byte[] packet = TestServer.bytes(
                MqttVersion.MQTT_3_1_1,
                new MqttPublishMessage(
                        new MqttFixedHeader(MqttMessageType.PUBLISH, false, MqttQoS.AT_MOST_ONCE, false, 0),
                        new MqttPublishVariableHeader("t", 0),
                        Unpooled.wrappedBuffer(payload)));
        try (Socket socket = server.tcp()) {
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(CONNECT4);
            Recorder recorder = server.recorder();
            recorder.next(ControlPacket.Connect.class);
            long before = server.transport.info().activeBuffers();
            for (byte each : packet) {
                socket.getOutputStream().write(each);
            }
            assertThat(recorder.next(Published.class).message().payload()).isEqualTo(payload);
            assertThat(server.transport.info().activeBuffers()).isLessThan(before + 50);
        }
    }

    @Test
    void forgetsHalfAPacketWithItsConnection() throws IOException, InterruptedException {
        for (int i = 0; i < 50; i++) {
            Recorder recorder =
                    send(CONNECT5, TestServer.bytes(0x30, 0xff, 0xff, 3, 0, 1, 't')); // close() checks the buffers
            recorder.next(Closed.class);
        }
    }

    @Test
    @Statement(v5 = "MQTT-3.3.2-12")
    void resolvesTopicAliases() throws IOException, InterruptedException {
        Recorder recorder = send(
                CONNECT5,
                TestServer.bytes(
                        0x30, 8, 0, 1, 'a', 3, 0x23, 0, 4, '1', // a is 4
                        0x30, 7, 0, 0, 3, 0x23, 0, 4, '2', // 4
                        0x30, 8, 0, 1, 'b', 3, 0x23, 0, 4, '3', // b is 4
                        0x30, 7, 0, 0, 3, 0x23, 0, 4, '4', 0x30, 7, 0, 0, 3, 0x23, 0, 5, '5'));
        for (String topic : new String[] {"a", "a", "b", "b"}) {
            assertThat(recorder.next(Published.class).message().topic().name()).isEqualTo(topic); // [MQTT-3.3.2-12]
        }
        assertThat(recorder.next(Failed.class).reason()).isEqualTo(ReasonCode.TOPIC_ALIAS_INVALID); // [MQTT-3.3.2-9]
    }

    @Test
    @Statement(v5 = "MQTT-3.3.2-8", v311 = "MQTT-4.7.3-1")
    void refusesTopicAliasesThatStandForNothing() throws IOException, InterruptedException {
        fails(ReasonCode.TOPIC_ALIAS_INVALID, CONNECT5, 0x30, 7, 0, 1, 'a', 3, 0x23, 0, 0); // [MQTT-3.3.2-8]
        protocolError(CONNECT5, 0x30, 6, 0, 0, 3, 0x23, 0, 1); // not carried over [MQTT-3.3.2-7]
        protocolError(CONNECT5, 0x30, 3, 0, 0, 0);
        protocolError(CONNECT4, 0x30, 2, 0, 0); // [MQTT-4.7.3-1]
    }

    @Test
    @Statement(v5 = "MQTT-1.5.5-1")
    @Cve({"CVE-2025-66168", "CVE-2026-40046", "CVE-2026-21888"})
    void refusesLengthsThatAreNotMinimal() throws IOException, InterruptedException {
        malformed(CONNECT5, 0xC0, 0x80, 0x00); // [MQTT-1.5.5-1]
        malformed(CONNECT5, 0x30, 0x85, 0x00, 0, 1, 'a', 0, 'x');
        malformed(CONNECT5, 0x30, 0xff, 0xff, 0xff, 0xff, 0x01);
        malformed(CONNECT5, 0x30, 6, 0, 1, 'a', 0x80, 0x00, 'x'); // the length of properties
        malformed(CONNECT5, 0x82, 8, 0, 1, 0x80, 0x00, 0, 1, 'a', 0);
    }

    @Test
    void refusesWhatIsLongerOrShorterThanItsFields() throws IOException, InterruptedException {
        malformed(CONNECT5, 0xC0, 1, 0);
        malformed(CONNECT4, 0xE0, 1, 0);
        malformed(CONNECT5, 0xE0, 4, 0, 0, 0, 0);
        malformed(CONNECT4, 0x40, 3, 0, 1, 0);
        malformed(CONNECT4, 0x40, 1, 0);
        malformed(CONNECT5, 0x40, 5, 0, 1, 0, 3, 0);
        malformed(CONNECT5, 0x82, 7, 0, 1, 0, 0, 5, 'a', 0);
        malformed(CONNECT5, 0x30, 3, 0, 9, 'a');
        malformed(CONNECT4, 0x32, 3, 0, 1, 'a');
        malformed(CONNECT5, 0x30, 3, 0, 1, 'a'); // no properties
    }

    @Test
    @Statement(
            v5 = {
                "MQTT-2.1.3-1",
                "MQTT-3.3.1-4",
                "MQTT-3.6.1-1",
                "MQTT-3.8.1-1",
                "MQTT-3.8.3-5",
                "MQTT-3.10.1-1",
                "MQTT-3.14.1-1",
                "MQTT-3.15.1-1"
            })
    void refusesReservedFlags() throws IOException, InterruptedException {
        for (int first : new int[] {0x41, 0x51, 0x60, 0x63, 0x72, 0x80, 0xA0, 0xC1, 0xE8, 0xF1, 0x13}) {
            malformed(CONNECT5, first, 2, 0, 1); // [MQTT-2.1.3-1]
        }
        malformed(CONNECT5, 0x36, 5, 0, 1, 'a', 0, 1); // QoS 3 [MQTT-3.3.1-4]
        malformed(CONNECT4, 0x38, 3, 0, 1, 'a'); // DUP with QoS 0 [MQTT-3.3.1-2]
        malformed(CONNECT5, 0x82, 7, 0, 1, 0, 0, 1, 'a', 0x40); // [MQTT-3.8.3-5]
        malformed(CONNECT4, 0x82, 6, 0, 1, 0, 1, 'a', 0x04);
        protocolError(CONNECT5, 0x82, 7, 0, 1, 0, 0, 1, 'a', 0x30); // retain handling 3
        protocolError(CONNECT5, 0x82, 7, 0, 1, 0, 0, 1, 'a', 0x03);
    }

    @Test
    @Statement(v5 = "MQTT-3.3.4-6")
    void refusesPacketsFromTheWrongSide() throws IOException, InterruptedException {
        protocolError(CONNECT5, 0x20, 2, 0, 0);
        protocolError(CONNECT5, 0x90, 4, 0, 1, 0, 0);
        protocolError(CONNECT5, 0xB0, 4, 0, 1, 0, 0);
        protocolError(CONNECT5, 0xD0, 0);
        protocolError(CONNECT4, 0xF0, 0); // AUTH is of 5.0
        protocolError(CONNECT5, 0x00, 0);
        protocolError(CONNECT5, 0x30, 8, 0, 1, 'a', 2, 0x0B, 5, 'x', 'y'); // subscription identifier [MQTT-3.3.4-6]
    }

    @Test
    @Statement(
            v5 = {"MQTT-1.5.4-1", "MQTT-1.5.7-1", "MQTT-3.8.3-1", "MQTT-3.10.3-1"},
            v311 = {"MQTT-1.5.3-1", "MQTT-1.5.3-2", "MQTT-3.3.2-2", "MQTT-4.7.1-1", "MQTT-4.7.3-2"})
    void refusesIllFormedStrings() throws IOException, InterruptedException {
        malformed(CONNECT4, 0x30, 4, 0, 2, 0xC0, 0x80); // overlong NUL [MQTT-1.5.4-1]
        malformed(CONNECT4, 0x30, 5, 0, 3, 0xED, 0xA0, 0x80); // a surrogate
        malformed(CONNECT4, 0x30, 3, 0, 1, 0xFF);
        malformed(CONNECT4, 0x30, 3, 0, 1, 0); // [MQTT-1.5.4-2]
        malformed(CONNECT5, 0x82, 7, 0, 1, 0, 0, 1, 0xFF, 0); // [MQTT-3.8.3-1]
        malformed(CONNECT5, 0xA2, 6, 0, 1, 0, 0, 1, 0xFF);
        malformed(CONNECT5, 0x30, 11, 0, 1, 'a', 7, 0x26, 0, 1, 0xFF, 0, 1, 'v'); // [MQTT-1.5.7-1]
        fails(ReasonCode.TOPIC_NAME_INVALID, CONNECT4, 0x30, 5, 0, 3, 'a', '/', '#'); // [MQTT-3.3.2-2]
    }

    @Test
    @Statement(v311 = "MQTT-1.5.3-3")
    void keepsAByteOrderMark() throws IOException, InterruptedException {
        Recorder recorder = send(CONNECT4, TestServer.bytes(0x30, 6, 0, 4, 0xEF, 0xBB, 0xBF, 'a'));
        assertThat(recorder.next(Published.class).message().topic().name()).isEqualTo("\ufeffa"); // [MQTT-1.5.4-3]
    }

    @Test
    @Statement(v5 = "MQTT-3.3.2-14")
    void refusesPropertiesTwiceOrWhereTheyDoNotBelong() throws IOException, InterruptedException {
        protocolError(CONNECT5, 0x30, 8, 0, 1, 'a', 4, 0x01, 0, 0x01, 0);
        protocolError(CONNECT5, 0x30, 10, 0, 1, 'a', 6, 0x23, 0, 1, 0x23, 0, 1);
        malformed(CONNECT5, 0x30, 9, 0, 1, 'a', 5, 0x11, 0, 0, 0, 1); // session expiry in PUBLISH
        malformed(CONNECT5, 0x82, 9, 0, 1, 2, 0x01, 0, 0, 1, 'a', 0);
        protocolError(CONNECT5, 0x82, 9, 0, 1, 2, 0x0B, 0, 0, 1, 'a', 0); // identifier 0
        protocolError(CONNECT5, 0x82, 11, 0, 1, 4, 0x0B, 1, 0x0B, 2, 0, 1, 'a', 0);
        protocolError(CONNECT5, 0x30, 6, 0, 1, 'a', 2, 0x01, 2); // payload format 2
        protocolError(CONNECT5, 0x30, 10, 0, 1, 'a', 6, 0x08, 0, 3, 'a', '/', '#'); // [MQTT-3.3.2-14]
    }

    @Test
    @Statement(
            v5 = "MQTT-3.8.3-4",
            v311 = {"MQTT-2.3.1-1", "MQTT-3.8.3-3", "MQTT-3.10.3-2"})
    void refusesIdentifierZeroAndEmptyLists() throws IOException, InterruptedException {
        malformed(CONNECT4, 0x32, 5, 0, 1, 'a', 0, 0); // [MQTT-2.2.1-3]
        malformed(CONNECT4, 0x40, 2, 0, 0);
        malformed(CONNECT4, 0x82, 6, 0, 0, 0, 1, 'a', 0);
        protocolError(CONNECT4, 0x82, 2, 0, 1); // [MQTT-3.8.3-2]
        protocolError(CONNECT4, 0xA2, 2, 0, 1); // [MQTT-3.10.3-2]
        protocolError(CONNECT5, 0x82, 16, 0, 1, 0, 0, 10, '$', 's', 'h', 'a', 'r', 'e', '/', 'g', '/', 'a', 0x04);
    }

    @Test
    @Cve("CVE-2022-23913")
    void refusesPacketsThatAreTooLarge() throws IOException, InterruptedException {
        fails(ReasonCode.PACKET_TOO_LARGE, CONNECT5, 0x30, 0xfd, 0xff, 0x7f); // 2 MiB + 1 with its header
        Recorder recorder = send(CONNECT5, TestServer.bytes(0x30, 0xfc, 0xff, 0x7f)); // 2 MiB: it waits for the rest
        recorder.next(Closed.class);
        try (Socket socket = server.tcp()) { // before CONNECT less is allowed
            socket.getOutputStream().write(TestServer.bytes(0x10, 0x80, 0x08, 0));
            Recorder early = server.recorder();
            assertThat(early.next(Failed.class).reason()).isEqualTo(ReasonCode.PACKET_TOO_LARGE);
        }
    }

    @Test
    void knowsTheVersionOfAConnectThatIsNone() throws IOException, InterruptedException {
        for (io.bascule.mqtt.MqttVersion version : io.bascule.mqtt.MqttVersion.values()) {
            String name = version == io.bascule.mqtt.MqttVersion.MQTT_3_1 ? "MQIsdp" : "MQTT";
            byte[] prefix = name.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            for (int[] length : new int[][] {{prefix.length + 3}, {0xff, 0x7f}}) { // ends too early, is too large
                ByteArrayOutputStream packet = new ByteArrayOutputStream();
                packet.write(0x10);
                packet.writeBytes(TestServer.bytes(length));
                packet.writeBytes(TestServer.bytes(0, prefix.length));
                packet.writeBytes(prefix);
                packet.write(version.protocolLevel());
                try (Socket socket = server.tcp()) {
                    Recorder recorder = server.recorder();
                    assertThat(recorder.connection.version()).isEmpty();
                    socket.getOutputStream().write(packet.toByteArray());
                    socket.shutdownOutput();
                    recorder.next(Failed.class);
                    assertThat(recorder.connection.version()).contains(version);
                    recorder.next(Closed.class);
                }
            }
        }
    }

    @Test
    @Statement(
            v311 = {
                "MQTT-3.1.2-3",
                "MQTT-3.1.2-13",
                "MQTT-3.1.2-14",
                "MQTT-3.1.2-15",
                "MQTT-3.1.2-18",
                "MQTT-3.1.2-19",
                "MQTT-3.1.2-22",
                "MQTT-3.1.3-4",
                "MQTT-3.1.4-1"
            })
    void refusesConnectsWhoseFlagsAndFieldsDisagree() throws IOException, InterruptedException {
        int[][] bodies = {
            {4, 0x03, 0, 0, 0, 1, 'c'}, // the reserved flag [MQTT-3.1.2-3]
            {4, 0x0A, 0, 0, 0, 1, 'c'}, // will QoS without a will [MQTT-3.1.2-11]
            {4, 0x22, 0, 0, 0, 1, 'c'}, // will retain without a will [MQTT-3.1.2-13]
            {4, 0x1E, 0, 0, 0, 1, 'c', 0, 1, 'w', 0, 0}, // will QoS 3 [MQTT-3.1.2-12]
            {4, 0x42, 0, 0, 0, 1, 'c', 0, 1, 'p'}, // a password without a user name
            {4, 0x82, 0, 0, 0, 1, 'c'}, // no user name though the flag says so [MQTT-3.1.2-17]
            {4, 0x02, 0, 0, 0, 1, 'c', 0, 1, 'u'}, // a user name though the flag says no [MQTT-3.1.2-16]
            {4, 0x02, 0, 0, 0, 1, 0xFF}, // ill-formed [MQTT-3.1.3-4]
            {5, 0x02, 0, 0, 4, 0x17, 1, 0x17, 1, 0, 1, 'c'}, // a property twice
            {5, 0x02, 0, 0, 3, 0x21, 0, 0, 0, 1, 'c'}, // receive maximum 0
            {5, 0x02, 0, 0, 2, 0x01, 0, 0, 1, 'c'}, // a property of PUBLISH
        };
        for (int[] body : bodies) {
            byte[] packet = new byte[8 + body.length];
            System.arraycopy(TestServer.bytes(0x10, 6 + body.length, 0, 4, 'M', 'Q', 'T', 'T'), 0, packet, 0, 8);
            System.arraycopy(TestServer.bytes(body), 0, packet, 8, body.length);
            try (Socket socket = server.tcp()) {
                socket.getOutputStream().write(packet);
                socket.shutdownOutput();
                Recorder recorder = server.recorder();
                assertThat(recorder.next()).as(Arrays.toString(body)).isInstanceOf(Failed.class); // [MQTT-3.1.4-1]
                recorder.next(Closed.class);
            }
        }
    }

    @Test
    @Cve("Moquette #957")
    void survivesAHandlerThatThrows() throws IOException, InterruptedException {
        try (Socket socket = server.tcp()) {
            socket.getOutputStream().write(CONNECT5);
            Recorder recorder = server.recorder();
            recorder.next(ControlPacket.Connect.class);
            Connection connection = recorder.connection;
            connection.eventLoop().execute(() -> {
                throw new IllegalStateException("on purpose");
            });
            recorder.connection = null; // makes the next failure throw in the handler
            socket.getOutputStream().write(0x00);
            socket.getOutputStream().write(0x00);
            recorder.next(Failed.class);
            assertThat(recorder.next(Closed.class)).isNotNull();
        }
        assertThat(send(CONNECT5, TestServer.bytes(0xC0, 0)).next()).isInstanceOf(ControlPacket.PingReq.class);
    }
}
