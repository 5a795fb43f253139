/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.transport.Recorder.Closed;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** WebSocket over TLS. */
@Timeout(30)
class SecureWebSocketTest {
    private static final byte[] CONNECT =
            TestServer.bytes(0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0, 1, 'c');
    private static final int[] NONE = {};

    @TempDir
    private static Path folder;

    private static Pki pki;
    private static Map<String, Object> wss;

    @BeforeAll
    static void makeFiles() throws Exception {
        pki = new Pki(folder);
        wss = new HashMap<>(pki.mqtts(pki.issue("localhost")));
        wss.put("protocol", "wss");
    }

    @Test
    void carriesPacketsBothWaysAndEndsInOrder() throws Exception {
        try (TestServer server = new TestServer(wss);
                TlsClient tls = TlsClient.connect(pki.client(null), server.port());
                WebSocketPeer peer = new WebSocketPeer(tls.socket)) {
            String request = WebSocketPeer.REQUEST.replace("Host:", "Origin: https://127.0.0.1\nHost:");
            assertThat(peer.request(request).status()).startsWith("101");
            peer.binary(CONNECT);
            Recorder recorder = server.recorder();
            recorder.next(ControlPacket.Connect.class);
            assertThat(peer.packets(8)).startsWith(0x20);
            Message large = Message.of(Topic.of("t"), new byte[300_000], QoS.AT_MOST_ONCE, false);
            recorder.connection.eventLoop().execute(() -> {
                recorder.connection.publish(large, QoS.AT_MOST_ONCE, false, false, 0, NONE);
                recorder.connection.close();
            });
            assertThat(peer.frame().payload()).hasSize(300_008);
            assertThat(peer.frame().code()).isEqualTo(1000);
            assertThat(peer.isAtEnd()).isTrue();
            tls.socket.close();
            recorder.next(Closed.class);
        }
    }

    @Test
    void answersInHttpWhatIsNoWebSocket() throws Exception {
        try (TestServer server = new TestServer(wss);
                TlsClient tls = TlsClient.connect(pki.client(null), server.port());
                WebSocketPeer peer = new WebSocketPeer(tls.socket)) {
            WebSocketPeer.Answer answer = peer.request(WebSocketPeer.REQUEST.replace("/mqtt", "/"));
            assertThat(answer.status()).isEqualTo("404 Not Found");
            assertThat(answer.body()).isNotBlank();
        }
    }

    @Test
    void refusesTextAsItDoesWithoutTls() throws Exception {
        try (TestServer server = new TestServer(wss);
                TlsClient tls = TlsClient.connect(pki.client(null), server.port());
                WebSocketPeer peer = new WebSocketPeer(tls.socket)) {
            peer.request(WebSocketPeer.REQUEST);
            peer.send(WebSocketPeer.frame(WebSocketPeer.FINAL | WebSocketPeer.TEXT, CONNECT));
            assertThat(peer.frame().code()).isEqualTo(1003);
        }
    }
}
