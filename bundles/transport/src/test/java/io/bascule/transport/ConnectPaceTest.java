/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.LimitInfo;
import io.bascule.transport.Recorder.Closed;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections that begin when it is their turn ({@code connect.rate}), and such as may not begin at all. */
@Timeout(60)
class ConnectPaceTest {
    private static final byte[] CONNECT =
            TestServer.bytes(0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0, 1, 'c');

    @TempDir
    private static Path folder;

    private static Map<String, Object> paced(Map<String, ?> properties, int rate) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("connect.rate", rate);
        return all;
    }

    private static long hits(TestServer server) {
        return server.listener.limits().stream()
                .filter(each -> each.name().equals("connect.rate"))
                .mapToLong(LimitInfo::hits)
                .findFirst()
                .orElseThrow();
    }

    /** One that says what it has to say at once, whenever it is listened to. */
    private static Socket eager(TestServer server, byte[]... packets) throws Exception {
        Socket socket = server.tcp();
        for (byte[] packet : packets) {
            socket.getOutputStream().write(packet);
        }
        return socket;
    }

    @Test
    void readsNobodyBeforeItIsHisTurn() throws Exception {
        try (TestServer server = new TestServer(paced(Map.of(), 5))) {
            long start = System.nanoTime();
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                sockets.add(eager(server, CONNECT));
            }
            for (int i = 0; i < 8; i++) {
                server.recorder().next(ControlPacket.Connect.class);
            }
            assertThat(System.nanoTime() - start).isGreaterThan(600_000_000L);
            assertThat(hits(server)).isBetween(1L, 3L);
            assertThat(server.listener.limits())
                    .filteredOn(limit -> limit.name().equals("connect.rate"))
                    .singleElement()
                    .extracting(LimitInfo::value)
                    .isEqualTo("5");
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void servesThoseWhoAreThereMeanwhile() throws Exception {
        try (TestServer server = new TestServer(paced(Map.of(), 1));
                Socket first = eager(server, CONNECT)) {
            Recorder there = server.recorder();
            there.next(ControlPacket.Connect.class);
            try (Socket second = eager(server, CONNECT)) {
                TestServer.eventually("the second waits", () -> hits(server) == 1);
                first.getOutputStream().write(TestServer.bytes(0xC0, 0));
                there.next(ControlPacket.PingReq.class);
                assertThat(server.accepted).isEmpty();
                server.recorder().next(ControlPacket.Connect.class);
                assertThat(second.isConnected()).isTrue();
            }
        }
    }

    @Test
    void closesWhoeverWouldWaitForTooLong() throws Exception {
        try (TestServer server = new TestServer(paced(Map.of(), 1))) {
            List<Socket> waiting = new ArrayList<>();
            for (int i = 0; i < 11; i++) {
                waiting.add(server.tcp());
            }
            TestServer.eventually("they wait", () -> hits(server) == 10);
            try (Socket last = server.tcp();
                    Socket veryLast = server.tcp()) {
                veryLast.setSoTimeout(8000);
                assertThat(veryLast.getInputStream().read()).isEqualTo(-1);
                assertThat(last.isConnected()).isTrue();
            }
            for (Socket each : waiting) {
                each.close();
            }
            TestServer.eventually(
                    "nobody is waited for who has gone",
                    () -> server.transport.info().connections() == 0);
        }
    }

    @Test
    void hasThemWaitBeforeTheHeaderOfAProxyAndBeforeTls() throws Exception {
        Pki pki = new Pki(folder);
        Map<String, Object> properties = paced(pki.mqtts(pki.issue("localhost")), 1);
        try (TestServer server = new TestServer(properties);
                Socket first = server.tcp()) {
            TestServer.eventually("there", () -> server.transport.info().connections() == 1);
            try (TlsClient late = TlsClient.connect(pki.client(null), server.port())) {
                assertThat(hits(server)).isEqualTo(1);
                late.mqtt();
                server.recorder().next(ControlPacket.Connect.class);
            }
            assertThat(first.isConnected()).isTrue();
        }
        byte[] header = "PROXY TCP4 203.0.113.7 127.0.0.1 12345 1883\r\n".getBytes(US_ASCII);
        try (TestServer server = new TestServer(paced(Map.of("proxy.protocol", "true", "allow.anonymous", "true"), 1));
                Socket first = eager(server, header, CONNECT)) {
            server.recorder().next(ControlPacket.Connect.class);
            try (Socket late = eager(server, header, CONNECT)) {
                Recorder recorder = server.recorder();
                recorder.next(ControlPacket.Connect.class);
                assertThat(recorder.connection.remoteAddress()).asString().contains("203.0.113.7");
                assertThat(hits(server)).isEqualTo(1);
                late.shutdownOutput();
                recorder.next(Closed.class);
            }
            assertThat(first.isConnected()).isTrue();
        }
    }

    @Test
    void closesThoseWhoWaitWithTheListener() throws Exception {
        try (TestServer server = new TestServer(paced(Map.of(), 1));
                Socket first = server.tcp()) {
            server.recorder();
            try (Socket waiting = server.tcp()) {
                TestServer.eventually("it waits", () -> hits(server) == 1);
                server.listener.close();
                assertThat(waiting.getInputStream().read()).isEqualTo(-1);
                assertThat(server.accepted).isEmpty();
            }
            assertThat(first.isConnected()).isTrue();
        }
    }
}
