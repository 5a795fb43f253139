/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.Recorder.Closed;
import io.bascule.transport.Recorder.Failed;
import io.bascule.transport.Recorder.Published;
import io.bascule.transport.internal.Transports;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a connection does on all sockets alike. The other tests take those that {@code -Dbascule.transport} names, or the best that load. */
@Timeout(60)
class TransportContractTest {
    private static final byte[] CONNECT =
            TestServer.bytes(0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0, 1, 'c');
    private static final int CONNACK = 8;
    private static final byte[] PUBLISH = TestServer.bytes(0x30, 6, 0, 1, 't', 0, 4, 2);
    private static final byte[] PUBLISH_TO_NO_TOPIC = TestServer.bytes(0x30, 3, 0, 0, 0);
    private static final int[] NONE = {};

    @TempDir
    private static Path folder;

    private static Pki pki;
    private static Map<String, Object> mqtts;

    @BeforeAll
    static void makeFiles() throws Exception {
        pki = new Pki(folder);
        mqtts = pki.mqtts(pki.issue("localhost"));
    }

    private static TestServer serve(Transports sockets) {
        return new TestServer(sockets.start(), Map.of("max.packet.size", "64KiB"));
    }

    private static Recorder connected(TestServer server, Socket socket) throws IOException, InterruptedException {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(CONNECT);
        Recorder recorder = server.recorder();
        recorder.next(ControlPacket.Connect.class);
        assertThat(socket.getInputStream().readNBytes(CONNACK)).startsWith(0x20);
        return recorder;
    }

    private static void publish(Connection connection, int bytes) {
        Message message = Message.of(Topic.of("t"), new byte[bytes], QoS.AT_MOST_ONCE, false);
        connection.publish(message, QoS.AT_MOST_ONCE, false, false, 0, NONE);
    }

    private static void onEventLoop(Recorder recorder, Runnable task) {
        recorder.connection.eventLoop().execute(task);
    }

    @ParameterizedTest
    @EnumSource
    void carriesPacketsBothWays(Transports sockets) throws IOException, InterruptedException {
        try (TestServer server = serve(sockets);
                Socket socket = server.tcp()) {
            assertThat(server.transport.info().kind()).isEqualTo(sockets.name().toLowerCase(Locale.ROOT));
            Recorder recorder = connected(server, socket);
            assertThat(recorder.connection.remoteAddress()).isEqualTo(socket.getLocalSocketAddress());

            for (int i = 0; i < 1000; i++) {
                socket.getOutputStream().write(PUBLISH);
            }
            for (int i = 0; i < 1000; i++) {
                assertThat(recorder.next(Published.class).message().payload()).isEqualTo(new byte[] {4, 2});
            }
            onEventLoop(recorder, () -> publish(recorder.connection, 1_000_000));
            assertThat(socket.getInputStream().readNBytes(1_000_008)).startsWith(0x30);

            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            recorder.next(Closed.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsWhatIsLeftBeforeItCloses(Transports sockets) throws IOException, InterruptedException {
        try (TestServer server = serve(sockets);
                Socket socket = server.tcp()) {
            Recorder recorder = connected(server, socket);
            onEventLoop(recorder, () -> {
                publish(recorder.connection, 2_000_000);
                recorder.connection.close();
            });
            assertThat(socket.getInputStream().readAllBytes()).hasSize(2_000_008);
            recorder.next(Closed.class);
        }
    }

    /** Which for TCP is no reason to drop what was sent before. */
    @ParameterizedTest
    @EnumSource
    void readsToTheEndOfWhoHasNothingMoreToSay(Transports sockets) throws IOException, InterruptedException {
        try (TestServer server = serve(sockets);
                Socket socket = server.tcp()) {
            Recorder recorder = connected(server, socket);
            for (int i = 0; i < 5000; i++) {
                socket.getOutputStream().write(PUBLISH);
            }
            socket.shutdownOutput();
            for (int i = 0; i < 5000; i++) {
                recorder.next(Published.class);
            }
            recorder.next(Closed.class);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noticesAReset(Transports sockets) throws IOException, InterruptedException {
        try (TestServer server = serve(sockets)) {
            Socket socket = server.tcp();
            Recorder recorder = connected(server, socket);
            socket.setSoLinger(true, 0);
            socket.close();
            recorder.next(Closed.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void isNotWritableWhileTheOtherEndDoesNotRead(Transports sockets) throws IOException, InterruptedException {
        try (TestServer server = serve(sockets);
                Socket socket = server.tcp()) {
            Recorder recorder = connected(server, socket);
            AtomicInteger written = new AtomicInteger();
            AtomicInteger turns = new AtomicInteger();
            while (turns.get() < 1000) {
                turns.incrementAndGet();
                onEventLoop(recorder, () -> {
                    if (recorder.connection.isWritable()) {
                        publish(recorder.connection, 100_000);
                        written.incrementAndGet();
                    }
                });
            }
            TestServer.eventually("full", () -> written.get() > 0 && !recorder.connection.isWritable());
            assertThat(written.get()).as("of 1000 turns").isLessThan(500);

            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] packet = new byte[100_008];
            for (int i = 0; i < written.get(); i++) {
                in.readFully(packet);
                assertThat(packet).startsWith(0x30);
            }
            TestServer.eventually("writable again", recorder.connection::isWritable);
        }
    }

    @ParameterizedTest
    @EnumSource
    void hearsNothingWhileItDoesNotRead(Transports sockets) throws IOException, InterruptedException {
        try (TestServer server = serve(sockets);
                Socket socket = server.tcp()) {
            Recorder recorder = connected(server, socket);
            Object stopped = new Object();
            onEventLoop(recorder, () -> {
                recorder.connection.reading(false);
                recorder.heard.add(stopped);
            });
            assertThat(recorder.next()).isSameAs(stopped);
            // More than one that reads would leave in the socket, and what is read in the turn that stops it is
            // allowed.
            byte[] many = new byte[PUBLISH.length * 10_000];
            for (int i = 0; i < many.length; i++) {
                many[i] = PUBLISH[i % PUBLISH.length];
            }
            socket.getOutputStream().write(many);
            AtomicInteger turns = new AtomicInteger();
            for (int i = 0; i < 100; i++) {
                onEventLoop(recorder, turns::incrementAndGet);
            }
            TestServer.eventually("turns", () -> turns.get() == 100);
            assertThat(recorder.heard).isEmpty();

            onEventLoop(recorder, () -> recorder.connection.reading(true));
            for (int i = 0; i < 10_000; i++) {
                recorder.next(Published.class);
            }
        }
    }

    /** A socket that is closed with something unread in it is reset, and its last packet lost. */
    @ParameterizedTest
    @EnumSource
    void letsWhoIsRefusedReadWhy(Transports sockets) throws IOException, InterruptedException {
        try (TestServer server = serve(sockets);
                Socket socket = server.tcp()) {
            Recorder recorder = connected(server, socket);
            recorder.whenFailed = failed -> failed.send(ControlPacket.Disconnect.of(ReasonCode.MALFORMED_PACKET));
            socket.getOutputStream().write(PUBLISH_TO_NO_TOPIC);
            recorder.next(Failed.class);
            sendUntilItIsRefused(socket);
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo(0xe0);
            recorder.next(Closed.class);
        }
    }

    private static void sendUntilItIsRefused(Socket socket) throws IOException {
        for (int i = 0; i < 1000; i++) {
            try {
                socket.getOutputStream().write(PUBLISH);
            } catch (SocketException e) {
                return;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void speaksTls(Transports sockets) throws Exception {
        try (TestServer server = new TestServer(sockets.start(), mqtts);
                TlsClient client =
                        TlsClient.connect(pki.client(null), server.port()).mqtt()) {
            Recorder recorder = server.recorder();
            recorder.next(ControlPacket.Connect.class);
            client.send(TlsClient.PINGREQ);
            recorder.next(ControlPacket.PingReq.class);
            onEventLoop(recorder, () -> {
                publish(recorder.connection, 1_000_000);
                recorder.connection.close();
            });
            assertThat(client.socket.getInputStream().readAllBytes()).hasSize(1_000_007);
            recorder.next(Closed.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void speaksWebSocketOverTls(Transports sockets) throws Exception {
        Map<String, Object> wss = new HashMap<>(mqtts);
        wss.put("protocol", "wss");
        try (TestServer server = new TestServer(sockets.start(), wss);
                TlsClient tls = TlsClient.connect(pki.client(null), server.port());
                WebSocketPeer peer = new WebSocketPeer(tls.socket)) {
            assertThat(peer.request(WebSocketPeer.REQUEST).status()).startsWith("101");
            peer.binary(CONNECT);
            Recorder recorder = server.recorder();
            recorder.next(ControlPacket.Connect.class);
            assertThat(peer.packets(CONNACK)).startsWith(0x20);
            onEventLoop(recorder, () -> {
                publish(recorder.connection, 300_000);
                recorder.connection.close();
            });
            assertThat(peer.frame().payload()).hasSize(300_008);
            assertThat(peer.frame().code()).isEqualTo(1000);
            assertThat(peer.isAtEnd()).isTrue();
            tls.socket.close();
            recorder.next(Closed.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void opensConnections(Transports sockets) throws IOException, InterruptedException {
        try (TestServer server = serve(sockets)) {
            ResourceScope scope = new ResourceScope("test");
            Recorder client = new Recorder();
            client.whenOpened = opened -> opened.send(WritingTest.connect(MqttVersion.MQTT_5, true));
            connect(server, server.port(), scope, client);
            Recorder peer = server.recorder();
            peer.next(ControlPacket.Connect.class);
            assertThat(client.next()).isEqualTo("opened");
            client.next(ControlPacket.ConnAck.class);

            scope.close();

            client.next(Closed.class);
            peer.next(Closed.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysWhenNobodyListens(Transports sockets) throws IOException {
        try (TestServer server = serve(sockets)) {
            int free;
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                free = socket.getLocalPort();
            }
            ResourceScope scope = new ResourceScope("test");
            Recorder client = new Recorder();
            connect(server, free, scope, client);
            assertThat(client.next(Closed.class).why()).contains("refused");
            TestServer.eventually("given back", () -> scope.live() == 0);
        }
    }

    private static void connect(TestServer server, int port, ResourceScope scope, Recorder client) {
        server.transport.connect(
                new Remote("127.0.0.1", port, Duration.ofSeconds(5), 1024 * 1024),
                server.transport.nextEventLoop(),
                scope,
                client);
    }

    /** Those who are there are served while many come and go at once. */
    @ParameterizedTest
    @EnumSource
    void servesOthersThroughAStorm(Transports sockets) throws IOException, InterruptedException {
        try (TestServer server = serve(sockets);
                Socket steady = server.tcp()) {
            Recorder recorder = connected(server, steady);
            List<Socket> storm = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                Socket socket = server.tcp();
                socket.getOutputStream().write(CONNECT);
                storm.add(socket);
            }
            for (Socket socket : storm) {
                steady.getOutputStream().write(PUBLISH);
                socket.setSoLinger(true, 0);
                socket.close();
            }
            for (int i = 0; i < storm.size(); i++) {
                recorder.next(Published.class);
            }
            TestServer.eventually(
                    "the storm is over", () -> server.transport.info().connections() == 1);
        }
    }
}
