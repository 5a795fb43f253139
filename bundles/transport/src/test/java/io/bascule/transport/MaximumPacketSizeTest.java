/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.Recorder.Closed;
import io.bascule.transport.Recorder.Failed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is left out and what is not sent at all when the other end takes only small packets, or wants no words. */
@Timeout(30)
class MaximumPacketSizeTest {
    private static final int LARGE = 268_435_460;
    private static final Optional<String> WORDS = Optional.of("why");
    private static final List<ReasonCode> REASONS = List.of(ReasonCode.GRANTED_QOS_1, ReasonCode.NOT_AUTHORIZED);
    private static final List<ReasonCode> REMOVED =
            List.of(ReasonCode.NO_SUBSCRIPTION_EXISTED, ReasonCode.NOT_AUTHORIZED); // [MQTT-3.11.3-2]

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static byte[] connect(int maximumPacketSize, boolean problemInformation) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.writeBytes(TestServer.bytes(0x10, 21, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 7, 0x17));
        packet.write(problemInformation ? 1 : 0);
        packet.write(0x27);
        packet.writeBytes(ByteBuffer.allocate(4).putInt(maximumPacketSize).array());
        packet.writeBytes(TestServer.bytes(0, 1, 'c'));
        return packet.toByteArray();
    }

    /** What such a client receives behind CONNACK until it is disconnected; the connection stays open until the server closes it. */
    private static byte[] received(byte[] connect, Consumer<Connection> sending)
            throws IOException, InterruptedException {
        try (Socket socket = server.tcp()) {
            socket.getOutputStream().write(connect);
            Recorder recorder = server.recorder();
            recorder.whenFailed = failed -> failed.send(ControlPacket.Disconnect.of(ReasonCode.PACKET_TOO_LARGE));
            recorder.next(ControlPacket.Connect.class);
            recorder.connection.eventLoop().execute(() -> {
                sending.accept(recorder.connection);
                // Behind what the connection itself has put off until its handler has returned.
                recorder.connection.eventLoop().execute(recorder.connection::close);
            });
            byte[] all = socket.getInputStream().readAllBytes();
            return Arrays.copyOfRange(all, Math.min(all.length, 8), all.length);
        }
    }

    private static void writes(
            int maximumPacketSize, boolean problemInformation, Consumer<Connection> sending, int... expected)
            throws IOException, InterruptedException {
        assertThat(received(connect(maximumPacketSize, problemInformation), sending))
                .isEqualTo(TestServer.bytes(expected));
    }

    /** With its words where they just fit, without them where they are one byte too long. */
    private static void leavesOut(ControlPacket packet, int[] whole, int... bare)
            throws IOException, InterruptedException {
        writes(whole.length, true, connection -> connection.send(packet), whole);
        writes(whole.length - 1, true, connection -> connection.send(packet), bare);
    }

    private static int[] packet(int... bytes) {
        return bytes;
    }

    @Test
    @Statement(v5 = {"MQTT-3.2.2-19", "MQTT-3.9.2-1", "MQTT-3.11.2-1", "MQTT-3.14.2-3", "MQTT-3.15.2-2"})
    void leavesOutWordsThatMakeAPacketTooLarge() throws IOException, InterruptedException {
        leavesOut( // [MQTT-3.9.2-1]
                new ControlPacket.SubAck(1, REASONS, WORDS),
                packet(0x90, 11, 0, 1, 6, 0x1F, 0, 3, 'w', 'h', 'y', 1, 0x87),
                packet(0x90, 5, 0, 1, 0, 1, 0x87));
        leavesOut( // [MQTT-3.11.2-1]
                new ControlPacket.UnsubAck(1, REMOVED, WORDS),
                packet(0xB0, 11, 0, 1, 6, 0x1F, 0, 3, 'w', 'h', 'y', 0x11, 0x87),
                packet(0xB0, 5, 0, 1, 0, 0x11, 0x87));
        leavesOut( // [MQTT-3.14.2-3]
                new ControlPacket.Disconnect(ReasonCode.SERVER_BUSY, OptionalLong.empty(), WORDS),
                packet(0xE0, 8, 0x89, 6, 0x1F, 0, 3, 'w', 'h', 'y'),
                packet(0xE0, 1, 0x89));
        leavesOut( // [MQTT-3.15.2-2]
                new ControlPacket.Auth(ReasonCode.CONTINUE_AUTHENTICATION, Optional.of("M"), Optional.empty(), WORDS),
                packet(0xF0, 12, 0x18, 10, 0x15, 0, 1, 'M', 0x1F, 0, 3, 'w', 'h', 'y'),
                packet(0xF0, 6, 0x18, 4, 0x15, 0, 1, 'M'));
        leavesOut( // [MQTT-3.2.2-19]
                new ControlPacket.ConnAck(
                        false, ReasonCode.BANNED, ControlPacket.ServerProperties.NONE.withReasonString(WORDS)),
                packet(0x20, 9, 0, 0x8A, 6, 0x1F, 0, 3, 'w', 'h', 'y'),
                packet(0x20, 3, 0, 0x8A, 0));
    }

    @Test
    @Statement(v5 = {"MQTT-3.4.2-2", "MQTT-3.5.2-2", "MQTT-3.6.2-2", "MQTT-3.7.2-2"})
    void leavesOutWordsThatMakeAnAcknowledgementTooLarge() throws IOException, InterruptedException {
        for (Acknowledgement kind : Acknowledgement.values()) { // [MQTT-3.4.2-2] to [MQTT-3.7.2-2]
            int first = kind.firstByte();
            writes(
                    12,
                    true,
                    c -> c.acknowledge(kind, 258, ReasonCode.QUOTA_EXCEEDED, "why"),
                    first,
                    10,
                    1,
                    2,
                    0x97,
                    6,
                    0x1F,
                    0,
                    3,
                    'w',
                    'h',
                    'y');
            writes(11, true, c -> c.acknowledge(kind, 258, ReasonCode.QUOTA_EXCEEDED, "why"), first, 3, 1, 2, 0x97);
            writes(
                    12,
                    true,
                    c -> c.acknowledge(kind, 258, ReasonCode.SUCCESS, "why"),
                    first,
                    10,
                    1,
                    2,
                    0,
                    6,
                    0x1F,
                    0,
                    3,
                    'w',
                    'h',
                    'y');
            writes(LARGE, false, c -> c.acknowledge(kind, 258, ReasonCode.SUCCESS, "why"), first, 2, 1, 2);
        }
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-29")
    void sparesWordsToWhoeverWantsNone() throws IOException, InterruptedException { // [MQTT-3.1.2-29]
        writes(LARGE, false, c -> c.send(new ControlPacket.SubAck(1, REASONS, WORDS)), 0x90, 5, 0, 1, 0, 1, 0x87);
        writes(LARGE, false, c -> c.send(new ControlPacket.UnsubAck(1, REMOVED, WORDS)), 0xB0, 5, 0, 1, 0, 0x11, 0x87);
        writes(
                LARGE,
                false,
                c -> c.send(new ControlPacket.Disconnect(ReasonCode.SERVER_BUSY, OptionalLong.empty(), WORDS)),
                0xE0,
                8,
                0x89,
                6,
                0x1F,
                0,
                3,
                'w',
                'h',
                'y');
        writes(
                LARGE,
                false,
                c -> c.send(new ControlPacket.ConnAck(
                        false, ReasonCode.BANNED, ControlPacket.ServerProperties.NONE.withReasonString(WORDS))),
                0x20,
                9,
                0,
                0x8A,
                6,
                0x1F,
                0,
                3,
                'w',
                'h',
                'y');
    }

    @Test
    @Statement(v5 = "MQTT-3.1.2-24")
    void neverSendsAPacketThatIsTooLarge() throws IOException, InterruptedException { // [MQTT-3.1.2-24]
        ControlPacket large = new ControlPacket.SubAck(1, Collections.nCopies(20, ReasonCode.GRANTED_QOS_1), WORDS);
        writes(24, true, c -> c.send(large), 0xE0, 1, 0x95);
        writes(8, true, c -> c.send(large), 0xE0, 1, 0x95);
        writes(
                25,
                true,
                c -> c.send(large),
                0x90,
                23,
                0,
                1,
                0,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                1);
    }

    /** What serves a client that takes only so much. */
    private static Recorder tiny(Socket socket, int maximumPacketSize) throws IOException, InterruptedException {
        socket.getOutputStream().write(connect(maximumPacketSize, true));
        Recorder recorder = server.recorder();
        recorder.next(ControlPacket.Connect.class);
        return recorder;
    }

    @Test
    void closesWhenAnAcknowledgementDoesNotFit() throws IOException {
        for (int size = 1; size <= 5; size++) {
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
                    socket.getOutputStream().write(TestServer.bytes(0x20, 8, 0, 0, 5, 0x27, 0, 0, 0, size));
                    client.next();
                    client.next(ControlPacket.ConnAck.class);
                    client.connection.eventLoop().execute(() -> {
                        client.connection.acknowledge(Acknowledgement.PUBACK, 0x77, ReasonCode.SUCCESS);
                        client.connection.acknowledge(Acknowledgement.PUBACK, 0x77, ReasonCode.NOT_AUTHORIZED);
                        client.connection.eventLoop().execute(client.connection::close);
                    });
                    int[] success = {0x40, 2, 0, 0x77};
                    int[] failure = {0x40, 3, 0, 0x77, 0x87};
                    byte[] all = socket.getInputStream().readAllBytes();
                    byte[] behindConnect = Arrays.copyOfRange(all, 2 + all[1], all.length);
                    byte[] expected = TestServer.bytes(size < 4 ? new int[0] : success);
                    assertThat(Arrays.copyOf(behindConnect, expected.length)).isEqualTo(expected);
                    assertThat(behindConnect).hasSize(expected.length + (size < 5 ? 0 : failure.length));
                }
                assertThat(client.next().getClass()).isEqualTo(size < 5 ? Failed.class : Closed.class);
            }
        }
    }

    @Test
    @Statement(v5 = {"MQTT-3.1.2-24", "MQTT-3.2.0-1"})
    void doesNotAcceptWhoeverDoesNotTakeConnAck() throws IOException, InterruptedException {
        for (int size : new int[] {1, 4, 5, 7}) { // the CONNACK of the recorder takes 8
            try (Socket socket = server.tcp()) {
                Recorder recorder = tiny(socket, size);
                recorder.connection.eventLoop().execute(() -> {
                    recorder.connection.send(new ControlPacket.PingResp());
                    recorder.connection.send(ControlPacket.Disconnect.of(ReasonCode.PACKET_TOO_LARGE));
                });
                byte[] expected = size < 5 ? new byte[0] : TestServer.bytes(0x20, 3, 0, 0x95, 0);
                assertThat(socket.getInputStream().readAllBytes()).isEqualTo(expected); // [MQTT-3.2.0-1]
                assertThat(recorder.next(Closed.class).why()).contains(size + " bytes");
            }
        }
    }

    @Test
    @Statement(v5 = "MQTT-3.14.0-1")
    void sendsNoDisconnectToWhoeverIsNotToHaveOne() throws IOException, InterruptedException {
        try (Socket socket = server.tcp()) {
            Recorder recorder = server.recorder();
            recorder.connection.eventLoop().execute(() -> {
                recorder.connection.send(ControlPacket.Disconnect.of(ReasonCode.SERVER_BUSY)); // [MQTT-3.14.0-1]
                recorder.connection.close();
            });
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
        byte[] connect4 = TestServer.bytes(0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'c');
        try (Socket socket = server.tcp()) {
            socket.getOutputStream().write(connect4);
            Recorder recorder = server.recorder();
            recorder.next(ControlPacket.Connect.class);
            recorder.connection.eventLoop().execute(() -> {
                recorder.connection.send(ControlPacket.Disconnect.of(ReasonCode.SERVER_BUSY));
                recorder.connection.close();
            });
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(TestServer.bytes(0x20, 2, 0, 0));
        }
    }

    @Test
    void failsOnlyWhenItsHandlerHasReturned() throws IOException, InterruptedException {
        try (Socket socket = server.tcp()) {
            Recorder recorder = tiny(socket, 8);
            recorder.connection.eventLoop().execute(() -> {
                recorder.connection.send(
                        new ControlPacket.SubAck(1, Collections.nCopies(20, ReasonCode.GRANTED_QOS_1)));
                recorder.heard.add("returned");
            });
            assertThat(recorder.next()).isEqualTo("returned");
            assertThat(recorder.next(Failed.class).reason()).isEqualTo(ReasonCode.PACKET_TOO_LARGE);
        }
    }
}
