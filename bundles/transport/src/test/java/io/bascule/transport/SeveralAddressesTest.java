/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.bascule.resource.ResourceScope;
import io.bascule.transport.Recorder.Closed;
import io.bascule.transport.internal.Transports;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hosts of which only one address, and not the first, leads to a broker: {@code 127.0.0.1}, where the listener is. */
@Timeout(60)
class SeveralAddressesTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(600);
    private static final InetAddress HERE = address("127.0.0.1");
    private static final InetAddress REFUSES = address("127.0.0.2");
    private static final InetAddress REFUSES_TOO = address("127.0.0.3");
    private static final InetAddress SILENT = address("127.0.0.4");
    private static final InetAddress SILENT_TOO = address("127.0.0.5");
    private static final InetAddress OF_IPV6 = address("::1");

    @TempDir
    private Path folder;

    private final ResourceScope scope = new ResourceScope("test");
    private TestServer server;

    /** Linux has all of them; elsewhere most have to be given to the loopback interface first. */
    @BeforeEach
    void assumeAddresses() throws IOException {
        try (ServerSocket there = new ServerSocket(0, 1, SILENT)) {
            assertThat(there.isBound()).isTrue();
        } catch (BindException e) {
            abort(SILENT + " is not of this machine");
        }
    }

    @AfterEach
    void stop() {
        scope.close();
        if (server != null) {
            server.close();
        }
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A server to whose transport {@code broker.example} has these addresses. */
    private void start(Transports sockets, InetAddress... addresses) {
        server = new TestServer(sockets.start(Map.of("broker.example", List.of(addresses))), Map.of());
    }

    private Recorder connect(Remote remote) {
        Recorder client = new Recorder();
        server.transport.connect(remote, server.transport.nextEventLoop(), scope, client);
        return client;
    }

    private static Remote remote(int port, Duration timeout) {
        return new Remote("broker.example", port, timeout, 1024);
    }

    private Remote remote(int port, Optional<RemoteTls> tls, Optional<String> webSocket, Optional<Proxy> proxy) {
        return new Remote("broker.example", port, TIMEOUT, 1024, tls, webSocket, proxy, TcpOptions.NONE);
    }

    private int listen(String protocol, Map<String, Object> tls) {
        Map<String, Object> properties = new HashMap<>(tls);
        properties.put("service.pid", "io.bascule.listener~" + protocol);
        properties.put("protocol", protocol);
        return TestServer.port(server.listen(properties));
    }

    private void opens(Recorder client) {
        assertThat(client.next()).isEqualTo("opened");
        assertThat(((InetSocketAddress) client.connection.remoteAddress()).getAddress())
                .isEqualTo(HERE);
        scope.close();
        assertThat(client.next(Closed.class).why()).isEqualTo("closed by us");
        assertThat(client.heard).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void triesTheNextWhereOneRefuses(Transports sockets) {
        start(sockets, REFUSES, REFUSES_TOO, HERE);

        opens(connect(remote(server.port(), TIMEOUT)));
    }

    @ParameterizedTest
    @EnumSource
    void doesSoForTls(Transports sockets) throws Exception {
        start(sockets, REFUSES, HERE);
        Pki pki = new Pki(folder);
        int port = listen("mqtts", pki.mqtts(pki.issue("broker.example")));
        TlsOptions options = new TlsOptions(
                Optional.of(Path.of(pki.write("ca-of-server.pem", pki.authority.getCertificatePEM()))),
                Optional.empty(),
                List.of("TLSv1.3"),
                List.of(),
                Optional.empty(),
                true);
        RemoteTls tls = server.transport.tls(options, "test", server.transport.nextEventLoop(), scope, () -> {});

        opens(connect(remote(port, Optional.of(tls), Optional.empty(), Optional.empty())));
    }

    @ParameterizedTest
    @EnumSource
    void doesSoForWebSockets(Transports sockets) {
        start(sockets, REFUSES, HERE);

        opens(connect(remote(
                listen("ws", Map.of("origins", "*")), Optional.empty(), Optional.of("/mqtt"), Optional.empty())));
    }

    @ParameterizedTest
    @EnumSource
    void doesSoForTheProxy(Transports sockets) throws IOException {
        start(sockets, REFUSES, HERE);
        try (TestProxy proxy = new TestProxy(Proxy.Kind.SOCKS5, false)) {
            Proxy through = new Proxy(Proxy.Kind.SOCKS5, "broker.example", proxy.port(), Optional.empty());
            Recorder client = connect(remote(server.port(), Optional.empty(), Optional.empty(), Optional.of(through)));

            assertThat(client.next()).isEqualTo("opened");
            assertThat(proxy.asked).containsExactly("broker.example:" + server.port());
        }
    }

    /** Where a bridge is bound to an address of IPv4 it cannot reach one of IPv6. */
    @ParameterizedTest
    @EnumSource
    void doesSoWhereTheAddressThatItLeavesFromIsOfAnotherFamily(Transports sockets) throws Exception {
        assumeThat(NetworkInterface.getByInetAddress(OF_IPV6))
                .as("there is IPv6")
                .isNotNull();
        start(sockets, OF_IPV6, HERE);
        TcpOptions bound = new TcpOptions(Optional.of(HERE), Optional.empty(), Optional.empty());

        opens(connect(new Remote(
                "broker.example",
                server.port(),
                TIMEOUT,
                1024,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                bound)));
    }

    @ParameterizedTest
    @EnumSource
    void leavesASilentOneTimeForTheOthers(Transports sockets) throws IOException {
        start(sockets, SILENT, REFUSES, HERE);
        try (FullSocket silent = new FullSocket(SILENT, server.port())) {
            long begun = System.nanoTime();
            opens(connect(remote(silent.port(), Duration.ofSeconds(6))));

            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("its third")
                    .isGreaterThan(Duration.ofMillis(1900));
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesNoMoreThanTheTimeForAllWhereTheLastIsSilentToo(Transports sockets) throws IOException {
        start(sockets, SILENT, REFUSES, SILENT_TOO);
        try (FullSocket silent = new FullSocket(SILENT, 0);
                FullSocket last = new FullSocket(SILENT_TOO, silent.port())) {
            long begun = System.nanoTime();
            Recorder client = connect(remote(last.port(), SHORT));

            assertThat(client.next(Closed.class).why()).contains("within 600 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(SHORT.minusMillis(10), SHORT.plusSeconds(5));
            assertThat(client.heard).isEmpty();
            TestServer.eventually("given back", () -> scope.live() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysOnceThatAllRefuse(Transports sockets) {
        start(sockets, REFUSES, REFUSES_TOO);
        Recorder client = connect(remote(server.port(), TIMEOUT));

        assertThat(client.next(Closed.class).why()).contains("refused").contains("127.0.0.3");
        TestServer.eventually("given back", () -> scope.live() == 0);
        assertThat(client.heard).isEmpty();
    }
}
