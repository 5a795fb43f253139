/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.LimitInfo;
import io.bascule.itests.statements.Cve;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many connections a listener holds, in all and of one address, and what the others hear. */
@Timeout(30)
class ConnectionLimitTest {
    private static final byte[] CONNECT5 =
            TestServer.bytes(0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, 0, 1, 'c');
    private static final byte[] CONNECT4 = TestServer.bytes(0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'c');
    private static final byte[] CONNECT3 =
            TestServer.bytes(0x10, 15, 0, 6, 'M', 'Q', 'I', 's', 'd', 'p', 3, 2, 0, 0, 0, 1, 'c');
    private static final byte[] PINGREQ = TestServer.bytes(0xC0, 0);

    /** A connection that the server hears of. */
    private static Socket admitted(TestServer server) throws IOException, InterruptedException {
        Socket socket = server.tcp();
        server.recorder();
        return socket;
    }

    private static void refused(TestServer server, byte[] connect, int... answer) throws IOException {
        try (Socket socket = server.tcp()) {
            socket.getOutputStream().write(connect);
            socket.getOutputStream().write(PINGREQ); // what is sent ahead must not cost the answer
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(TestServer.bytes(answer));
        }
        assertThat(server.accepted).isEmpty(); // the broker has not heard of it
    }

    private static long hits(TestServer server, String limit) {
        return server.listener.limits().stream()
                .filter(each -> each.name().equals(limit))
                .mapToLong(LimitInfo::hits)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void refusesWhoeverIsTooMany() throws IOException, InterruptedException {
        try (TestServer server = new TestServer(Map.of("connections.maximum", 2))) {
            Socket first = admitted(server);
            Socket second = admitted(server);
            refused(server, CONNECT5, 0x20, 3, 0, 0x97, 0);
            refused(server, CONNECT4, 0x20, 2, 0, 3);
            refused(server, CONNECT3, 0x20, 2, 0, 3);
            refused(server, TestServer.bytes(0x10, 2, 0, 0)); // no CONNECT, no answer
            refused(server, PINGREQ);
            assertThat(server.listener.status().connections()).isEqualTo(2);
            assertThat(hits(server, "connections.maximum")).isEqualTo(5);
            assertThat(hits(server, "connections.per.address")).isZero();

            first.close();
            TestServer.eventually("room again", () -> server.listener.status().connections() == 1);
            Socket third = admitted(server);
            third.close();
            second.close();
        }
    }

    @Test
    @Cve("CVE-2020-13849")
    void refusesAnAddressThatHasTooMany() throws IOException, InterruptedException {
        try (TestServer server = new TestServer(Map.of("connections.per.address", 1))) {
            Socket first = admitted(server);
            refused(server, CONNECT5, 0x20, 3, 0, 0x97, 0);
            try (Socket other = new Socket(
                    InetAddress.getLoopbackAddress(), server.port(), InetAddress.getByName("127.0.0.2"), 0)) {
                server.recorder(); // another address has a limit of its own
                assertThat(other.isConnected()).isTrue();
            }
            assertThat(hits(server, "connections.per.address")).isEqualTo(1);
            assertThat(hits(server, "connections.maximum")).isZero();
            first.close();
            TestServer.eventually("room again", () -> server.listener.status().connections() == 0);
            admitted(server).close();
        }
    }

    @Test
    void turnsAwayWithoutAWordWhenManyWaitToBeRefused() throws IOException, InterruptedException {
        try (TestServer server = new TestServer(Map.of("connections.maximum", 1))) {
            List<Socket> waiting = new ArrayList<>();
            Socket first = admitted(server);
            for (int i = 0; i < 64; i++) {
                waiting.add(server.tcp());
            }
            TestServer.eventually("all there", () -> hits(server, "connections.maximum") == 64);
            try (Socket tooMany = server.tcp()) {
                assertThat(tooMany.getInputStream().read()).isEqualTo(-1);
            }
            waiting.get(0).getOutputStream().write(CONNECT5); // the others are still served
            assertThat(waiting.get(0).getInputStream().readAllBytes()).isEqualTo(TestServer.bytes(0x20, 3, 0, 0x97, 0));
            waiting.get(0).close();
            TestServer.eventually(
                    "one less waits", () -> server.transport.info().connections() == 64);
            refused(server, CONNECT4, 0x20, 2, 0, 3);
            assertThat(waiting.get(1).getInputStream().read()).isEqualTo(-1); // who says nothing does not wait for ever
            for (Socket each : waiting) {
                each.close();
            }
            first.close();
        }
    }

    @Test
    void closesWhoeverWaitsWithTheListener() throws IOException, InterruptedException {
        try (TestServer server = new TestServer(Map.of("connections.maximum", 1))) {
            Socket first = admitted(server);
            Socket waiting = server.tcp();
            TestServer.eventually("there", () -> hits(server, "connections.maximum") == 1);
            long start = System.nanoTime();
            server.listener.close();
            assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
            assertThat(waiting.getInputStream().read()).isEqualTo(-1);
            waiting.close();
            first.close();
        }
    }
}
