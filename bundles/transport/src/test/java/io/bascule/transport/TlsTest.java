/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.itests.statements.Cve;
import io.bascule.transport.Recorder.Closed;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The handshake of a listener that speaks MQTT over TLS: who gets through, who does not, and when. */
@Timeout(30)
class TlsTest {
    /** Many more than a connection's buffers in the kernel take the answers of. */
    private static final int KEY_UPDATES = 10_000_000;

    @TempDir
    private static Path folder;

    private static Pki pki;
    private static Map<String, Object> mqtts;

    @BeforeAll
    static void makeFiles() throws Exception {
        pki = new Pki(folder);
        mqtts = pki.mqtts(pki.issue("localhost"));
    }

    private static Map<String, Object> with(String key, Object value) {
        Map<String, Object> properties = new java.util.HashMap<>(mqtts);
        properties.put(key, value);
        return properties;
    }

    private static void closedWithoutAWord(TestServer server, byte[] sent) throws IOException {
        try (Socket socket = server.tcp()) {
            socket.setSoTimeout(8000);
            socket.getOutputStream().write(sent);
            readToTheEnd(socket);
        }
        assertThat(server.accepted).isEmpty();
    }

    private static void readToTheEnd(Socket socket) {
        try {
            socket.getInputStream().readAllBytes(); // an alert at most
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("still open", e);
        } catch (IOException e) {
            return; // reset
        }
    }

    @Test
    void servesMqtt() throws Exception {
        try (TestServer server = new TestServer(mqtts);
                TlsClient client = TlsClient.connect(pki.client(null), server.port())) {
            assertThat(client.socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
            Recorder recorder = server.recorder();
            client.mqtt();
            recorder.next(ControlPacket.Connect.class);
            assertThat(recorder.connection.peerCertificates()).isEmpty();

            client.socket.close();

            recorder.next(Closed.class);
        }
    }

    @Test
    void hearsWhatComesWithTheEndOfTheHandshake() throws Exception {
        try (TestServer server = new TestServer(mqtts);
                TlsClient client = TlsClient.tcp(pki.client(null), server.port())) {
            client.mqtt();
            server.recorder().next(ControlPacket.Connect.class);
        }
    }

    @Test
    void speaksTls12OnlyWhereThatIsChosen() throws Exception {
        try (TestServer server = new TestServer(mqtts)) {
            assertThatThrownBy(() -> TlsClient.connect(pki.client(null), server.port(), "TLSv1.2"))
                    .isInstanceOf(IOException.class);
            assertThat(server.accepted).isEmpty();
        }
        try (TestServer server = new TestServer(with("tls.versions", "1.3, 1.2"))) {
            try (TlsClient old = TlsClient.connect(pki.client(null), server.port(), "TLSv1.2")) {
                assertThat(old.mqtt().socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
            }
            try (TlsClient both = TlsClient.connect(pki.client(null), server.port())) {
                assertThat(both.mqtt().socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
            }
        }
    }

    /** CVE-2011-1473: in TLS 1.2 a client may begin handshakes anew, each of which costs the server more than itself. */
    @Test
    void closesWhoNegotiatesAnew() throws Exception {
        try (TestServer server = new TestServer(with("tls.versions", "1.3,1.2"));
                TlsClient client = TlsClient.connect(pki.client(null), server.port(), "TLSv1.2")) {
            Recorder recorder = server.recorder();
            client.mqtt();
            recorder.next(ControlPacket.Connect.class);

            client.socket.startHandshake();
            assertThatThrownBy(() -> {
                        client.send(TlsClient.PINGREQ);
                        client.socket.getInputStream().readAllBytes();
                    })
                    .isInstanceOf(IOException.class);

            recorder.next(Closed.class);
        }
    }

    /** TLS 1.3 answers each request with a record, whoever reads it. */
    @Test
    @Timeout(300)
    @Cve("CVE-2026-39304")
    void closesWhoAsksForNewKeysWithoutEndAndDoesNotRead() throws Exception {
        try (TestServer server = new TestServer(mqtts);
                TlsClient client = TlsClient.connectWithLittleRoom(pki.client(null), server.port())) {
            Recorder recorder = server.recorder();
            client.mqtt();
            recorder.next(ControlPacket.Connect.class);

            assertThatThrownBy(() -> {
                        for (int i = 0; i < KEY_UPDATES; i++) {
                            client.socket.startHandshake();
                        }
                    })
                    .isInstanceOf(IOException.class);

            recorder.next(Closed.class);
        }
    }

    @Test
    void servesWhoAsksForNewKeysAndReads() throws Exception {
        try (TestServer server = new TestServer(mqtts);
                TlsClient client = TlsClient.connect(pki.client(null), server.port())) {
            Recorder recorder = server.recorder();
            client.mqtt();
            recorder.next(ControlPacket.Connect.class);

            for (int i = 0; i < 100; i++) {
                client.socket.startHandshake();
                client.send(TlsClient.PINGREQ);
                recorder.next(ControlPacket.PingReq.class);
            }
        }
    }

    @Test
    void closesWhoDoesNotSpeakTls() throws IOException {
        try (TestServer server = new TestServer(mqtts)) {
            closedWithoutAWord(server, TlsClient.CONNECT);
            closedWithoutAWord(server, "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
    }

    @Test
    @Cve("CVE-2026-45416")
    void closesWhoseClientHelloIsTooLong() throws IOException {
        try (TestServer server = new TestServer(mqtts)) {
            closedWithoutAWord(server, TestServer.bytes(22, 3, 1, 0, 4, 1, 0, 0x40, 1));
        }
    }

    @Test
    @Cve("CVE-2026-45416")
    void closesWhoDoesNotFinishInTime() throws IOException {
        try (TestServer server = new TestServer(with("tls.handshake.timeout", "1s"))) {
            closedWithoutAWord(server, new byte[0]);
            closedWithoutAWord(server, TestServer.bytes(22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3)); // and no more of it
            try (Socket relay = server.tcp()) {
                relay.setSoTimeout(8000);
                relay.getOutputStream().write(ClientHello.bytes());
                readToTheEnd(relay);
            }
            assertThat(server.accepted).isEmpty();
            TestServer.eventually(
                    "none is there", () -> server.listener.status().connections() == 0);
        }
    }

    @Test
    void closesHandshakesWithTheListener() throws Exception {
        try (TestServer server = new TestServer(mqtts);
                Socket silent = server.tcp();
                Socket between = server.tcp()) {
            between.getOutputStream().write(ClientHello.bytes());
            assertThat(between.getInputStream().read()).isEqualTo(22); // ServerHello
            TestServer.eventually("both there", () -> server.listener.status().connections() == 2);
            long start = System.nanoTime();

            server.listener.close();

            assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            readToTheEnd(between);
        }
    }

    @Test
    void countsHandshakesAsConnections() throws Exception {
        try (TestServer server = new TestServer(with("connections.maximum", 1));
                Socket silent = server.tcp()) {
            TestServer.eventually("there", () -> server.listener.status().connections() == 1);
            try (TlsClient refused = TlsClient.connect(pki.client(null), server.port())) {
                refused.send(TlsClient.CONNECT);
                assertThat(refused.socket.getInputStream().readAllBytes()).isEqualTo(TestServer.bytes(0x20, 2, 0, 3));
            }
            assertThat(silent.isConnected()).isTrue();
            assertThat(server.accepted).isEmpty();
        }
    }
}
