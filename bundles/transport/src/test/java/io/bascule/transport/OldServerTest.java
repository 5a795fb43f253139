/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.Recorder.Closed;
import io.bascule.transport.Recorder.Failed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What brokers say to a CONNECT of 5.0 that are older than that. */
@Timeout(30)
class OldServerTest {
    private final ResourceScope scope = new ResourceScope("test");
    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer(Map.of());
    }

    @AfterEach
    void stop() {
        scope.close();
        server.close();
    }

    private Recorder answered(int... answer) throws IOException {
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
        try (ServerSocket old = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.transport.connect(
                    new Remote("127.0.0.1", old.getLocalPort(), Duration.ofSeconds(20), 1024),
                    server.transport.nextEventLoop(),
                    scope,
                    client);
            try (Socket socket = old.accept()) {
                socket.getInputStream().read();
                socket.getOutputStream().write(TestServer.bytes(answer));
                assertThat(client.next()).isEqualTo("opened");
            }
        }
        return client;
    }

    /** As 3.1.1 wants it [MQTT-3.1.2-2]. */
    @Test
    void isUnderstoodWhenItSaysThatTheVersionIsUnacceptable() throws IOException {
        Recorder client = answered(0x20, 2, 0, 1);

        assertThat(client.next(ControlPacket.ConnAck.class).reason())
                .isEqualTo(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION);
        client.next(Closed.class);
    }

    /** As Moquette 0.17 does, whose codec is for 5.0 and whose code is not. */
    @Test
    void isUnderstoodWhenItSaysSoInAPacketOf5() throws IOException {
        Recorder client = answered(0x20, 3, 0, 1, 0);

        assertThat(client.next(ControlPacket.ConnAck.class).reason())
                .isEqualTo(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION);
        client.next(Closed.class);
    }

    @Test
    void isNotTakenForOneOf5WhereItAcceptsInTheWordsOf311() throws IOException {
        Recorder client = answered(0x20, 2, 0, 0);

        client.next(Failed.class);
        client.next(Closed.class);
    }
}
