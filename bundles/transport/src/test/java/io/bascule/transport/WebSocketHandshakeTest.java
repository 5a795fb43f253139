/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static io.bascule.transport.WebSocketPeer.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.ListenerStatus.State;
import io.bascule.itests.statements.Cve;
import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Recorder.Closed;
import io.bascule.transport.Recorder.Failed;
import io.bascule.transport.WebSocketPeer.Answer;
import io.bascule.transport.internal.ListenerComponent;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is let in over WebSocket, and what the others are told (RFC 6455, section 4). */
@Timeout(30)
class WebSocketHandshakeTest {
    private static final byte[] CONNECT =
            TestServer.bytes(0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0, 1, 'c');

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(Map.of("protocol", "ws"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Answer answer(TestServer to, String request) throws IOException, InterruptedException {
        try (WebSocketPeer peer = new WebSocketPeer(to)) {
            Recorder recorder = to.recorder();
            Answer answer = peer.request(request);
            if (!answer.status().startsWith("101")) {
                assertThat(recorder.next(Closed.class).why()).contains(answer.status());
            }
            return answer;
        }
    }

    private static void refused(String status, String request) throws IOException, InterruptedException {
        Answer answer = answer(server, request);
        assertThat(answer.status()).as(request).isEqualTo(status);
        assertThat(answer.body()).isNotBlank();
        assertThat(answer.head())
                .containsIgnoringCase("Content-Length: " + answer.body().length() + "\r\n");
    }

    private static String from(String origin, String host) {
        return REQUEST.replace("Host: 127.0.0.1", "Host: " + host + "\nOrigin: " + origin);
    }

    @Test
    @Statement(v5 = "MQTT-6.0.0-4", v311 = "MQTT-6.0.0-4")
    void answersTheKeyAndTheSubprotocol() throws IOException, InterruptedException {
        String head = answer(server, REQUEST).head();

        assertThat(head.split("\r\n"))
                .containsExactlyInAnyOrder(
                        "HTTP/1.1 101 Switching Protocols",
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                        "Sec-WebSocket-Protocol: mqtt");
    }

    @Test
    void choosesMqttAmongSubprotocols() throws IOException, InterruptedException {
        String offers = "Sec-WebSocket-Protocol: chat, mqttv3.1\nSec-WebSocket-Protocol: other,mqtt ";
        Answer both = answer(server, REQUEST.replace("Sec-WebSocket-Protocol: mqtt", offers));
        Answer old = answer(server, REQUEST.replace("Protocol: mqtt", "Protocol: chat, mqttv3.1"));

        assertThat(both.head()).contains("Sec-WebSocket-Protocol: mqtt\r\n");
        assertThat(old.head()).contains("Sec-WebSocket-Protocol: mqttv3.1\r\n");
    }

    @Test
    @Cve("CVE-2026-42587")
    void offersNoExtension() throws IOException, InterruptedException {
        Answer answer = answer(
                server, REQUEST.replace("Upgrade: w", "Sec-WebSocket-Extensions: permessage-deflate\nUpgrade: w"));

        assertThat(answer.status()).startsWith("101");
        assertThat(answer.head()).doesNotContain("Extensions");
    }

    @Test
    void takesHeadersAsProxiesAndBrowsersWriteThem() throws IOException, InterruptedException {
        Answer answer = answer(
                server,
                REQUEST.replace("/mqtt", "/mqtt?user=a")
                        .replace("Connection: Upgrade", "connection: keep-alive, upgrade")
                        .replace("Upgrade: websocket", "UPGRADE: WebSocket"));

        assertThat(answer.status()).startsWith("101");
    }

    @Test
    void refusesWhatIsNoRequestForAWebSocket() throws IOException, InterruptedException {
        refused("404 Not Found", REQUEST.replace("/mqtt", "/"));
        refused("404 Not Found", REQUEST.replace("/mqtt", "/mqtt/"));
        refused("426 Upgrade Required", "GET /mqtt HTTP/1.1\nHost: a\n\n");
        refused("426 Upgrade Required", "GET /mqtt HTTP/1.0\n\n");
        refused("426 Upgrade Required", REQUEST.replace("GET", "POST"));
        refused("426 Upgrade Required", REQUEST.replace("Upgrade: websocket", "Upgrade: h2c"));
        refused("426 Upgrade Required", REQUEST.replace("Version: 13", "Version: 8"));
        refused("400 Bad Request", REQUEST.replace("HTTP/1.1", "HTTP/1.0"));
        refused("400 Bad Request", REQUEST.replace("Host: 127.0.0.1\n", ""));
        refused("400 Bad Request", REQUEST.replace("Host:", "Host: other\nHost:"));
        refused("400 Bad Request", REQUEST.replace("Host:", "Origin: http://a\nOrigin: http://b\nHost:"));
        refused("400 Bad Request", REQUEST.replace("dGhl", ""));
        refused("400 Bad Request", REQUEST.replace("dGhl", "!"));
        refused("400 Bad Request", REQUEST.replace("\n\n", "\nContent-Length: 3\n\nabc"));
        refused("400 Bad Request", REQUEST.replace("\n\n", "\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n"));
        refused("400 Bad Request", REQUEST.replace("GET /mqtt HTTP/1.1", "hello"));
        refused("400 Bad Request", REQUEST.replace("Host", "Ho st"));
    }

    @Test
    void saysHowToAskForIt() throws IOException, InterruptedException {
        String head = answer(server, "GET /mqtt HTTP/1.1\nHost: a\n\n").head();

        assertThat(head).contains("Upgrade: websocket\r\n").contains("Sec-WebSocket-Version: 13\r\n");
    }

    @Test
    void refusesOtherSubprotocols() throws IOException, InterruptedException {
        refused("400 Bad Request", REQUEST.replace("Sec-WebSocket-Protocol: mqtt\n", ""));
        refused("400 Bad Request", REQUEST.replace("Protocol: mqtt", "Protocol: chat, MQTT"));
    }

    @Test
    void refusesTheProtocolOfTheOtherListeners() throws IOException, InterruptedException {
        try (WebSocketPeer peer = new WebSocketPeer(server)) {
            Recorder recorder = server.recorder();
            peer.send(CONNECT);
            peer.socket().shutdownOutput();
            recorder.next(Closed.class);
            assertThat(recorder.heard).isEmpty();
        }
    }

    @Test
    void endsWhoSendsMoreThanARequestTakes() throws IOException, InterruptedException {
        refused("414 Request-URI Too Long", REQUEST.replace("/mqtt", "/" + "m".repeat(5000)));
        refused(
                "431 Request Header Fields Too Large",
                REQUEST.replace("Host", "Cookie: " + "c".repeat(17_000) + "\nHost"));
        refused("431 Request Header Fields Too Large", REQUEST.replace("Host", "A: b\n".repeat(5000) + "Host"));
    }

    @Test
    void endsWhoNeverEndsHisRequest() throws IOException, InterruptedException {
        try (WebSocketPeer peer = new WebSocketPeer(server)) {
            Recorder recorder = server.recorder();
            byte[] flood = "Header: value\r\n".repeat(100).getBytes();
            peer.send("GET /mqtt HTTP/1.1\r\n".getBytes());
            for (int sent = 0; sent < 32 * 1024; sent += flood.length) {
                peer.send(flood);
            }
            assertThat(peer.answer().status()).startsWith("431");
            recorder.next(Closed.class);
        }
    }

    /** The time that a client has until its CONNECT is the handler's to give; the handshake is part of it. */
    @Test
    void endsWhoTakesTooLong() throws IOException, InterruptedException {
        try (WebSocketPeer peer = new WebSocketPeer(server)) {
            Recorder recorder = server.recorder();
            recorder.connection.eventLoop().execute(() -> recorder.connection.readTimeout(Duration.ofMillis(300)));
            peer.send(WebSocketPeer.http(REQUEST.substring(0, 60)));
            assertThat(recorder.next(Failed.class).reason()).isEqualTo(ReasonCode.KEEP_ALIVE_TIMEOUT);
            assertThat(peer.isAtEnd()).isTrue();
        }
    }

    @Test
    void takesARequestByteByByte() throws IOException, InterruptedException {
        try (WebSocketPeer peer = new WebSocketPeer(server)) {
            server.recorder();
            peer.socket().setTcpNoDelay(true);
            for (byte next : WebSocketPeer.http(REQUEST)) {
                peer.send(new byte[] {next});
            }
            assertThat(peer.answer().status()).startsWith("101");
        }
    }

    @Test
    void readsWhatIsSentAheadOfTheAnswer() throws IOException, InterruptedException {
        try (WebSocketPeer peer = new WebSocketPeer(server)) {
            Recorder recorder = server.recorder();
            byte[] request = WebSocketPeer.http(REQUEST);
            byte[] frame = WebSocketPeer.frame(WebSocketPeer.FINAL | WebSocketPeer.BINARY, CONNECT);
            byte[] both = new byte[request.length + frame.length];
            System.arraycopy(request, 0, both, 0, request.length);
            System.arraycopy(frame, 0, both, request.length, frame.length);
            peer.send(both);
            assertThat(peer.answer().status()).startsWith("101");
            recorder.next(ControlPacket.Connect.class);
            assertThat(peer.packets(8)).startsWith(0x20);
        }
    }

    @Test
    void closesWithoutAFrameBeforeThereIsAWebSocket() throws IOException, InterruptedException {
        try (WebSocketPeer peer = new WebSocketPeer(server)) {
            server.recorder().connection.close();
            assertThat(peer.isAtEnd()).isTrue();
        }
    }

    @Test
    void letsPagesOfItsOwnHostIn() throws IOException, InterruptedException {
        assertThat(answer(server, from("http://localhost:8080", "LOCALHOST:8083"))
                        .status())
                .startsWith("101");
        assertThat(answer(server, from("https://127.0.0.1", "127.0.0.1:8083")).status())
                .startsWith("101");
        assertThat(answer(server, from("http://[::1]:80", "[::1]:8083")).status())
                .startsWith("101");
    }

    @Test
    void refusesPagesOfOtherHosts() throws IOException, InterruptedException {
        refused("403 Forbidden", from("https://evil.example", "localhost:8083"));
        refused("403 Forbidden", from("https://evil.example/localhost", "localhost:8083"));
        refused("403 Forbidden", from("https://localhost.evil.example", "localhost:8083"));
        refused("403 Forbidden", from("null", "localhost:8083"));
        refused("403 Forbidden", from("", "localhost:8083"));
    }

    @Test
    void saysOnceInAWhileWhatItRefuses() throws IOException, InterruptedException {
        try (TestServer fresh = new TestServer(Map.of("protocol", "ws"));
                Logged log = new Logged()) {
            for (int i = 0; i < 5; i++) {
                assertThat(answer(fresh, from("https://evil.example", "localhost:8083"))
                                .status())
                        .startsWith("403");
            }
            assertThat(log.lines("opens no WebSocket: pages of https://evil.example may not"))
                    .hasSize(1);
        }
    }

    /** The name of a page's host is in the hands of whoever made the page, and so is what address it stands for. */
    @Test
    void refusesPagesThatHaveAName() throws IOException, InterruptedException {
        refused("403 Forbidden", from("http://evil.example:8083", "evil.example:8083"));
    }

    @Test
    void letsPagesOfANameInWhereItIsNotOnLoopback() throws IOException, InterruptedException {
        try (TestServer open = new TestServer(Map.of("protocol", "ws", "host", "0.0.0.0", "allow.anonymous", "true"))) {
            assertThat(answer(open, from("http://gateway:8080", "gateway:8083")).status())
                    .startsWith("101");
            assertThat(answer(open, from("http://other:8080", "gateway:8083")).status())
                    .startsWith("403");
        }
    }

    @Test
    void letsInWhatItsConfigurationNames() throws IOException, InterruptedException {
        String origins = "https://Plant.example, http://10.0.0.7:8080";
        try (TestServer strict = new TestServer(Map.of("protocol", "ws", "path", "/a/b", "origins", origins))) {
            String request = REQUEST.replace("/mqtt", "/a/b");
            assertThat(answer(strict, request).status()).startsWith("101");
            for (String origin : new String[] {"https://plant.example", "http://10.0.0.7:8080"}) {
                assertThat(answer(strict, from(origin, "x").replace("/mqtt", "/a/b"))
                                .status())
                        .startsWith("101");
            }
            for (String origin : new String[] {"http://plant.example", "http://10.0.0.7", "http://127.0.0.1"}) {
                assertThat(answer(strict, from(origin, "127.0.0.1").replace("/mqtt", "/a/b"))
                                .status())
                        .startsWith("403");
            }
        }
        try (TestServer any = new TestServer(Map.of("protocol", "ws", "origins", "*"))) {
            assertThat(answer(any, from("https://any.example", "x")).status()).startsWith("101");
        }
    }

    @Test
    void staysShutWhenItsConfigurationWillNotDo() {
        staysShut("path", Map.of("protocol", "ws", "path", "mqtt"));
        staysShut("path", Map.of("protocol", "ws", "path", "/a?b"));
        staysShut("origins", Map.of("protocol", "ws", "origins", "plant.example"));
        staysShut("origins", Map.of("protocol", "ws", "origins", "http://a, http://b/c"));
        staysShut("path", Map.of("path", "/web"));
        staysShut("origins", Map.of("origins", "*"));
        staysShut("protocol", Map.of("protocol", "http"));
    }

    private static void staysShut(String key, Map<String, Object> properties) {
        ListenerComponent listener = server.listen(properties);
        assertThat(listener.status().state()).isEqualTo(State.CONFIG_INVALID);
        assertThat(listener.status().reason().orElseThrow()).startsWith(key + ": ");
        listener.close();
    }
}
