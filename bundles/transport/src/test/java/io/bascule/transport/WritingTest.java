/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.bascule.api.Subscription;
import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.mqtt.UserProperty;
import io.bascule.resource.ResourceScope;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes out besides PUBLISH, byte for byte, and as Netty's decoder reads it. */
@Timeout(30)
class WritingTest {
    private static final byte[] CONNECT5 =
            TestServer.bytes(0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0, 1, 'c');
    private static final byte[] CONNECT4 = TestServer.bytes(0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'c');

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** The bytes that leave when a server sends this behind its CONNACK. */
    private static byte[] fromServer(int protocolLevel, ControlPacket packet) throws IOException, InterruptedException {
        try (Socket socket = server.tcp()) {
            socket.getOutputStream().write(protocolLevel == 5 ? CONNECT5 : CONNECT4);
            Recorder recorder = server.recorder();
            recorder.next(ControlPacket.Connect.class);
            recorder.connection.eventLoop().execute(() -> {
                recorder.connection.send(packet);
                recorder.connection.close();
            });
            byte[] all = socket.getInputStream().readAllBytes();
            return Arrays.copyOfRange(all, 2 + all[1], all.length); // without the CONNACK
        }
    }

    private static void writes(int protocolLevel, ControlPacket packet, int... expected)
            throws IOException, InterruptedException {
        assertThat(fromServer(protocolLevel, packet)).as(packet.toString()).isEqualTo(TestServer.bytes(expected));
    }

    /** What a client sends: all packets, until it closes. */
    private static byte[] fromClient(ControlPacket... packets) throws IOException {
        ResourceScope scope = new ResourceScope("test");
        try (ServerSocket remote = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Recorder client = new Recorder();
            client.whenOpened = opened -> {
                Arrays.asList(packets).forEach(opened::send);
                opened.close();
            };
            server.transport.connect(
                    new Remote("127.0.0.1", remote.getLocalPort(), Duration.ofSeconds(5), 1024),
                    server.transport.nextEventLoop(),
                    scope,
                    client);
            try (Socket socket = remote.accept()) {
                return socket.getInputStream().readAllBytes();
            }
        }
    }

    private static EmbeddedChannel netty(byte[] bytes) {
        EmbeddedChannel decoder = new EmbeddedChannel(new MqttDecoder(100_000));
        decoder.writeInbound(Unpooled.wrappedBuffer(bytes));
        return decoder;
    }

    /** Netty's decoder learns the version from CONNECT. */
    private static MqttMessage nettyFromServer(byte[] bytes) {
        EmbeddedChannel decoder = netty(CONNECT5);
        decoder.readInbound();
        decoder.writeInbound(Unpooled.wrappedBuffer(bytes));
        MqttMessage message = decoder.readInbound();
        assertThat(message.decoderResult().isSuccess()).isTrue();
        return message;
    }

    static ControlPacket.Connect connect(MqttVersion version, boolean bare) {
        MessageProperties properties = new MessageProperties(
                Optional.of(1),
                Optional.of("type"),
                Optional.of("answer"),
                Optional.of(new byte[] {1, 2}),
                List.of(new UserProperty("will", "1"), new UserProperty("will", "2")));
        Message will = Message.of(Topic.of("will/\u00fc"), new byte[] {7, 0, 7}, QoS.EXACTLY_ONCE, true);
        return new ControlPacket.Connect(
                version,
                false,
                "client",
                false,
                65_535,
                Optional.of(new ControlPacket.Will(
                        bare ? will : will.withProperties(properties),
                        bare ? 0 : 4_294_967_295L,
                        bare ? OptionalLong.empty() : OptionalLong.of(60))),
                Optional.of("user"),
                Optional.of(new byte[] {0, -1}),
                bare ? OptionalLong.empty() : OptionalLong.of(4_294_967_295L),
                bare ? OptionalInt.empty() : OptionalInt.of(65_535),
                bare ? OptionalLong.empty() : OptionalLong.of(268_435_460),
                bare ? 0 : 300,
                !bare,
                bare,
                bare ? Optional.empty() : Optional.of("SCRAM"),
                bare ? Optional.empty() : Optional.of(new byte[] {3}),
                bare ? List.of() : List.of(new UserProperty("a", "b")));
    }

    @Test
    void sendsEveryFieldOfConnect() throws InterruptedException {
        for (MqttVersion version : MqttVersion.values()) {
            ControlPacket.Connect sent = connect(version, version != MqttVersion.MQTT_5);
            ResourceScope scope = new ResourceScope("test");
            Recorder client = new Recorder();
            client.whenOpened = opened -> opened.send(sent);
            server.transport.connect(
                    new Remote("127.0.0.1", server.port(), Duration.ofSeconds(5), 1024),
                    server.transport.nextEventLoop(),
                    scope,
                    client);
            ControlPacket.Connect got = server.recorder().next(ControlPacket.Connect.class);
            assertThat(got).usingRecursiveComparison().isEqualTo(sent);
            scope.close();
        }
    }

    @Test
    @Statement(v5 = "MQTT-3.1.3-1", v311 = "MQTT-3.1.3-1")
    void sendsConnectAsNettyReadsIt() throws IOException {
        for (MqttVersion version : MqttVersion.values()) {
            ControlPacket.Connect sent = connect(version, version != MqttVersion.MQTT_5);
            MqttConnectMessage got = netty(fromClient(sent)).readInbound();
            assertThat(got.decoderResult().isSuccess()).isTrue();
            assertThat(got.variableHeader().version()).isEqualTo(version.protocolLevel());
            assertThat(got.variableHeader().keepAliveTimeSeconds()).isEqualTo(65_535);
            assertThat(got.variableHeader().willQos()).isEqualTo(2);
            assertThat(got.variableHeader().isWillRetain()).isTrue();
            assertThat(got.variableHeader().isCleanSession()).isFalse();
            assertThat(got.payload().willTopic()).isEqualTo("will/\u00fc");
            assertThat(got.payload().userName()).isEqualTo("user");
            assertThat(got.payload().passwordInBytes()).isEqualTo(new byte[] {0, -1});
            if (version == MqttVersion.MQTT_5) {
                assertThat(got.variableHeader().properties().listAll()).hasSize(9);
                assertThat(got.payload().willProperties().listAll()).hasSize(7);
            }
        }
    }

    @Test
    void sendsSubscribeAndUnsubscribeAsNettyReadsThem() throws IOException {
        TopicFilter filter = TopicFilter.of("a/+");
        Subscription subscription = new Subscription(
                filter, QoS.AT_LEAST_ONCE, true, true, Subscription.RetainHandling.DO_NOT_SEND, 268_435_455);
        EmbeddedChannel got = netty(fromClient(
                connect(MqttVersion.MQTT_5, true),
                new ControlPacket.Subscribe(65_535, List.of(ControlPacket.RequestedSubscription.of(subscription))),
                new ControlPacket.Unsubscribe(256, List.of(Optional.of(filter), Optional.of(TopicFilter.of("#"))))));
        got.readInbound();
        MqttSubscribeMessage subscribe = got.readInbound();
        assertThat(subscribe.variableHeader().messageId()).isEqualTo(65_535);
        var options = subscribe.payload().topicSubscriptions().get(0).option();
        assertThat(options.qos().value()).isEqualTo(1);
        assertThat(options.isNoLocal()).isTrue();
        assertThat(options.isRetainAsPublished()).isTrue();
        assertThat(options.retainHandling().value()).isEqualTo(2);
        MqttUnsubscribeMessage unsubscribe = got.readInbound();
        assertThat(unsubscribe.variableHeader().messageId()).isEqualTo(256);
        assertThat(unsubscribe.payload().topics()).containsExactly("a/+", "#");
    }

    @Test
    void leavesSubscriptionOptionsOutBefore5() throws IOException {
        Subscription subscription = new Subscription(
                TopicFilter.of("a"), QoS.EXACTLY_ONCE, true, true, Subscription.RetainHandling.DO_NOT_SEND, 9);
        byte[] all = fromClient(
                connect(MqttVersion.MQTT_3_1_1, true),
                new ControlPacket.Subscribe(1, List.of(ControlPacket.RequestedSubscription.of(subscription))));
        assertThat(Arrays.copyOfRange(all, all.length - 8, all.length))
                .isEqualTo(TestServer.bytes(0x82, 6, 0, 1, 0, 1, 'a', 2));
    }

    @Test
    @Statement(v5 = "MQTT-2.2.2-1")
    void writesWhatAServerSays() throws IOException, InterruptedException {
        List<ReasonCode> reasons = List.of(ReasonCode.GRANTED_QOS_2, ReasonCode.NOT_AUTHORIZED);
        writes(5, new ControlPacket.SubAck(258, reasons), 0x90, 5, 1, 2, 0, 2, 0x87); // [MQTT-2.2.2-1]
        writes(4, new ControlPacket.SubAck(258, reasons), 0x90, 4, 1, 2, 2, 0x80);
        List<ReasonCode> removed = List.of(ReasonCode.SUCCESS, ReasonCode.NO_SUBSCRIPTION_EXISTED);
        writes(5, new ControlPacket.UnsubAck(3, removed), 0xB0, 5, 0, 3, 0, 0, 0x11);
        writes(4, new ControlPacket.UnsubAck(3, removed), 0xB0, 2, 0, 3);
        writes(5, new ControlPacket.PingResp(), 0xD0, 0);
        writes(5, ControlPacket.Disconnect.of(ReasonCode.SUCCESS), 0xE0, 0); // section 3.14.2.1
        writes(5, ControlPacket.Disconnect.of(ReasonCode.SESSION_TAKEN_OVER), 0xE0, 1, 0x8E);
        writes(
                5,
                new ControlPacket.Disconnect(ReasonCode.SERVER_BUSY, OptionalLong.empty(), Optional.of("wa\u00fc")),
                0xE0,
                9,
                0x89,
                7,
                0x1F,
                0,
                4,
                'w',
                'a',
                0xC3,
                0xBC);
        writes(5, new ControlPacket.Auth(ReasonCode.SUCCESS, Optional.empty(), Optional.empty()), 0xF0, 0);
        writes(
                5,
                new ControlPacket.Auth(
                        ReasonCode.CONTINUE_AUTHENTICATION, Optional.of("M"), Optional.of(new byte[] {9})),
                0xF0,
                10,
                0x18,
                8,
                0x15,
                0,
                1,
                'M',
                0x16,
                0,
                1,
                9);
    }

    @Test
    void writesConnAckAsNettyReadsIt() throws IOException, InterruptedException {
        ControlPacket.ServerProperties properties = new ControlPacket.ServerProperties(
                OptionalLong.of(4_294_967_295L),
                20,
                1,
                false,
                OptionalLong.of(1_000_000),
                Optional.of("assigned"),
                7,
                Optional.of("reason"),
                false,
                false,
                false,
                OptionalInt.of(90),
                Optional.of("info"),
                Optional.of("server"),
                Optional.of("method"),
                Optional.of(new byte[] {1}),
                List.of(new UserProperty("name", "value")));
        ControlPacket.ConnAck sent = new ControlPacket.ConnAck(true, ReasonCode.SUCCESS, properties);
        MqttConnAckMessage got = (MqttConnAckMessage) nettyFromServer(fromServer(5, sent));
        assertThat(got.variableHeader().isSessionPresent()).isTrue();
        MqttProperties read = got.variableHeader().properties();
        assertThat(read.listAll()).hasSize(17);
        assertThat(read.getProperty(MqttProperties.SERVER_KEEP_ALIVE).value()).isEqualTo(90);
        assertThat(read.getProperty(MqttProperties.MAXIMUM_PACKET_SIZE).value()).isEqualTo(1_000_000);
        assertThat(read.getProperty(MqttProperties.ASSIGNED_CLIENT_IDENTIFIER).value())
                .isEqualTo("assigned");
        assertThat(read.getProperty(MqttProperties.AUTHENTICATION_DATA).value()).isEqualTo(new byte[] {1});
    }

    @Test
    @Statement(v5 = "MQTT-3.2.2-8")
    void refusesWithAReasonThatConnAckHas() throws IOException, InterruptedException {
        ReasonCode[][] cases = { // [MQTT-3.2.2-8]
            {ReasonCode.PACKET_TOO_LARGE, ReasonCode.PACKET_TOO_LARGE},
            {ReasonCode.SERVER_SHUTTING_DOWN, ReasonCode.SERVER_UNAVAILABLE},
            {ReasonCode.KEEP_ALIVE_TIMEOUT, ReasonCode.UNSPECIFIED_ERROR},
        };
        for (ReasonCode[] each : cases) {
            writes(
                    5,
                    new ControlPacket.ConnAck(false, each[0], ControlPacket.ServerProperties.NONE),
                    0x20,
                    3,
                    0,
                    each[1].code(),
                    0);
        }
    }

    @Test
    @Statement(v5 = "MQTT-1.5.5-1")
    void writesLengthsOfEverySize() throws IOException, InterruptedException {
        for (int size : new int[] {0, 120, 121, 16_000, 65_535}) {
            ControlPacket.Disconnect sent = new ControlPacket.Disconnect(
                    ReasonCode.SERVER_BUSY, OptionalLong.empty(), Optional.of("x".repeat(size)));
            var header = (MqttReasonCodeAndPropertiesVariableHeader)
                    nettyFromServer(fromServer(5, sent)).variableHeader();
            assertThat(header.properties()
                            .getProperty(MqttProperties.REASON_STRING)
                            .value())
                    .isEqualTo("x".repeat(size));
        }
    }

    @Test
    void hasWordsForEveryConnectReason() throws IOException, InterruptedException {
        int said = 0;
        for (ReasonCode reason : ReasonCode.values()) {
            byte[] got = fromServer(5, new ControlPacket.ConnAck(false, reason, ControlPacket.ServerProperties.NONE));
            if ((got[3] & 0xFF) == reason.code()) {
                said++;
            } else {
                assertThat(got[3] & 0xFF).as(reason.toString()).isGreaterThanOrEqualTo(0x80);
            }
            assertThat(got).hasSize(5);
        }
        assertThat(said).isEqualTo(22); // all of section 3.2.2.2
    }

    @Test
    void announcesABridgeBefore5() throws IOException, InterruptedException {
        for (MqttVersion version : List.of(MqttVersion.MQTT_3_1, MqttVersion.MQTT_3_1_1)) {
            ControlPacket.Connect plain = connect(version, true);
            ControlPacket.Connect bridge = new ControlPacket.Connect(
                    version,
                    true,
                    "c".repeat(version == MqttVersion.MQTT_3_1 ? 23 : 1000), // two bytes of remaining length
                    plain.cleanStart(),
                    plain.keepAlive(),
                    plain.will(),
                    plain.userName(),
                    plain.password(),
                    plain.sessionExpiryInterval(),
                    plain.receiveMaximum(),
                    plain.maximumPacketSize(),
                    plain.topicAliasMaximum(),
                    plain.requestResponseInformation(),
                    plain.requestProblemInformation(),
                    plain.authenticationMethod(),
                    plain.authenticationData(),
                    plain.userProperties());
            ResourceScope scope = new ResourceScope("test");
            Recorder client = new Recorder();
            client.whenOpened = opened -> opened.send(bridge);
            server.transport.connect(
                    new Remote("127.0.0.1", server.port(), Duration.ofSeconds(5), 1024),
                    server.transport.nextEventLoop(),
                    scope,
                    client);
            ControlPacket.Connect got = server.recorder().next(ControlPacket.Connect.class);
            assertThat(got).usingRecursiveComparison().isEqualTo(bridge);
            scope.close();
        }
    }

    @Test
    void refusesAFieldThatIsTooLong() throws IOException, InterruptedException {
        try (Socket socket = server.tcp()) {
            socket.getOutputStream().write(CONNECT5);
            Recorder recorder = server.recorder();
            recorder.next(ControlPacket.Connect.class);
            recorder.connection.eventLoop().execute(() -> {
                for (String words : List.of("x".repeat(65_536), "\u00fc".repeat(32_768))) {
                    ControlPacket packet = new ControlPacket.Disconnect(
                            ReasonCode.SERVER_BUSY, OptionalLong.empty(), Optional.of(words));
                    recorder.heard.add(catchThrowable(() -> recorder.connection.send(packet)));
                }
                recorder.connection.send(new ControlPacket.PingResp());
                recorder.connection.close();
            });
            byte[] all = socket.getInputStream().readAllBytes();
            assertThat(Arrays.copyOfRange(all, 2 + all[1], all.length)).isEqualTo(TestServer.bytes(0xD0, 0));
            assertThat(recorder.next(IllegalArgumentException.class)).hasMessageContaining("65535 bytes");
            assertThat(recorder.next(IllegalArgumentException.class)).hasMessageContaining("65535 bytes");
        }
    }
}
