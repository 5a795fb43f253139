/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static io.bascule.transport.TestServer.eventually;
import static java.nio.charset.StandardCharsets.US_ASCII;
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
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What lies between a connection and the other broker: TLS, WebSocket, a proxy. */
@Timeout(60)
class WayOutTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int[] NONE = {};

    @TempDir
    private Path folder;

    private final ResourceScope scope = new ResourceScope("test");
    private final AtomicInteger changes = new AtomicInteger();
    private Pki pki;
    private TestServer server;
    private EventLoop eventLoop;

    @BeforeEach
    void start() throws Exception {
        pki = new Pki(folder);
        server = new TestServer(Map.of());
        eventLoop = server.transport.nextEventLoop();
    }

    @AfterEach
    void stop() {
        scope.close();
        server.close();
    }

    // ---------------------------------------------------------------- means

    private int listen(String protocol, Map<String, Object> tls) {
        Map<String, Object> properties = new HashMap<>(tls);
        properties.put("service.pid", "io.bascule.listener~" + protocol);
        properties.put("protocol", protocol);
        return TestServer.port(server.listen(properties));
    }

    private TlsOptions trusting(Optional<IdentityFiles> identity) throws IOException {
        return new TlsOptions(
                Optional.of(Path.of(pki.write("ca-of-server.pem", pki.authority.getCertificatePEM()))),
                identity,
                List.of("TLSv1.3", "TLSv1.2"),
                List.of(),
                Optional.empty(),
                true);
    }

    private IdentityFiles own(X509Bundle identity) throws IOException {
        return new IdentityFiles.Pem(
                Path.of(pki.write("own.pem", identity.getCertificatePathPEM())),
                Path.of(pki.write("own.key", identity.getPrivateKeyPEM())),
                new char[0]);
    }

    private RemoteTls tls(TlsOptions options) {
        return server.transport.tls(options, "test", eventLoop, scope, changes::incrementAndGet);
    }

    private static Remote remote(String host, int port) {
        return new Remote(host, port, TIMEOUT, 1 << 20);
    }

    private static Remote over(RemoteTls tls, Remote remote) {
        return new Remote(
                remote.host(),
                remote.port(),
                remote.connectTimeout(),
                remote.maximumPacketSize(),
                Optional.of(tls),
                remote.webSocket(),
                remote.proxy(),
                remote.tcp());
    }

    private static Remote in(String path, Remote remote) {
        return new Remote(
                remote.host(),
                remote.port(),
                remote.connectTimeout(),
                remote.maximumPacketSize(),
                remote.tls(),
                Optional.of(path),
                remote.proxy(),
                remote.tcp());
    }

    private static Remote through(TestProxy proxy, Proxy.Kind kind, Optional<Proxy.User> user, Remote remote) {
        return new Remote(
                remote.host(),
                remote.port(),
                remote.connectTimeout(),
                remote.maximumPacketSize(),
                remote.tls(),
                remote.webSocket(),
                Optional.of(new Proxy(kind, "127.0.0.1", proxy.port(), user)),
                remote.tcp());
    }

    private static Remote asking(TcpOptions tcp, Remote remote) {
        return new Remote(
                remote.host(),
                remote.port(),
                remote.connectTimeout(),
                remote.maximumPacketSize(),
                remote.tls(),
                remote.webSocket(),
                remote.proxy(),
                tcp);
    }

    private Recorder connect(Remote remote) {
        Recorder client = new Recorder();
        client.whenOpened = opened -> opened.send(new ControlPacket.Connect(
                MqttVersion.MQTT_5,
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
                List.of()));
        server.transport.connect(remote, eventLoop, scope, client);
        return client;
    }

    /** Returns what the other end heard. */
    private Recorder speaksBothWays(Recorder client) throws InterruptedException {
        Recorder peer = server.recorder();
        peer.next(ControlPacket.Connect.class);
        assertThat(client.next()).isEqualTo("opened");
        assertThat(client.next(ControlPacket.ConnAck.class).reason()).isEqualTo(ReasonCode.SUCCESS);
        for (int size : new int[] {0, 1, 125, 126, 5000, 70_000, 900_000}) {
            Message message = Message.of(Topic.of("t"), pattern(size), QoS.AT_MOST_ONCE, false);
            for (Recorder[] way : new Recorder[][] {{client, peer}, {peer, client}}) {
                way[0].connection.eventLoop().execute(() -> {
                    way[0].connection.publish(message, QoS.AT_MOST_ONCE, false, false, 0, NONE);
                    way[0].connection.publish(message, QoS.AT_MOST_ONCE, false, false, 0, NONE);
                });
                for (int copy = 0; copy < 2; copy++) {
                    assertThat(way[1].next(Published.class).message().payload()).isEqualTo(message.payload());
                }
            }
        }
        return peer;
    }

    private static byte[] pattern(int size) {
        byte[] payload = new byte[size];
        for (int i = 0; i < size; i++) {
            payload[i] = (byte) (i * 31);
        }
        return payload;
    }

    private void endsInOrder(Recorder client, Recorder peer) {
        client.connection.eventLoop().execute(() -> {
            client.connection.send(ControlPacket.Disconnect.of(ReasonCode.SUCCESS));
            client.connection.close();
        });
        peer.next(ControlPacket.Disconnect.class);
        peer.next(Closed.class);
        assertThat(client.next(Closed.class).why()).isEqualTo("closed by us");
    }

    private static String why(Recorder client) {
        return client.next(Closed.class).why();
    }

    // ---------------------------------------------------------------- TLS

    @Test
    void speaksTls() throws Exception {
        int port = listen(
                "mqtts",
                pki.mqtts(Pki.named("localhost").addSanIpAddress("127.0.0.1").buildIssuedBy(pki.authority)));
        Recorder client = connect(over(tls(trusting(Optional.empty())), remote("127.0.0.1", port)));

        endsInOrder(client, speaksBothWays(client));
    }

    @Test
    void showsItsCertificateWhereItIsAskedFor() throws Exception {
        int port = listen("mqtts", pki.mutual(pki.issue("localhost"), "require"));
        Recorder client =
                connect(over(tls(trusting(Optional.of(own(pki.issue("gateway"))))), remote("localhost", port)));

        Recorder peer = speaksBothWays(client);
        assertThat(peer.connection
                        .peerCertificates()
                        .get(0)
                        .getSubjectX500Principal()
                        .getName())
                .isEqualTo("CN=gateway");
    }

    @Test
    void saysWhenNobodyVouchesForTheOtherEnd() throws Exception {
        int port = listen("mqtts", pki.mqtts(new Pki(folder).issue("localhost")));

        assertThat(why(connect(over(tls(trusting(Optional.empty())), remote("localhost", port)))))
                .startsWith("no connection to localhost:" + port + ": ")
                .contains("path");
    }

    @Test
    void saysWhenTheOtherEndIsAnotherHost() throws Exception {
        int port = listen("mqtts", pki.mqtts(pki.issue("another.example")));
        TlsOptions options = trusting(Optional.empty());
        assertThat(why(connect(over(tls(options), remote("localhost", port))))).contains("localhost");

        TlsOptions named = new TlsOptions(
                options.authorities(),
                Optional.empty(),
                options.versions(),
                List.of(),
                Optional.of("another.example"),
                true);
        Recorder asksForIt = connect(over(tls(named), remote("localhost", port)));
        endsInOrder(asksForIt, speaksBothWays(asksForIt));

        TlsOptions credulous = new TlsOptions(
                options.authorities(), Optional.empty(), options.versions(), List.of(), Optional.empty(), false);
        Recorder takesIt = connect(over(tls(credulous), remote("localhost", port)));
        endsInOrder(takesIt, speaksBothWays(takesIt));
    }

    @Test
    void offersProtocolsByAlpn() throws Exception {
        try (SSLServerSocket remote = jsse()) {
            TlsOptions options = trusting(Optional.empty());
            connect(over(
                    tls(new TlsOptions(
                            options.authorities(),
                            Optional.empty(),
                            options.versions(),
                            List.of("x-amzn-mqtt-ca", "mqtt"),
                            Optional.empty(),
                            true)),
                    remote("localhost", remote.getLocalPort())));
            try (SSLSocket socket = (SSLSocket) remote.accept()) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setApplicationProtocols(new String[] {"mqtt", "x-amzn-mqtt-ca"});
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                assertThat(socket.getApplicationProtocol()).isEqualTo("mqtt");
                assertThat(socket.getInputStream().read()).isEqualTo(0x10); // CONNECT
            }
        }
    }

    private SSLServerSocket jsse() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(pki.issue("localhost").toKeyManagerFactory().getKeyManagers(), null, null);
        return (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    @Test
    void givesUpOnAnEndThatSaysNothing() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Remote remote = new Remote("127.0.0.1", silent.getLocalPort(), Duration.ofMillis(300), 1 << 20);
            assertThat(why(connect(over(tls(trusting(Optional.empty())), remote))))
                    .contains("within 300 ms");
            assertThat(why(connect(in("/mqtt", remote)))).contains("within 300 ms");
        }
    }

    @Test
    void saysWhenItIsClosedInTheMiddle() throws IOException {
        try (ServerSocket hasty = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Remote remote = remote("127.0.0.1", hasty.getLocalPort());
            for (Remote each : List.of(over(tls(trusting(Optional.empty())), remote), in("/mqtt", remote))) {
                Recorder client = connect(each);
                try (Socket socket = hasty.accept()) {
                    socket.getInputStream().read();
                }
                assertThat(why(client)).startsWith("no connection to " + remote + ": ");
                assertThat(client.heard).isEmpty();
            }
        }
    }

    @Test
    void saysWhatIsWrongWithItsFiles() throws Exception {
        TlsOptions options = trusting(Optional.of(own(pki.issue("gateway"))));
        pki.write("own.key", pki.issue("somebody").getPrivateKeyPEM());
        RemoteTls files = tls(options);

        assertThat(why(connect(over(files, remote("localhost", server.port())))))
                .contains("own.pem has a certificate that another private key belongs to");
        assertThat(files.problem()).isPresent();
    }

    @Test
    void followsItsFiles() throws Exception {
        int port = listen("mqtts", pki.mutual(pki.issue("localhost"), "require"));
        TlsOptions options = trusting(Optional.of(own(pki.issue("first"))));
        RemoteTls files = tls(options);
        Recorder client = connect(over(files, remote("localhost", port)));
        assertThat(subject(speaksBothWays(client))).isEqualTo("CN=first");

        pki.write("own.key", pki.issue("nobody").getPrivateKeyPEM());
        eventually("told of the bad pair", () -> files.problem().isPresent());
        assertThat(files.problem().orElseThrow()).contains("own.pem").endsWith("what was read before stays in use");
        assertThat(changes).hasValue(0);
        Recorder again = connect(over(files, remote("localhost", port)));
        assertThat(subject(speaksBothWays(again))).isEqualTo("CN=first");

        own(pki.issue("second"));
        eventually("told of the good pair", () -> changes.get() == 1);
        assertThat(files.problem()).isEmpty();
        Recorder anew = connect(over(files, remote("localhost", port)));
        assertThat(subject(speaksBothWays(anew))).isEqualTo("CN=second");
        assertThat(client.heard).isEmpty();
    }

    private static String subject(Recorder peer) {
        return peer.connection
                .peerCertificates()
                .get(0)
                .getSubjectX500Principal()
                .getName();
    }

    @Test
    void looksAtItsFilesUntilItsScopeIsClosed() throws Exception {
        TlsOptions options = trusting(Optional.of(own(pki.issue("gateway"))));
        ResourceScope ended = new ResourceScope("ended");
        AtomicInteger changesAfterTheEnd = new AtomicInteger();
        RemoteTls closed = server.transport.tls(options, "test", eventLoop, ended, changesAfterTheEnd::incrementAndGet);
        RemoteTls open = tls(options);
        eventually("a look is due", () -> ended.live() == 1);
        ended.close();

        pki.write("own.key", pki.issue("somebody").getPrivateKeyPEM());
        eventually("seen by the one that goes on", () -> open.problem().isPresent());
        own(pki.issue("another"));
        eventually("seen once more", () -> changes.get() == 1);
        assertThat(closed.problem()).isEmpty();
        assertThat(changesAfterTheEnd).hasValue(0);
    }

    // ---------------------------------------------------------------- WebSocket

    @Test
    void opensWebSockets() throws Exception {
        int port = listen("ws", Map.of());
        Recorder client = connect(in("/mqtt", remote("127.0.0.1", port)));

        endsInOrder(client, speaksBothWays(client));
    }

    @Test
    void opensWebSocketsOverTls() throws Exception {
        int port = listen("wss", pki.mqtts(pki.issue("localhost")));
        Recorder client =
                connect(in("/mqtt?token=x", over(tls(trusting(Optional.empty())), remote("localhost", port))));

        endsInOrder(client, speaksBothWays(client));
    }

    @Test
    void saysWhenNoWebSocketIsOpened() {
        int port = listen("ws", Map.of());

        assertThat(why(connect(in("/elsewhere", remote("127.0.0.1", port)))))
                .startsWith("no connection to 127.0.0.1:" + port)
                .contains("404");
    }

    @Test
    void answersPings() throws Exception {
        try (ServerSocket remote = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Recorder client = connect(in("/mqtt", remote("127.0.0.1", remote.getLocalPort())));
            try (Socket socket = remote.accept()) {
                openWebSocket(socket);
                assertThat(socket.getInputStream().read()).isEqualTo(0x82); // CONNECT, in a binary frame
                int connect = socket.getInputStream().read() & 0x7F;
                socket.getInputStream().readNBytes(4 + connect);
                socket.getOutputStream().write(TestServer.bytes(0x89, 2, 'h', 'i', 0x8A, 0));
                byte[] pong = socket.getInputStream().readNBytes(8);
                assertThat(pong).startsWith(0x8A, 0x82);
                assertThat(pong[6] ^ pong[2]).isEqualTo('h');
                assertThat(pong[7] ^ pong[3]).isEqualTo('i');
            }
            assertThat(client.next()).isEqualTo("opened");
        }
    }

    /** Who pings and does not read is owed no answer; what is kept for him has a bound. */
    @Test
    void keepsNoAnswersForWhoDoesNotReadThem() throws Exception {
        try (ServerSocket remote = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            connect(in("/mqtt", remote("127.0.0.1", remote.getLocalPort())));
            try (Socket socket = remote.accept()) {
                openWebSocket(socket);
                byte[] ping = new byte[127];
                ping[0] = (byte) 0x89;
                ping[1] = 125;
                byte[] pings = new byte[127 * 1000];
                for (int i = 0; i < 1000; i++) {
                    System.arraycopy(ping, 0, pings, 127 * i, 127);
                }
                for (int i = 0; i < 400; i++) { // 50 MB
                    socket.getOutputStream().write(pings);
                }
                assertThat(server.transport.info().activeBuffers()).isLessThan(30_000); // of some 1 MiB at most
            }
        }
    }

    @Test
    void takesNoText() throws Exception {
        try (ServerSocket remote = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Recorder client = connect(in("/mqtt", remote("127.0.0.1", remote.getLocalPort())));
            try (Socket socket = remote.accept()) {
                openWebSocket(socket);
                socket.getOutputStream().write(TestServer.bytes(0x81, 2, 'h', 'i'));
                assertThat(client.next()).isEqualTo("opened");
                assertThat(client.next(Failed.class).what()).contains("text");
                client.next(Closed.class);
            }
        }
    }

    /** As RFC 6455, section 4.2.2, has it. */
    private static void openWebSocket(Socket socket) throws Exception {
        StringBuilder request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0) {
            request.append((char) socket.getInputStream().read());
        }
        Matcher key = Pattern.compile("(?i)sec-websocket-key: (.*)\r\n").matcher(request);
        assertThat(key.find()).isTrue();
        byte[] digest = MessageDigest.getInstance("SHA-1")
                .digest((key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(US_ASCII));
        socket.getOutputStream()
                .write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Accept: "
                                + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n")
                        .getBytes(US_ASCII));
    }

    // ---------------------------------------------------------------- proxies

    @ParameterizedTest
    @EnumSource
    void goesThroughAProxyThatResolvesNames(Proxy.Kind kind) throws Exception {
        try (TestProxy proxy = new TestProxy(kind, false)) {
            Recorder client = connect(
                    through(proxy, kind, Optional.empty(), remote("only-the-proxy-knows.invalid", server.port())));

            endsInOrder(client, speaksBothWays(client));
            assertThat(proxy.asked).containsExactly("only-the-proxy-knows.invalid:" + server.port());
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysToAProxyWhoItIs(Proxy.Kind kind) throws Exception {
        try (TestProxy proxy = new TestProxy(kind, true)) {
            Optional<Proxy.User> user = Optional.of(new Proxy.User(TestProxy.USER, TestProxy.PASSWORD));
            Recorder client = connect(through(proxy, kind, user, remote("127.0.0.1", server.port())));
            endsInOrder(client, speaksBothWays(client));

            Optional<Proxy.User> nobody = Optional.of(new Proxy.User(TestProxy.USER, "wr0ng"));
            String why = why(connect(through(proxy, kind, nobody, remote("127.0.0.1", server.port()))));
            assertThat(why).startsWith("no connection to 127.0.0.1:").doesNotContain("wr0ng");
        }
    }

    @ParameterizedTest
    @EnumSource
    void opensWebSocketsOverTlsThroughAProxy(Proxy.Kind kind) throws Exception {
        int port = listen("wss", pki.mqtts(pki.issue("localhost")));
        try (TestProxy proxy = new TestProxy(kind, false)) {
            Remote direct = in("/mqtt", over(tls(trusting(Optional.empty())), remote("localhost", port)));
            Recorder client = connect(through(proxy, kind, Optional.empty(), direct));

            endsInOrder(client, speaksBothWays(client));
        }
    }

    @Test
    void saysWhenThereIsNoProxy() throws IOException {
        TestProxy gone = new TestProxy(Proxy.Kind.HTTP, false);
        gone.close();
        assertThat(why(connect(through(gone, Proxy.Kind.HTTP, Optional.empty(), remote("127.0.0.1", server.port())))))
                .contains("refused");
    }

    // ---------------------------------------------------------------- sockets

    @Test
    void leavesFromTheAddressThatItIsBoundTo() throws Exception {
        InetAddress from = InetAddress.getByName("127.0.0.42");
        TcpOptions bound = new TcpOptions(Optional.of(from), Optional.empty(), Optional.empty());
        Recorder client = connect(asking(bound, remote("127.0.0.1", server.port())));

        Recorder peer = speaksBothWays(client);
        assertThat(((InetSocketAddress) peer.connection.remoteAddress()).getAddress())
                .isEqualTo(from);
    }

    @Test
    void saysWhenItsAddressIsNobodysHere() throws Exception {
        InetAddress elsewhere = InetAddress.getByName("192.0.2.1"); // RFC 5737
        TcpOptions bound = new TcpOptions(Optional.of(elsewhere), Optional.empty(), Optional.empty());

        assertThat(why(connect(asking(bound, remote("127.0.0.1", server.port())))))
                .contains("assign");
    }
}
