/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static io.bascule.transport.WebSocketPeer.BINARY;
import static io.bascule.transport.WebSocketPeer.CLOSE;
import static io.bascule.transport.WebSocketPeer.CONTINUATION;
import static io.bascule.transport.WebSocketPeer.FINAL;
import static io.bascule.transport.WebSocketPeer.MASKED;
import static io.bascule.transport.WebSocketPeer.PING;
import static io.bascule.transport.WebSocketPeer.PONG;
import static io.bascule.transport.WebSocketPeer.TEXT;
import static io.bascule.transport.WebSocketPeer.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.statements.Cve;
import io.bascule.itests.statements.Statement;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.transport.Recorder.Closed;
import io.bascule.transport.Recorder.Failed;
import io.bascule.transport.Recorder.Published;
import io.bascule.transport.WebSocketPeer.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Packets in WebSocket frames, both ways, and frames that will not do. */
@Timeout(60)
class WebSocketFrameTest {
    private static final byte[] CONNECT =
            TestServer.bytes(0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0, 1, 'c');
    private static final byte[] PINGREQ = TestServer.bytes(0xC0, 0);
    private static final byte[] DISCONNECT = TestServer.bytes(0xE0, 0);
    private static final int CONNACK = 8;
    private static final int[] NONE = {};
    /** Messages of 100,000 bytes: kernels buffer some megabytes of a connection, on either side. */
    private static final int MORE_THAN_SOCKETS_TAKE = 2000;

    private static TestServer server;

    private WebSocketPeer peer;
    private Recorder recorder;

    @BeforeAll
    static void start() {
        server = new TestServer(Map.of("protocol", "ws", "max.packet.size", "2MiB", "max.connect.size", "1KiB"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private void open() throws IOException, InterruptedException {
        peer = WebSocketPeer.open(server);
        recorder = server.recorder();
    }

    private void connect() throws IOException, InterruptedException {
        open();
        peer.binary(CONNECT);
        recorder.next(ControlPacket.Connect.class);
        assertThat(peer.packets(CONNACK)).startsWith(0x20, 6);
    }

    private void onEventLoop(Runnable task) {
        recorder.connection.eventLoop().execute(task);
    }

    /** What comes is refused with this code, and the connection closed. */
    private void fails(int code, byte[]... bytes) throws IOException, InterruptedException {
        connect();
        for (byte[] each : bytes) {
            peer.send(each);
        }
        peer.send(frame(FINAL | BINARY, PINGREQ)); // is not read any more
        assertThat(recorder.next(Failed.class).reason()).isEqualTo(ReasonCode.PROTOCOL_ERROR);
        assertThat(peer.frame().code()).isEqualTo(code);
        assertThat(peer.isAtEnd()).isTrue();
        peer.close();
        assertThat(recorder.next(Closed.class).why()).contains("WebSocket");
        assertThat(recorder.heard).isEmpty();
    }

    @Test
    @Statement(v5 = "MQTT-6.0.0-1", v311 = "MQTT-6.0.0-1")
    void closesOnText() throws IOException, InterruptedException {
        fails(1003, frame(FINAL | TEXT, PINGREQ));
        fails(1003, frame(TEXT));
    }

    @Test
    @Statement(v5 = "MQTT-6.0.0-1", v311 = "MQTT-6.0.0-1")
    void sendsBinaryFrames() throws IOException, InterruptedException {
        connect();
        peer.binary(PINGREQ);
        recorder.next(ControlPacket.PingReq.class);
        onEventLoop(() -> recorder.connection.send(new ControlPacket.PingResp()));
        Frame frame = peer.frame();
        assertThat(frame.firstByte()).isEqualTo(FINAL | BINARY);
        assertThat(frame.payload()).isEqualTo(TestServer.bytes(0xD0, 0));
        peer.close();
    }

    @Test
    void wantsMasks() throws IOException, InterruptedException {
        fails(1002, TestServer.bytes(FINAL | BINARY, 2, 0xC0, 0));
        fails(1002, TestServer.bytes(FINAL | PING, 0));
    }

    @Test
    void refusesFramesThatThereAreNot() throws IOException, InterruptedException {
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            fails(1002, frame(FINAL | opcode));
        }
        for (int reserved : new int[] {0x40, 0x20, 0x10}) {
            fails(1002, frame(FINAL | reserved | BINARY, PINGREQ));
        }
    }

    @Test
    void refusesFragmentsThatDoNotGoTogether() throws IOException, InterruptedException {
        fails(1002, frame(FINAL | CONTINUATION, PINGREQ));
        fails(1002, frame(BINARY), frame(FINAL | BINARY, PINGREQ));
        fails(1003, frame(BINARY), frame(FINAL | TEXT, PINGREQ));
    }

    @Test
    void refusesControlFramesThatAreFragmentedOrTooLong() throws IOException, InterruptedException {
        fails(1002, frame(PING, (byte) 1));
        fails(1002, frame(FINAL | PING, new byte[126]));
        fails(1002, frame(FINAL | PONG, new byte[70_000]));
        fails(1002, frame(FINAL | CLOSE, new byte[126]));
    }

    @Test
    void refusesLengthsThatAreNotWrittenAsTheyAreToBe() throws IOException, InterruptedException {
        fails(1002, TestServer.bytes(FINAL | BINARY, MASKED | 126, 0, 125, 1, 2, 3, 4));
        fails(1002, TestServer.bytes(FINAL | BINARY, MASKED | 127, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4));
        fails(1002, TestServer.bytes(FINAL | BINARY, MASKED | 127, 128, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4));
    }

    @Test
    void readsTheWholeOfAFrameThatNeverEnds() throws IOException, InterruptedException {
        connect();
        long before = server.transport.info().activeBuffers();
        peer.send(TestServer.bytes(FINAL | BINARY, MASKED | 127, 127, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0));
        for (int i = 0; i < 10; i++) {
            peer.send(PINGREQ);
            recorder.next(ControlPacket.PingReq.class);
        }
        assertThat(server.transport.info().activeBuffers()).isLessThan(before + 10);
        peer.send(TestServer.bytes(0x30, 0xFF, 0xFF, 0xFF, 0x7F)); // a packet that is too large ends it
        assertThat(recorder.next(Failed.class).reason()).isEqualTo(ReasonCode.PACKET_TOO_LARGE);
        peer.close();
    }

    @Test
    @Cve("CVE-2026-25627")
    void holdsPacketsToTheirLimitsWhateverFramesTheyComeIn() throws IOException, InterruptedException {
        open();
        peer.binary(TestServer.bytes(0x10, 0x80, 0x40)); // a CONNECT of 8 KiB
        assertThat(recorder.next(Failed.class).reason()).isEqualTo(ReasonCode.PACKET_TOO_LARGE);
        peer.close();
    }

    @Test
    @Statement(v5 = "MQTT-6.0.0-2", v311 = "MQTT-6.0.0-2")
    @Cve("CVE-2026-25627")
    void readsPacketsHoweverTheyAreCutIntoFramesAndReads() throws IOException, InterruptedException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        connect();
        peer.socket().setTcpNoDelay(true);
        List<byte[]> payloads = new ArrayList<>();
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int i = 0; i < 400; i++) {
            byte[] payload = new byte[i % 50 == 49 ? random.nextInt(100_000) : random.nextInt(300)];
            random.nextBytes(payload);
            payloads.add(payload);
            stream.writeBytes(publish(payload));
        }
        byte[] wire = frames(stream.toByteArray(), random);
        for (int at = 0; at < wire.length; ) {
            int length = Math.min(
                    random.nextInt(3) == 0 ? 1 + random.nextInt(40) : 1 + random.nextInt(9000), wire.length - at);
            peer.send(Arrays.copyOfRange(wire, at, at + length));
            at += length;
        }
        for (byte[] payload : payloads) {
            assertThat(recorder.next(Published.class).message().payload()).isEqualTo(payload);
        }
        peer.close();
    }

    private static byte[] publish(byte[] payload) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(0x30);
        int length = 4 + payload.length;
        for (; length > 127; length >>= 7) {
            packet.write(length & 127 | 128);
        }
        packet.write(length);
        packet.writeBytes(TestServer.bytes(0, 1, 't', 0));
        packet.writeBytes(payload);
        return packet.toByteArray();
    }

    /** A stream in frames of all sizes, whole messages and fragments, with control frames in between. */
    private static byte[] frames(byte[] stream, Random random) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        boolean inMessage = false;
        for (int at = 0; at < stream.length; ) {
            int length = switch (random.nextInt(5)) {
                case 0 -> random.nextInt(3);
                case 1, 2 -> random.nextInt(200);
                case 3 -> random.nextInt(1000);
                default -> random.nextInt(100_000);
            };
            length = Math.min(length, stream.length - at);
            boolean last = at + length == stream.length || random.nextBoolean();
            wire.writeBytes(frame(
                    (last ? FINAL : 0) | (inMessage ? CONTINUATION : BINARY),
                    Arrays.copyOfRange(stream, at, at + length)));
            inMessage = !last;
            at += length;
            if (random.nextInt(4) == 0) {
                wire.writeBytes(frame(FINAL | PONG, new byte[random.nextInt(126)]));
            }
        }
        return wire.toByteArray();
    }

    @Test
    void readsByteByByte() throws IOException, InterruptedException {
        connect();
        peer.socket().setTcpNoDelay(true);
        byte[] packet = publish(new byte[300]);
        for (byte next : packet) { // a frame for each byte, and a read for each byte of it
            for (byte part : frame(FINAL | BINARY, next)) {
                peer.send(new byte[] {part});
            }
        }
        assertThat(recorder.next(Published.class).message().payload()).hasSize(300);
        peer.close();
    }

    @Test
    void answersPings() throws IOException, InterruptedException {
        connect();
        for (int length : new int[] {0, 1, 125}) {
            byte[] payload = new byte[length];
            new Random(length).nextBytes(payload);
            peer.send(frame(FINAL | PING, payload));
            Frame pong = peer.frame();
            assertThat(pong.firstByte()).isEqualTo(FINAL | PONG);
            assertThat(pong.payload()).isEqualTo(payload);
        }
        peer.send(frame(BINARY, (byte) 0xC0)); // between the fragments of a message too
        peer.send(frame(FINAL | PING, (byte) 7));
        peer.send(frame(FINAL | CONTINUATION, (byte) 0));
        assertThat(peer.frame().payload()).containsExactly(7);
        recorder.next(ControlPacket.PingReq.class);
        peer.close();
    }

    /** Only packets count for the Keep Alive [MQTT-3.1.2-22]. */
    @Test
    void doesNotTakeAPingForASignOfLife() throws IOException, InterruptedException {
        connect();
        onEventLoop(() -> recorder.connection.readTimeout(Duration.ofMillis(300)));
        CompletableFuture<Void> pings = CompletableFuture.runAsync(() -> {
            try {
                while (true) {
                    peer.send(frame(FINAL | PING));
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            } catch (IOException | InterruptedException e) {
                return; // closed
            }
        });
        assertThat(recorder.next(Failed.class).reason()).isEqualTo(ReasonCode.KEEP_ALIVE_TIMEOUT);
        recorder.next(Closed.class);
        peer.close();
        pings.join();
    }

    @Test
    void answersCloseWithTheSameCode() throws IOException, InterruptedException {
        for (int code : new int[] {1000, 1001, 3000, 4999}) {
            connect();
            peer.send(WebSocketPeer.close(code));
            assertThat(peer.frame().code()).isEqualTo(code);
            assertThat(peer.isAtEnd()).isTrue();
            peer.close();
            assertThat(recorder.next(Closed.class).why()).contains("closed its WebSocket");
        }
        connect();
        peer.send(frame(FINAL | CLOSE));
        assertThat(peer.frame().payload()).isEmpty();
        assertThat(peer.isAtEnd()).isTrue();
        peer.close();
    }

    @Test
    void refusesCodesThatNobodySends() throws IOException, InterruptedException {
        for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 2999, 5000}) {
            fails(1002, WebSocketPeer.close(code));
        }
        fails(1002, frame(FINAL | CLOSE, (byte) 3));
    }

    @Test
    void readsWhatStandsBeforeTheCloseFrame() throws IOException, InterruptedException {
        connect();
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(frame(FINAL | BINARY, PINGREQ));
        both.writeBytes(WebSocketPeer.close(1000));
        both.writeBytes(frame(FINAL | BINARY, PINGREQ));
        peer.send(both.toByteArray());
        recorder.next(ControlPacket.PingReq.class);
        assertThat(peer.frame().code()).isEqualTo(1000);
        peer.close();
        recorder.next(Closed.class);
    }

    @Test
    void sendsCloseBehindEverythingElse() throws IOException, InterruptedException {
        connect();
        onEventLoop(() -> {
            recorder.connection.send(new ControlPacket.PingResp());
            recorder.connection.close();
        });
        assertThat(peer.packets(2)).startsWith(0xD0);
        assertThat(peer.frame().code()).isEqualTo(1000);
        assertThat(peer.isAtEnd()).isTrue();
        peer.send(frame(FINAL | PING)); // nothing is answered any more
        peer.close();
        recorder.next(Closed.class);
    }

    @Test
    void sendsCloseWhenTheClientDisconnects() throws IOException, InterruptedException {
        connect();
        peer.binary(DISCONNECT);
        recorder.next(ControlPacket.Disconnect.class);
        onEventLoop(recorder.connection::close);
        assertThat(peer.frame().code()).isEqualTo(1000);
        peer.close();
    }

    @Test
    void sendsWhatATurnGathersInOneFrame() throws IOException, InterruptedException {
        connect();
        onEventLoop(() -> {
            for (int i = 0; i < 100; i++) {
                recorder.connection.send(new ControlPacket.PingResp());
            }
        });
        assertThat(peer.frame().payload()).hasSize(200);
        onEventLoop(() -> {
            recorder.connection.send(new ControlPacket.PingResp());
            publish(recorder.connection, 100_000);
            recorder.connection.send(new ControlPacket.PingResp());
        });
        assertThat(peer.frame().payload()).hasSize(2 + 8 + 100_000); // a payload goes with what stands before it
        assertThat(peer.frame().payload()).hasSize(2);
        peer.close();
    }

    private static void publish(Connection connection, int payload) {
        Message message = Message.of(Topic.of("t"), new byte[payload], QoS.AT_MOST_ONCE, false);
        connection.publish(message, QoS.AT_MOST_ONCE, false, false, 0, NONE);
    }

    @Test
    void writesEachLengthAsItIsToBeWritten() throws IOException, InterruptedException {
        connect();
        for (int payload : new int[] {0, 119, 120, 121, 122, 4096, 65_528, 65_529, 65_530, 65_531, 70_000, 2_000_000}) {
            onEventLoop(() -> publish(recorder.connection, payload));
            byte[] packet = peer.frame().payload();
            assertThat(packet).startsWith(0x30).endsWith(new byte[payload]).hasSizeGreaterThan(payload);
        }
        peer.close();
    }

    private static long sentWhenTheOthersAreGone() {
        TestServer.eventually(
                "the others are gone", () -> server.transport.info().connections() == 0);
        return server.transport.info().traffic().packetsSent();
    }

    @Test
    void deliversOneMessageToManyAndCountsItsPackets() throws IOException, InterruptedException {
        byte[] payload = new byte[50_000];
        new Random(1).nextBytes(payload);
        Message message = Message.of(Topic.of("t"), payload, QoS.AT_MOST_ONCE, false);
        List<WebSocketPeer> peers = new ArrayList<>();
        List<Recorder> recorders = new ArrayList<>();
        long sent = sentWhenTheOthersAreGone();
        for (int i = 0; i < 10; i++) {
            connect();
            peers.add(peer);
            recorders.add(recorder);
        }
        TestServer.eventually( // which is after they have arrived
                "CONNACKs are counted", () -> server.transport.info().traffic().packetsSent() == sent + 10);
        Traffic before = server.transport.info().traffic();
        for (Recorder each : recorders) {
            each.connection
                    .eventLoop()
                    .execute(() -> each.connection.publish(message, QoS.AT_MOST_ONCE, false, false, 0, NONE));
        }
        for (WebSocketPeer each : peers) {
            byte[] packet = each.frame().payload();
            assertThat(Arrays.copyOfRange(packet, packet.length - payload.length, packet.length))
                    .isEqualTo(payload);
            each.close();
        }
        for (Recorder each : recorders) {
            each.next(Closed.class);
        }
        Traffic after = server.transport.info().traffic();
        assertThat(after.bytesSent() - before.bytesSent()).isEqualTo(10 * (payload.length + 8L)); // without headers
        assertThat(after.packetsSent() - before.packetsSent()).isEqualTo(10);
    }

    @Test
    void countsTheBytesOfPacketsAndNotThoseOfFrames() throws IOException, InterruptedException {
        TestServer.eventually(
                "the others are gone", () -> server.transport.info().connections() == 0);
        Traffic before = server.transport.info().traffic();
        connect();
        peer.send(frame(FINAL | PING, new byte[100]));
        peer.frame();
        peer.binary(PINGREQ);
        recorder.next(ControlPacket.PingReq.class);
        TestServer.eventually("counted", () -> {
            Traffic now = server.transport.info().traffic();
            return now.bytesReceived() - before.bytesReceived() == CONNECT.length + 2
                    && now.packetsReceived() - before.packetsReceived() == 2
                    && now.bytesSent() - before.bytesSent() == CONNACK;
        });
        peer.close();
    }

    @Test
    void isNotWritableWhileTheOtherEndDoesNotRead() throws IOException, InterruptedException {
        connect();
        CompletableFuture<Integer> untilFull = new CompletableFuture<>();
        onEventLoop(() -> {
            int written = 0;
            while (recorder.connection.isWritable() && written < MORE_THAN_SOCKETS_TAKE) {
                publish(recorder.connection, 100_000);
                written++;
            }
            untilFull.complete(written);
        });
        int written = untilFull.orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(written).isLessThan(MORE_THAN_SOCKETS_TAKE); // the high mark is 1 MiB
        for (int i = 0; i < written; i++) {
            assertThat(peer.frame().payload()).hasSize(8 + 100_000);
        }
        TestServer.eventually("writable again", recorder.connection::isWritable);
        peer.close();
    }

    @Test
    void tellsWhoIsOneTooMany() throws IOException, InterruptedException {
        try (TestServer full = new TestServer(Map.of("protocol", "ws", "connections.maximum", 1));
                WebSocketPeer first = WebSocketPeer.open(full);
                WebSocketPeer second = WebSocketPeer.open(full)) {
            assertThat(full.recorder()).isNotNull();
            second.binary(CONNECT);
            assertThat(second.packets(5)).isEqualTo(TestServer.bytes(0x20, 3, 0, 0x97, 0));
            assertThat(second.frame().code()).isEqualTo(1000);
            assertThat(first.socket().isConnected()).isTrue();
        }
    }

    @Test
    void closesWithItsListener() throws IOException, InterruptedException {
        try (TestServer closing = new TestServer(Map.of("protocol", "ws"));
                WebSocketPeer client = WebSocketPeer.open(closing);
                WebSocketPeer stranger = new WebSocketPeer(closing)) {
            Recorder heard = closing.recorder();
            client.binary(CONNECT);
            heard.next(ControlPacket.Connect.class);
            client.packets(CONNACK);
            closing.recorder();
            CompletableFuture<Void> closed = CompletableFuture.runAsync(closing.listener::close);
            assertThat(client.frame().code()).isEqualTo(1000);
            assertThat(client.isAtEnd()).isTrue();
            assertThat(stranger.isAtEnd()).isTrue();
            client.socket().close();
            stranger.socket().close();
            closed.join();
        }
    }
}
