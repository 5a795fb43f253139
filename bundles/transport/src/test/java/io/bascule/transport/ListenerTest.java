/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.ListenerStatus.State;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Recorder.Closed;
import io.bascule.transport.Recorder.Failed;
import io.bascule.transport.internal.ListenerComponent;
import io.bascule.transport.internal.Transports;
import io.netty.util.internal.InternalThreadLocalMap;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ListenerTest {

    /** What Netty keeps for a thread that is not its own is never cleared, and holds Netty's classes. */
    @Test
    void leavesNothingOfNettyInTheThreadThatActivatesIt() throws InterruptedException {
        boolean[] left = new boolean[1];
        Thread host = new Thread(() -> {
            try (TestServer server = new TestServer(Map.of())) {
                assertThat(server.port()).isPositive();
            }
            left[0] = InternalThreadLocalMap.getIfSet() != null;
        });
        host.start();
        host.join();

        assertThat(left[0]).isFalse();
    }

    @Test
    void opensOnceItsPortIsFree() throws IOException {
        try (TestServer server = new TestServer(Map.of())) {
            final ListenerComponent listener;
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                listener =
                        server.listen(Map.of("service.pid", "io.bascule.listener~taken", "port", taken.getLocalPort()));
                TestServer.eventually(
                        "retrying", () -> listener.status().reason().isPresent());
                assertThat(listener.status().state()).isEqualTo(State.RETRYING);
                assertThat(listener.status().reason().orElseThrow()).contains("127.0.0.1:" + taken.getLocalPort());
                assertThat(server.port()).isPositive(); // the others feel nothing
            }
            TestServer.eventually("open", () -> listener.status().state() == State.OPEN);
            assertThat(listener.status().reason()).isEmpty();
            listener.close();
        }
    }

    /** As a firewall for IPv4 goes by it. */
    @ParameterizedTest
    @EnumSource(Transports.class)
    void takesAllOfIpv4AndNothingElseOnItsWildcard(Transports transport) throws IOException {
        try (TestServer server =
                new TestServer(transport.start(), Map.of("host", "0.0.0.0", "allow.anonymous", true))) {
            int port = server.port();

            new Socket("127.0.0.1", port).close();
            assertThatThrownBy(() -> new Socket("::1", port)).isInstanceOf(ConnectException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Transports.class)
    void takesIpv4AsWellOnTheWildcardOfIpv6(Transports transport) throws IOException {
        try (TestServer server = new TestServer(transport.start(), Map.of("host", "::", "allow.anonymous", true))) {
            int port = server.port();

            new Socket("127.0.0.1", port).close();
            new Socket("::1", port).close();
        }
    }

    @Test
    void canBeClosedWhileItRetries() throws IOException {
        try (TestServer server = new TestServer(Map.of());
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ListenerComponent listener =
                    server.listen(Map.of("service.pid", "io.bascule.listener~taken", "port", taken.getLocalPort()));
            TestServer.eventually("retrying", () -> listener.status().reason().isPresent());
            long start = System.nanoTime();
            listener.close();
            assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
        }
    }

    @Test
    void closesItsClientsAndItsPort() throws IOException, InterruptedException {
        try (TestServer server = new TestServer(Map.of())) {
            List<Socket> sockets = new ArrayList<>();
            List<Recorder> recorders = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                sockets.add(server.tcp());
                recorders.add(server.recorder());
            }
            TestServer.eventually("all counted", () -> server.listener.status().connections() == 20);
            int port = server.port();
            long start = System.nanoTime();
            server.listener.close();
            assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
            for (Recorder recorder : recorders) {
                assertThat(recorder.next(Failed.class).reason()).isEqualTo(ReasonCode.SERVER_SHUTTING_DOWN);
                recorder.next(Closed.class);
            }
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port))
                    .isInstanceOf(ConnectException.class);
            ListenerComponent edited = server.listen(Map.of("port", port)); // the same port at once
            assertThat(TestServer.port(edited)).isEqualTo(port);
            edited.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void leavesNobodyConnectedWhoCameWhileItClosed() throws IOException, InterruptedException {
        try (TestServer server = new TestServer(Map.of())) {
            int port = server.port();
            List<Socket> sockets = new ArrayList<>();
            Thread storm = new Thread(() -> {
                try {
                    while (sockets.size() < 2000) {
                        sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
                    }
                } catch (IOException e) {
                    // the port is closed: that is the end of the storm
                }
            });
            storm.start();
            TestServer.eventually(
                    "some are there", () -> server.listener.status().connections() > 20);
            server.listener.close();
            storm.join();
            TestServer.eventually(
                    "nobody is connected", () -> server.transport.info().connections() == 0);
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void staysShutWhenItsConfigurationWillNotDo() {
        try (TestServer server = new TestServer(Map.of())) {
            for (Map<String, Object> bad : List.<Map<String, Object>>of(
                    Map.of("port", "99999"), Map.of("host", "0.0.0.0"), Map.of("prot", "1883"))) {
                ListenerComponent listener = server.listen(bad);
                assertThat(listener.status().state()).isEqualTo(State.CONFIG_INVALID);
                assertThat(listener.status().reason()).isPresent();
                listener.close();
            }
        }
    }

    @Test
    void tellsOthersWhileItIsOpenOffTheEventLoops() {
        try (TestServer server = new TestServer(Map.of())) {
            String line = "test " + server.port() + " bascule-announcer";
            TestServer.eventually("announced", () -> server.announced.equals(List.of(line)));

            server.listener.close();

            assertThat(server.announced).isEmpty();
        }
    }

    @Test
    void tellsNobodyWhileItsPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestServer server = new TestServer(Map.of("port", taken.getLocalPort()))) {
            TestServer.eventually(
                    "retrying", () -> server.listener.status().reason().isPresent());
            assertThat(server.announced).isEmpty();
        }
    }
}
