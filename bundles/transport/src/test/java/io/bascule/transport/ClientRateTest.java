/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.LimitInfo;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.transport.Recorder.Acknowledged;
import io.bascule.transport.Recorder.Published;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How fast one client is read. What is measured is how long something takes at least: a machine that is slow fails nothing. */
@Timeout(30)
class ClientRateTest {
    private static final byte[] CONNECT = TestServer.bytes(0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'c');
    private static final byte[] PINGREQ = TestServer.bytes(0xC0, 0);
    private static final byte[] PUBACK = TestServer.bytes(0x40, 2, 0, 1);

    private Socket socket;
    private Recorder recorder;

    private void connect(TestServer server) throws IOException, InterruptedException {
        socket = server.tcp();
        recorder = server.recorder();
        send(CONNECT);
        assertThat(recorder.next()).isInstanceOf(ControlPacket.Connect.class);
    }

    private void send(byte[]... packets) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] packet : packets) {
            all.writeBytes(packet);
        }
        socket.getOutputStream().write(all.toByteArray());
    }

    private static byte[][] times(int count, byte[] packet) {
        byte[][] all = new byte[count][];
        Arrays.fill(all, packet);
        return all;
    }

    private static byte[] publish(int payload) {
        byte[] packet = new byte[3 + 3 + payload];
        packet[0] = 0x30;
        packet[1] = (byte) ((3 + payload) % 128 | 128);
        packet[2] = (byte) ((3 + payload) / 128);
        packet[4] = 1;
        packet[5] = 't';
        return packet;
    }

    private static long hits(TestServer server, String limit) {
        return server.listener.limits().stream()
                .filter(each -> each.name().equals(limit))
                .mapToLong(LimitInfo::hits)
                .sum();
    }

    @Test
    void readsNoMoreMessagesThanItMay() throws IOException, InterruptedException {
        try (TestServer server = new TestServer(Map.of("message.rate", 20))) {
            connect(server); // one
            long begin = System.nanoTime();
            send(times(30, PINGREQ)); // 11 more than a second's
            for (int i = 0; i < 30; i++) {
                recorder.next(ControlPacket.PingReq.class);
            }
            send(PINGREQ);
            recorder.next(ControlPacket.PingReq.class);

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(450));
            assertThat(hits(server, "message.rate")).isPositive();
            assertThat(hits(server, "byte.rate")).isZero();
            socket.close();
        }
    }

    @Test
    void readsNoMoreBytesThanItMay() throws IOException, InterruptedException {
        try (TestServer server = new TestServer(Map.of("byte.rate", "4KiB"))) {
            connect(server);
            long begin = System.nanoTime();
            send(publish(6 * 1024));
            assertThat(recorder.next(Published.class).message().payload()).hasSize(6 * 1024);
            send(PINGREQ);
            recorder.next(ControlPacket.PingReq.class);

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(450));
            assertThat(hits(server, "byte.rate")).isPositive();
            assertThat(hits(server, "message.rate")).isZero();
            socket.close();
        }
    }

    /** Two ends that send each other more than the network holds would both stop reading, and wait for ever. */
    @Test
    void isReadWhileItsMessagesWait() throws Exception {
        try (TestServer server = new TestServer(Map.of())) {
            connect(server);
            Connection connection = recorder.connection;
            Message large = Message.of(Topic.of("large"), new byte[4 * 1024 * 1024], QoS.AT_MOST_ONCE, false);
            connection.eventLoop().execute(() -> {
                for (int i = 0; i < 4; i++) {
                    connection.publish(large, QoS.AT_MOST_ONCE, false, false, 0, new int[0]);
                }
            });
            TestServer.eventually("more than the network holds", () -> !isWritable(connection));
            for (int i = 0; i < 3; i++) {
                send(PINGREQ);
                recorder.next(ControlPacket.PingReq.class);
            }
            socket.close();
        }
    }

    private static boolean isWritable(Connection connection) {
        CompletableFuture<Boolean> writable = new CompletableFuture<>();
        connection.eventLoop().execute(() -> writable.complete(connection.isWritable()));
        return writable.join();
    }

    @Test
    void takesAnyNumberOfAcknowledgements() throws IOException, InterruptedException {
        try (TestServer server = new TestServer(Map.of("message.rate", 2))) {
            connect(server);
            send(times(1000, PUBACK));
            send(PINGREQ);
            for (int i = 0; i < 1000; i++) {
                recorder.next(Acknowledged.class);
            }
            recorder.next(ControlPacket.PingReq.class);

            assertThat(hits(server, "message.rate")).isZero();
            socket.close();
        }
    }

    @Test
    void isReadAgainOnlyWhenItsHandlerWantsItToo() throws Exception {
        try (TestServer server = new TestServer(Map.of("message.rate", 20))) {
            connect(server);
            send(times(25, PINGREQ));
            for (int i = 0; i < 25; i++) {
                recorder.next(ControlPacket.PingReq.class);
            }
            CountDownLatch mayBeReadAgain = new CountDownLatch(1);
            Connection connection = recorder.connection;
            connection.eventLoop().execute(() -> {
                connection.reading(false);
                connection.eventLoop().schedule(Duration.ofMillis(700), mayBeReadAgain::countDown);
            });
            send(PINGREQ);
            assertThat(mayBeReadAgain.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(recorder.heard).isEmpty();

            connection.eventLoop().execute(() -> connection.reading(true));
            recorder.next(ControlPacket.PingReq.class);
            socket.close();
        }
    }
}
