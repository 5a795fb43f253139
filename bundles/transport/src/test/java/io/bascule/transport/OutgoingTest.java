/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.Subscription;
import io.bascule.itests.statements.Cve;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.mqtt.UserProperty;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.Recorder.Acknowledged;
import io.bascule.transport.Recorder.Closed;
import io.bascule.transport.Recorder.Failed;
import io.bascule.transport.Recorder.Published;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections to other brokers: to our own listener, to sockets that misbehave, and to nobody. */
@Timeout(30)
class OutgoingTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ControlPacket.Connect connect(MqttVersion version) {
        return new ControlPacket.Connect(
                version,
                false,
                "c",
                true,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                0,
                false,
                true,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private static Recorder open(String host, int port, Duration timeout, ResourceScope scope) {
        Recorder client = new Recorder();
        server.transport.connect(
                new Remote(host, port, timeout, 1024 * 1024), server.transport.nextEventLoop(), scope, client);
        return client;
    }

    private static void expectOnly(Recorder client, String why, ResourceScope scope) {
        assertThat(client.next(Closed.class).why()).contains(why);
        TestServer.eventually("given back", () -> scope.live() == 0);
        assertThat(client.heard).isEmpty();
    }

    @Test
    void speaksBothWaysInEveryVersion() throws InterruptedException {
        for (MqttVersion version : MqttVersion.values()) {
            ResourceScope scope = new ResourceScope("test");
            Recorder client = new Recorder();
            client.whenOpened = opened -> opened.send(connect(version));
            server.transport.connect(
                    new Remote("127.0.0.1", server.port(), Duration.ofSeconds(5), 1024 * 1024),
                    server.transport.nextEventLoop(),
                    scope,
                    client);
            Recorder peer = server.recorder();
            assertThat(peer.next(ControlPacket.Connect.class).version()).isEqualTo(version);
            assertThat(client.next()).isEqualTo("opened");
            assertThat(client.next(ControlPacket.ConnAck.class).reason()).isEqualTo(ReasonCode.SUCCESS);

            on(
                    client,
                    c -> c.send(new ControlPacket.Subscribe(
                            5,
                            List.of(ControlPacket.RequestedSubscription.of(
                                    Subscription.of(TopicFilter.of("a/#"), QoS.EXACTLY_ONCE))))));
            ControlPacket.Subscribe subscribe = peer.next(ControlPacket.Subscribe.class);
            assertThat(subscribe
                            .subscriptions()
                            .get(0)
                            .subscription()
                            .orElseThrow()
                            .maximumQos())
                    .isEqualTo(QoS.EXACTLY_ONCE);
            on(peer, c -> c.send(new ControlPacket.SubAck(5, List.of(ReasonCode.GRANTED_QOS_2))));
            assertThat(client.next()).isEqualTo(new ControlPacket.SubAck(5, List.of(ReasonCode.GRANTED_QOS_2)));
            on(client, c -> c.send(new ControlPacket.Unsubscribe(6, List.of(Optional.of(TopicFilter.of("a/#"))))));
            peer.next(ControlPacket.Unsubscribe.class);
            on(peer, c -> c.send(new ControlPacket.UnsubAck(6, List.of(ReasonCode.SUCCESS))));
            assertThat(client.next(ControlPacket.UnsubAck.class).packetId()).isEqualTo(6);
            on(client, c -> c.send(new ControlPacket.PingReq()));
            peer.next(ControlPacket.PingReq.class);
            on(peer, c -> c.send(new ControlPacket.PingResp()));
            client.next(ControlPacket.PingResp.class);
            for (Acknowledgement kind : Acknowledgement.values()) {
                boolean ofPublish = kind == Acknowledgement.PUBACK || kind == Acknowledgement.PUBREC;
                ReasonCode failure = ofPublish ? ReasonCode.UNSPECIFIED_ERROR : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
                on(client, c -> c.acknowledge(kind, 65_535, failure));
                ReasonCode expected = version == MqttVersion.MQTT_5 ? failure : ReasonCode.SUCCESS;
                assertThat(peer.next()).isEqualTo(new Acknowledged(kind, 65_535, expected));
            }
            exchangeMessages(peer, client, version);
            on(client, c -> {
                c.send(ControlPacket.Disconnect.of(ReasonCode.SUCCESS));
                c.close();
            });
            assertThat(peer.next(ControlPacket.Disconnect.class).reason()).isEqualTo(ReasonCode.SUCCESS);
            peer.next(Closed.class);
            expectOnly(client, "closed by us", scope);
        }
    }

    private static void on(Recorder recorder, java.util.function.Consumer<Connection> action) {
        recorder.connection.eventLoop().execute(() -> action.accept(recorder.connection));
    }

    @Test
    void hearsWords() throws InterruptedException {
        ResourceScope scope = new ResourceScope("test");
        Recorder client = new Recorder();
        client.whenOpened = opened -> opened.send(connect(MqttVersion.MQTT_5));
        server.transport.connect(
                new Remote("127.0.0.1", server.port(), Duration.ofSeconds(5), 1024 * 1024),
                server.transport.nextEventLoop(),
                scope,
                client);
        Recorder peer = server.recorder();
        peer.next(ControlPacket.Connect.class);
        client.next();
        client.next(ControlPacket.ConnAck.class);
        Optional<String> words = Optional.of("w\u00f6rds");
        for (ControlPacket packet : List.of(
                new ControlPacket.SubAck(5, List.of(ReasonCode.NOT_AUTHORIZED), words),
                new ControlPacket.UnsubAck(6, List.of(ReasonCode.NOT_AUTHORIZED), words),
                new ControlPacket.Auth(
                        ReasonCode.CONTINUE_AUTHENTICATION, Optional.of("method"), Optional.empty(), words),
                new ControlPacket.Auth(ReasonCode.SUCCESS, Optional.empty(), Optional.empty()),
                new ControlPacket.Disconnect(ReasonCode.SERVER_BUSY, OptionalLong.empty(), words))) {
            on(peer, c -> c.send(packet));
            assertThat(client.next()).isEqualTo(packet);
        }
        on(client, c -> {
            c.send(new ControlPacket.Auth(ReasonCode.RE_AUTHENTICATE, Optional.of("method"), Optional.empty(), words));
            c.acknowledge(Acknowledgement.PUBREC, 9, ReasonCode.QUOTA_EXCEEDED, "words");
            c.send(new ControlPacket.Disconnect(ReasonCode.DISCONNECT_WITH_WILL_MESSAGE, OptionalLong.of(9), words));
        });
        assertThat(peer.next(ControlPacket.Auth.class).reasonString()).isEqualTo(words);
        assertThat(peer.next()).isEqualTo(new Acknowledged(Acknowledgement.PUBREC, 9, ReasonCode.QUOTA_EXCEEDED));
        assertThat(peer.next())
                .isEqualTo(new ControlPacket.Disconnect(
                        ReasonCode.DISCONNECT_WITH_WILL_MESSAGE, OptionalLong.of(9), words));
        scope.close();
    }

    /** Many sizes in one turn: gathered, shared, and with the same message to be encoded once. */
    private static void exchangeMessages(Recorder from, Recorder to, MqttVersion version) {
        Random random = new Random(4);
        List<Message> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byte[] payload = new byte[i % 10 == 0 ? random.nextInt(100_000) : random.nextInt(6000)];
            random.nextBytes(payload);
            Message message = Message.of(Topic.of("topic/" + i), payload, QoS.EXACTLY_ONCE, false)
                    .withProperties(new MessageProperties(
                            Optional.of(1),
                            Optional.of("type"),
                            Optional.of("answer"),
                            Optional.empty(),
                            List.of(new UserProperty("a", "b"))));
            sent.add(i % 3 == 0 ? message.expiringIn(Duration.ofSeconds(50)) : message);
        }
        on(from, c -> {
            for (Message each : sent) {
                c.publish(each, QoS.AT_MOST_ONCE, false, false, 0, new int[0]);
                c.publish(each, QoS.AT_LEAST_ONCE, true, true, 300, new int[] {1, 268_435_455});
                c.publish(each, QoS.AT_LEAST_ONCE, true, true, 301, new int[] {1, 268_435_455});
            }
        });
        for (Message each : sent) {
            for (int copy = 0; copy < 3; copy++) {
                Published got = to.next(Published.class);
                assertThat(got.message().topic()).isEqualTo(each.topic());
                assertThat(got.message().payload()).isEqualTo(each.payload());
                assertThat(got.packetId()).isEqualTo(copy == 0 ? 0 : 299 + copy);
                assertThat(got.dup()).isEqualTo(copy > 0);
                assertThat(got.message().retain()).isEqualTo(copy > 0);
                boolean five = version == MqttVersion.MQTT_5;
                assertThat(got.message().expires()).isEqualTo(five && each.expires());
                assertThat(got.message().properties()).isEqualTo(five ? each.properties() : MessageProperties.NONE);
                assertThat(got.subscriptionIdentifiers())
                        .isEqualTo(five && copy > 0 ? new int[] {1, 268_435_455} : new int[0]);
            }
        }
    }

    @Test
    void saysWhenItIsRefused() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        ResourceScope scope = new ResourceScope("test");
        expectOnly(open("127.0.0.1", free, Duration.ofSeconds(5), scope), "refused", scope);
    }

    @Test
    void saysWhenTheNameIsUnknown() {
        ResourceScope scope = new ResourceScope("test");
        expectOnly(open("no-such-host.invalid", 1883, Duration.ofSeconds(20), scope), "cannot resolve", scope);
    }

    @Test
    void givesUpInTime() throws IOException {
        try (FullSocket full = new FullSocket(InetAddress.getLoopbackAddress(), 0)) {
            ResourceScope scope = new ResourceScope("test");
            Recorder client = open("127.0.0.1", full.port(), Duration.ofMillis(200), scope);
            expectOnly(client, "within 200 ms", scope);
        }
    }

    @Test
    void canBeClosedAtEachStage() throws IOException, InterruptedException {
        ResourceScope resolving = new ResourceScope("resolving");
        Recorder first = open("no-such-host.invalid", 1883, Duration.ofSeconds(20), resolving);
        resolving.close();
        assertThat(first.next(Closed.class).why()).matches("cancelled|cannot resolve.*");
        try (FullSocket full = new FullSocket(InetAddress.getLoopbackAddress(), 0)) {
            ResourceScope connecting = new ResourceScope("connecting");
            Recorder second = open("127.0.0.1", full.port(), Duration.ofSeconds(20), connecting);
            connecting.close();
            expectOnly(second, "cancelled", connecting);
        }
        ResourceScope connected = new ResourceScope("connected");
        Recorder third = open("127.0.0.1", server.port(), Duration.ofSeconds(5), connected);
        assertThat(third.next()).isEqualTo("opened");
        connected.close();
        expectOnly(third, "closed by us", connected);
        server.recorder().next(Closed.class);
        assertThat(first.heard).isEmpty();
    }

    @Test
    void tellsTheHandlerOfAClosedScopeOnce() {
        ResourceScope scope = new ResourceScope("closed");
        scope.close();
        Recorder client = new Recorder();
        assertThatThrownBy(() -> server.transport.connect(
                        new Remote("127.0.0.1", server.port(), Duration.ofSeconds(5), 1024),
                        server.transport.nextEventLoop(),
                        scope,
                        client))
                .isInstanceOf(IllegalStateException.class);
        expectOnly(client, "cancelled", scope);
    }

    private static Recorder hostile(ServerSocket remote, ResourceScope scope, int... answer) throws IOException {
        Recorder client = new Recorder();
        client.whenOpened = opened -> opened.send(connect(MqttVersion.MQTT_5));
        server.transport.connect(
                new Remote("127.0.0.1", remote.getLocalPort(), Duration.ofSeconds(5), 1024),
                server.transport.nextEventLoop(),
                scope,
                client);
        try (Socket socket = remote.accept()) {
            socket.getOutputStream().write(TestServer.bytes(answer));
            assertThat(client.next()).isEqualTo("opened");
            socket.getInputStream().readAllBytes(); // until it is closed by us
        }
        return client;
    }

    @Test
    @Cve("CVE-2024-10525")
    void takesARemoteBrokerForHostile() throws IOException {
        int[][] answers = {
            {0x30, 4, 0, 1, 'a', 0}, // a message before CONNACK
            {0x90, 4, 0, 1, 0, 0}, // SUBACK before CONNACK
            {0x20, 3, 2, 0, 0}, // reserved flags [MQTT-3.2.2-1]
            {0x20, 6, 0, 0, 3, 0x21, 0, 0}, // receive maximum 0
            {0x20, 3, 0, 0x42, 0}, // no such reason
            {0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0}, // CONNECT
            {0x20, 0xff, 0xff, 0x03}, // larger than we take
        };
        try (ServerSocket remote = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            for (int[] answer : answers) {
                ResourceScope scope = new ResourceScope("hostile");
                Recorder client = hostile(remote, scope, answer);
                client.next(Failed.class);
                client.next(Closed.class);
                TestServer.eventually("given back", () -> scope.live() == 0);
            }
            int[][] afterwards = {
                {0x20, 3, 0, 0, 0, 0x20, 3, 0, 0, 0}, // CONNACK twice
                {0x20, 3, 0, 0, 0, 0x90, 3, 0, 1, 0}, // SUBACK without a reason code
                {0x20, 3, 0, 0, 0, 0x82, 7, 0, 1, 0, 0, 1, 'a', 0}, // SUBSCRIBE
                {0x20, 3, 0, 0, 0, 0xF0, 6, 0x19, 4, 0x15, 0, 1, 'M'}, // AUTH with a client's reason
                {0x20, 3, 0, 0, 0, 0xF0, 2, 0x18, 0}, // AUTH without a method
                {0x20, 3, 0, 0, 0, 0x30, 7, 0, 1, 'a', 3, 0x23, 0, 1}, // a topic alias that we did not allow
                {0x20, 3, 0, 0, 0, 0xE0, 7, 0, 5, 0x11, 0, 0, 0, 1}, // session expiry [MQTT-3.14.2-2]
            };
            for (int[] answer : afterwards) {
                ResourceScope scope = new ResourceScope("hostile");
                Recorder client = hostile(remote, scope, answer);
                client.next(ControlPacket.ConnAck.class);
                client.next(Failed.class);
                client.next(Closed.class);
            }
        }
    }

    @Test
    void takesNoMoreUserPropertiesFromARemoteBrokerThanFromAClient() throws IOException {
        int count = 65;
        IntStream connAck = IntStream.of(0x20, 3, 0, 0, 0);
        int length = count * 7;
        IntStream publish =
                IntStream.of(0x30, length + 5 & 127 | 128, length + 5 >> 7, 0, 1, 't', length & 127 | 128, length >> 7);
        IntStream properties = IntStream.range(0, count).flatMap(each -> IntStream.of(0x26, 0, 1, 'n', 0, 1, 'v'));
        int[] answer =
                IntStream.concat(IntStream.concat(connAck, publish), properties).toArray();
        try (ServerSocket remote = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Recorder client = hostile(remote, new ResourceScope("hostile"), answer);
            client.next(ControlPacket.ConnAck.class);
            assertThat(client.next(Failed.class).reason()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        }
    }

    @Test
    void wantsAHost() {
        assertThatThrownBy(() -> new Remote("", 1883, Duration.ofSeconds(1), 1024))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closesInAWriteStorm() throws IOException, InterruptedException {
        ResourceScope scope = new ResourceScope("storm");
        for (int i = 0; i < 10; i++) {
            try (Socket socket = server.tcp()) {
                Recorder peer = server.recorder();
                Message large = Message.of(Topic.of("t"), new byte[300_000], QoS.AT_MOST_ONCE, false);
                Message small = Message.of(Topic.of("t"), new byte[30], QoS.AT_MOST_ONCE, false);
                on(peer, c -> {
                    for (int n = 0; n < 20; n++) { // far more than the socket takes
                        c.publish(large, QoS.AT_MOST_ONCE, false, false, 0, new int[0]);
                        c.publish(small, QoS.AT_MOST_ONCE, false, false, 0, new int[0]);
                    }
                });
                on(peer, c -> {
                    c.publish(small, QoS.AT_MOST_ONCE, false, false, 0, new int[0]); // gathered while it is closed
                    c.close();
                });
                socket.setSoLinger(true, 0);
            }
        }
        scope.close(); // that every buffer is given back is checked when the server closes
        TestServer.eventually("closed", () -> server.transport.info().connections() == 0);
    }
}
