/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.Version;
import io.bascule.itests.statements.Cve;
import io.bascule.itests.support.InFramework;
import io.bascule.itests.support.Memory;
import io.bascule.itests.support.Residue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.After;
import org.junit.Test;

/** A thousand sockets that begin a CONNECT, claim that it is as long as it may be, and send a byte a second from then on. */
public class SlowConnectIT extends InFramework {
    private static final int SOCKETS = 1000;
    private static final long MOST_BYTES_EACH = 64 * 1024;
    /** With a header of five bytes 256 MiB, the most that a listener takes. */
    private static final int LARGEST_BODY = (256 << 20) - 5;
    /** With a header of four bytes 256 KiB, the most that it takes by default. */
    private static final int DEFAULT_LARGEST_BODY = (256 << 10) - 4;

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int BYTES_BEFORE_MEASURED = 3;
    /** The default of {@code connect.timeout}. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** What the last of them may come later, on a machine that does other things as well. */
    private static final Duration LATER = Duration.ofSeconds(5);

    private final List<SocketChannel> sockets = new ArrayList<>();

    @After
    public void closeSockets() throws IOException {
        for (SocketChannel socket : sockets) {
            socket.close();
        }
    }

    /** With the default limit of a CONNECT nothing that claims more is listened to. */
    @Test(timeout = 120_000)
    @Cve({"CVE-2017-7651", "CVE-2022-23913"})
    public void areClosedAtOnceWhereTheyClaimMoreThanTheyMay() throws IOException {
        int port = openListener("local");
        Residue before = Residue.atRest(context, broker, transport);

        open(port, LARGEST_BODY);

        eventually("all are closed", () -> countOpen() == 0);
        eventually(() -> assertThat(Residue.now(context, broker, transport).connections())
                .isEqualTo(before.connections()));
    }

    @Test(timeout = 120_000)
    @Cve({"CVE-2017-7651", "CVE-2023-0809", "CVE-2020-13849"})
    public void holdLittleUntilTheirTimeIsUp() throws IOException {
        holdLittle("that may claim 256 KiB", Map.of("host", "127.0.0.1", "port", "0"), DEFAULT_LARGEST_BODY);
    }

    @Test(timeout = 120_000)
    @Cve("CVE-2017-7651")
    public void holdLittleWhereTheyMayClaimAllThatThereIs() throws IOException {
        Map<String, String> generous =
                Map.of("host", "127.0.0.1", "port", "0", "max.connect.size", "256MiB", "max.packet.size", "256MiB");
        holdLittle("that may claim 256 MiB", generous, LARGEST_BODY);
    }

    private void holdLittle(String which, Map<String, String> listener, int claimed) throws IOException {
        configureListener("local", listener);
        int port = awaitOpen("local");
        try (Client other = Client.connect(Version.MQTT_5, port, "other")) {
            Residue before = Residue.atRest(context, broker, transport);
            long heap = Memory.liveHeap();
            long direct = Memory.direct(context);

            open(port, claimed);
            final long opened = System.nanoTime();
            eventually("all are accepted", () -> transport.info().connections() == before.connections() + SOCKETS);
            for (int i = 0; i < BYTES_BEFORE_MEASURED; i++) {
                LockSupport.parkNanos(SECOND_NANOS);
                sendByte();
            }
            assertThat(transport.info().connections()).isEqualTo(before.connections() + SOCKETS);
            long heapEach = (Memory.liveHeap() - heap) / SOCKETS;
            long directEach = (Memory.direct(context) - direct) / SOCKETS;
            System.out.println("slow CONNECT: each of " + SOCKETS + " sockets " + which + " holds " + heapEach
                    + " B of heap, its own end in this process included, and " + directEach + " B of direct memory");
            assertThat(heapEach + directEach).isLessThan(MOST_BYTES_EACH);
            other.publish("alive", 1, "still");

            long limit = opened + CONNECT_TIMEOUT.plus(LATER).toNanos();
            while (countOpen() > 0) {
                assertThat(System.nanoTime() - limit)
                        .as("%d are still open", countOpen())
                        .isNegative();
                LockSupport.parkNanos(SECOND_NANOS / 10);
            }
            assertThat(other.isConnected()).isTrue();
            eventually(() -> assertThat(Residue.now(context, broker, transport).since(before))
                    .isEmpty());
        }
    }

    private void open(int port, int claimed) throws IOException {
        byte[] header = Bytes.of(0x10).variable(claimed).toArray();
        for (int i = 0; i < SOCKETS; i++) {
            SocketChannel socket = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            sockets.add(socket);
            socket.write(ByteBuffer.wrap(header));
            socket.configureBlocking(false);
        }
    }

    private void sendByte() throws IOException {
        for (SocketChannel socket : sockets) {
            socket.write(ByteBuffer.wrap(new byte[] {0}));
        }
    }

    /** How many have not been closed by the broker. */
    private int countOpen() {
        ByteBuffer one = ByteBuffer.allocate(1);
        sockets.removeIf(socket -> isClosed(socket, one.clear()));
        return sockets.size();
    }

    private static boolean isClosed(SocketChannel socket, ByteBuffer into) {
        try {
            boolean closed = socket.read(into) < 0;
            if (closed) {
                socket.close();
            }
            return closed;
        } catch (IOException e) {
            return true;
        }
    }
}
