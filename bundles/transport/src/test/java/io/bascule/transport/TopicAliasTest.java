/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.UserProperty;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.Recorder.Published;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Topic Aliases that we send, section 3.3.2.3.4. */
@Timeout(30)
class TopicAliasTest {
    private static final int[] NONE = {};
    private static final int LARGE = 268_435_460;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** What a client receives behind CONNACK that takes so many aliases and packets of this size. */
    private static byte[] received(int aliases, int maximumPacketSize, Consumer<Connection> sending)
            throws IOException, InterruptedException {
        ByteArrayOutputStream connect = new ByteArrayOutputStream();
        connect.writeBytes(TestServer.bytes(0x10, 22, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 8, 0x22));
        connect.writeBytes(ByteBuffer.allocate(2).putShort((short) aliases).array());
        connect.write(0x27);
        connect.writeBytes(ByteBuffer.allocate(4).putInt(maximumPacketSize).array());
        connect.writeBytes(TestServer.bytes(0, 1, 'c'));
        try (Socket socket = server.tcp()) {
            socket.getOutputStream().write(connect.toByteArray());
            Recorder recorder = server.recorder();
            recorder.next(ControlPacket.Connect.class);
            recorder.connection.eventLoop().execute(() -> {
                sending.accept(recorder.connection);
                recorder.connection.close();
            });
            byte[] all = socket.getInputStream().readAllBytes();
            return Arrays.copyOfRange(all, 8, all.length);
        }
    }

    private static Message message(String topic) {
        return Message.of(topic, "x");
    }

    private static void send(Connection connection, String... topics) {
        for (String topic : topics) {
            connection.publish(message(topic), QoS.AT_MOST_ONCE, false, false, 0, NONE);
        }
    }

    /** PUBLISH of {@code x}, QoS 0; alias 0 for none. */
    private static byte[] packet(String topic, int alias) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        byte[] utf8 = topic.getBytes(StandardCharsets.UTF_8);
        packet.writeBytes(TestServer.bytes(0x30, 2 + utf8.length + 1 + (alias > 0 ? 3 : 0) + 1, 0, utf8.length));
        packet.writeBytes(utf8);
        packet.writeBytes(alias > 0 ? TestServer.bytes(3, 0x23, 0, alias) : TestServer.bytes(0));
        packet.write('x');
        return packet.toByteArray();
    }

    private static byte[] packets(byte[]... packets) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.asList(packets).forEach(all::writeBytes);
        return all.toByteArray();
    }

    @Test
    void sendsATopicOnceAndItsAliasAfterThat() throws IOException, InterruptedException {
        assertThat(received(10, LARGE, c -> send(c, "first", "second", "first", "second", "first")))
                .isEqualTo(
                        packets(packet("first", 1), packet("second", 2), packet("", 1), packet("", 2), packet("", 1)));
    }

    @Test
    @Statement(v5 = "MQTT-3.3.2-7")
    void beginsAnewWithEveryConnection() throws IOException, InterruptedException {
        for (int i = 0; i < 3; i++) { // [MQTT-3.3.2-7]
            assertThat(received(10, LARGE, c -> send(c, "first", "first")))
                    .isEqualTo(packets(packet("first", 1), packet("", 1)));
        }
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-26", "MQTT-3.1.2-27", "MQTT-3.3.2-11"})
    void usesNoMoreThanTheReceiverTakes() throws IOException, InterruptedException { // [MQTT-3.1.2-26]
        assertThat(received(1, LARGE, c -> send(c, "first", "second", "first", "second")))
                .isEqualTo(packets(packet("first", 1), packet("second", 0), packet("", 1), packet("second", 0)));
        assertThat(received(0, LARGE, c -> send(c, "first", "first"))) // [MQTT-3.1.2-27]
                .isEqualTo(packets(packet("first", 0), packet("first", 0)));
    }

    @Test
    void usesNoMoreThanItsOwnBound() throws IOException, InterruptedException {
        String[] topics =
                IntStream.rangeClosed(1, 66).mapToObj(i -> "topic" + i).toArray(String[]::new);
        byte[] all = received(65_535, LARGE, c -> {
            send(c, topics);
            send(c, "topic64", "topic65", "topic66");
        });
        byte[] last = packets(packet("", 64), packet("topic65", 0), packet("topic66", 0));
        assertThat(Arrays.copyOfRange(all, all.length - last.length, all.length))
                .isEqualTo(last);
    }

    @Test
    void givesNoAliasThatIsLongerThanItsTopic() throws IOException, InterruptedException {
        assertThat(received(10, LARGE, c -> send(c, "abc", "abc", "abcd", "abcd")))
                .isEqualTo(packets(packet("abc", 0), packet("abc", 0), packet("abcd", 1), packet("", 1)));
    }

    @Test
    void keepsThePacketIdentifierInItsPlace() throws IOException, InterruptedException {
        Message message = Message.of(Topic.of("topic"), new byte[] {'x'}, QoS.EXACTLY_ONCE, true)
                .withProperties(new MessageProperties(
                        Optional.of(1), Optional.empty(), Optional.empty(), Optional.empty(), List.of()));
        byte[] all = received(10, LARGE, c -> {
            c.publish(message, QoS.EXACTLY_ONCE, true, true, 0x1234, NONE);
            c.publish(message, QoS.AT_LEAST_ONCE, false, false, 0x4321, new int[] {5});
        });
        assertThat(all)
                .isEqualTo(packets(
                        TestServer.bytes(0x3D, 16, 0, 5, 't', 'o', 'p', 'i', 'c', 0x12, 0x34, 5, 0x23, 0, 1, 1, 1, 'x'),
                        TestServer.bytes(0x32, 13, 0, 0, 0x43, 0x21, 7, 0x23, 0, 1, 1, 1, 0x0B, 5, 'x')));
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-24")
    void countsWhatIsReallySent() throws IOException, InterruptedException { // [MQTT-3.1.2-24]
        String topic = "topic/of/20/bytes/..";
        int bare = 2 + 2 + 20 + 1 + 1;
        assertThat(received(10, bare + 3, c -> send(c, topic, topic)))
                .isEqualTo(packets(packet(topic, 1), packet("", 1)));
        assertThat(received(10, bare + 2, c -> send(c, topic, topic))) // no room for an alias, but for the topic
                .isEqualTo(packets(packet(topic, 0), packet(topic, 0)));
        List<Boolean> answers = new ArrayList<>();
        byte[] all = received(10, bare + 3, c -> {
            Message longer = Message.of(topic, "x".repeat(5));
            answers.add(c.publish(longer, QoS.AT_MOST_ONCE, false, false, 0, NONE)); // neither way
            send(c, topic);
            answers.add(c.publish(longer, QoS.AT_MOST_ONCE, false, false, 0, NONE)); // with the alias alone
        });
        assertThat(answers).containsExactly(false, true);
        assertThat(all)
                .isEqualTo(packets(
                        packet(topic, 1), TestServer.bytes(0x30, 11, 0, 0, 3, 0x23, 0, 1, 'x', 'x', 'x', 'x', 'x')));
    }

    @Test
    void sharesWhatItHasEncodedWithWhoeverTakesNoAliases() throws IOException, InterruptedException {
        Recorder[] recorders = new Recorder[4];
        Socket[] sockets = new Socket[recorders.length];
        for (int i = 0; i < recorders.length; i++) {
            sockets[i] = server.tcp();
            int aliases = i % 2 == 0 ? 0 : 5;
            sockets[i]
                    .getOutputStream()
                    .write(TestServer.bytes(
                            0x10, 17, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 3, 0x22, 0, aliases, 0, 1, 'c'));
            recorders[i] = server.recorder();
            recorders[i].next(ControlPacket.Connect.class);
        }
        Message shared = message("shared");
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < recorders.length; i++) {
                Connection connection = recorders[i].connection;
                connection
                        .eventLoop()
                        .execute(() -> connection.publish(shared, QoS.AT_MOST_ONCE, false, false, 0, NONE));
            }
        }
        for (int i = 0; i < recorders.length; i++) {
            byte[] expected = i % 2 == 0
                    ? packets(packet("shared", 0), packet("shared", 0))
                    : packets(packet("shared", 1), packet("", 1));
            byte[] all = sockets[i].getInputStream().readNBytes(8 + expected.length);
            assertThat(Arrays.copyOfRange(all, 8, all.length)).isEqualTo(expected);
            sockets[i].close();
        }
    }

    @Test
    @Statement(v5 = {"MQTT-3.3.2-10", "MQTT-3.3.2-12"})
    void arrivesAsItWasSent() throws InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ResourceScope scope = new ResourceScope("test");
        Recorder client = new Recorder();
        ControlPacket.Connect bare = WritingTest.connect(MqttVersion.MQTT_5, false); // takes 300 aliases
        client.whenOpened = opened -> opened.send(bare);
        server.transport.connect(
                new Remote("127.0.0.1", server.port(), Duration.ofSeconds(5), 1024 * 1024),
                server.transport.nextEventLoop(),
                scope,
                client);
        Recorder peer = server.recorder();
        peer.next(ControlPacket.Connect.class);
        client.next();
        client.next(ControlPacket.ConnAck.class);
        List<Message> sent = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            byte[] payload = new byte[random.nextInt(8) == 0 ? random.nextInt(50_000) : random.nextInt(200)];
            random.nextBytes(payload);
            Message message = Message.of(Topic.of("topic/" + random.nextInt(100)), payload, QoS.EXACTLY_ONCE, false);
            boolean properties = random.nextBoolean();
            List<UserProperty> large = List.of(new UserProperty("a", "b".repeat(random.nextInt(200))));
            sent.add(
                    properties
                            ? message.withProperties(new MessageProperties(
                                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), large))
                            : message);
        }
        exchange(peer, client, sent, seed); // to the client, which takes 300 aliases
        exchange(client, peer, sent, seed); // to the server, which takes 4
        scope.close();
    }

    private static void exchange(Recorder from, Recorder to, List<Message> sent, long seed) {
        from.connection.eventLoop().execute(() -> {
            for (int i = 0; i < sent.size(); i++) {
                QoS qos = QoS.ofLevel(i % 3);
                from.connection.publish(sent.get(i), qos, false, false, i % 3 == 0 ? 0 : 1 + i, NONE);
            }
        });
        for (int i = 0; i < sent.size(); i++) {
            Published got = to.next(Published.class);
            String what = "message " + i + " of seed " + seed;
            assertThat(got.message().topic()).as(what).isEqualTo(sent.get(i).topic());
            assertThat(got.message().payload()).as(what).isEqualTo(sent.get(i).payload());
            assertThat(got.message().properties())
                    .as(what)
                    .isEqualTo(sent.get(i).properties());
            assertThat(got.packetId()).as(what).isEqualTo(i % 3 == 0 ? 0 : 1 + i);
        }
    }

    @Test
    @Statement(v5 = {"MQTT-3.2.2-17", "MQTT-3.2.2-18", "MQTT-3.3.2-9"})
    void goesByWhatTheServerTakes() throws IOException { // [MQTT-3.2.2-17, MQTT-3.2.2-18]
        for (int aliases : new int[] {0, 1}) {
            ResourceScope scope = new ResourceScope("test");
            try (ServerSocket remote = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                Recorder client = new Recorder();
                client.whenOpened = opened -> opened.send(WritingTest.connect(MqttVersion.MQTT_5, true));
                server.transport.connect(
                        new Remote("127.0.0.1", remote.getLocalPort(), Duration.ofSeconds(5), 1024),
                        server.transport.nextEventLoop(),
                        scope,
                        client);
                try (Socket socket = remote.accept()) {
                    socket.getOutputStream()
                            .write(
                                    aliases == 0
                                            ? TestServer.bytes(0x20, 3, 0, 0, 0)
                                            : TestServer.bytes(0x20, 6, 0, 0, 3, 0x22, 0, aliases));
                    client.next();
                    client.next(ControlPacket.ConnAck.class);
                    client.connection.eventLoop().execute(() -> {
                        send(client.connection, "first", "second", "first", "second");
                        client.connection.close();
                    });
                    byte[] all = socket.getInputStream().readAllBytes();
                    assertThat(Arrays.copyOfRange(all, 2 + all[1], all.length))
                            .isEqualTo(packets(
                                    packet("first", aliases),
                                    packet("second", 0),
                                    packet(aliases == 0 ? "first" : "", aliases),
                                    packet("second", 0)));
                }
            }
        }
    }
}
