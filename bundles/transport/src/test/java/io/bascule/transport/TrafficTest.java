/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.transport.Recorder.Closed;
import io.bascule.transport.Recorder.Published;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the transport counts, byte for byte. */
@Timeout(30)
class TrafficTest {
    private static final byte[] CONNECT =
            TestServer.bytes(0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0, 1, 'c');
    private static final int[] NONE = {};

    private static void settles(TestServer server, Traffic expected) {
        try {
            TestServer.eventually(
                    "counted", () -> server.transport.info().traffic().equals(expected));
        } catch (AssertionError e) {
            assertThat(server.transport.info().traffic()).isEqualTo(expected); // says the difference
        }
    }

    @Test
    void countsWhatGoesBothWays() throws IOException, InterruptedException {
        try (TestServer server = new TestServer(Map.of())) {
            settles(server, Traffic.NONE);
            try (Socket socket = server.tcp()) {
                settles(server, new Traffic(0, 0, 0, 0, 0, 0, 0, 0, 1));
                socket.getOutputStream().write(CONNECT);
                Recorder recorder = server.recorder();
                recorder.next(ControlPacket.Connect.class);
                settles(server, new Traffic(1, 1, 16, 8, 0, 0, 0, 0, 1));

                socket.getOutputStream().write(TestServer.bytes(0x30, 7, 0, 1, 't', 0, 'a', 'b'));
                socket.getOutputStream().write(TestServer.bytes('c', 0x40, 2, 0, 1, 0xC0, 0));
                recorder.next(Published.class);
                recorder.next();
                recorder.next(ControlPacket.PingReq.class);
                settles(server, new Traffic(4, 1, 16 + 9 + 4 + 2, 8, 1, 0, 3, 0, 1));

                byte[] large = new byte[100_000]; // goes out without being copied
                recorder.connection.eventLoop().execute(() -> {
                    Connection connection = recorder.connection;
                    connection.publish(Message.of("t", "abcd"), QoS.AT_MOST_ONCE, false, false, 0, NONE);
                    connection.publish(
                            Message.of(Topic.of("t"), large, QoS.AT_LEAST_ONCE, false),
                            QoS.AT_LEAST_ONCE,
                            false,
                            false,
                            1,
                            NONE);
                    connection.acknowledge(Acknowledgement.PUBACK, 1, ReasonCode.SUCCESS);
                    connection.send(new ControlPacket.PingResp());
                });
                int sent = 8 + 10 + (4 + 3 + 2 + 1 + large.length) + 4 + 2;
                assertThat(socket.getInputStream().readNBytes(sent)).hasSize(sent);
                settles(server, new Traffic(4, 5, 31, sent, 1, 2, 3, 4 + large.length, 1));
                socket.shutdownOutput();
                recorder.next(Closed.class);
            }
            server.tcp().close();
            server.recorder().next(Closed.class);
            assertThat(server.transport.info().traffic().connectionsAccepted()).isEqualTo(2);
        }
    }

    @Test
    void countsAPacketWhenItIsThereAndItsBytesWhenTheyAre() throws IOException, InterruptedException {
        try (TestServer server = new TestServer(Map.of());
                Socket socket = server.tcp()) {
            socket.getOutputStream().write(CONNECT, 0, 10);
            settles(server, new Traffic(0, 0, 10, 0, 0, 0, 0, 0, 1));
            socket.getOutputStream().write(CONNECT, 10, 6);
            settles(server, new Traffic(1, 1, 16, 8, 0, 0, 0, 0, 1));
        }
    }

    @Test
    void countsEveryEventLoopAndEveryConnection() throws IOException, InterruptedException {
        try (TestServer server = new TestServer(Map.of("connections.maximum", 8))) {
            Socket[] sockets = new Socket[10]; // the last two are refused
            for (int i = 0; i < sockets.length; i++) {
                sockets[i] = server.tcp();
                sockets[i].getOutputStream().write(CONNECT);
                if (i < 8) {
                    server.recorder().next(ControlPacket.Connect.class);
                }
            }
            settles(server, new Traffic(10, 10, 160, 8 * 8 + 2 * 5, 0, 0, 0, 0, 10));
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
