/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.resource.ResourceScope;
import io.bascule.transport.Recorder.Closed;
import io.bascule.transport.internal.Transports;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What another broker hears in a handshake, as the JDK's server side tells it. */
@Timeout(60)
class TlsOfferTest {
    private static final List<String> BOTH = List.of("TLSv1.3", "TLSv1.2");
    private static final List<InetAddress> HERE = List.of(InetAddress.getLoopbackAddress());

    @TempDir
    private Path folder;

    private final ResourceScope scope = new ResourceScope("test");
    private Pki pki;
    private TestServer server;
    private EventLoop eventLoop;

    @BeforeEach
    void start() throws Exception {
        pki = new Pki(folder);
        server = new TestServer(
                Transports.NIO.start(Map.of("broker.example", HERE, "broker", HERE, "my_broker", HERE)), Map.of());
        eventLoop = server.transport.nextEventLoop();
    }

    @AfterEach
    void stop() {
        scope.close();
        server.close();
    }

    private static SSLServerSocket listen(X509Bundle identity, String... versions) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity.toKeyManagerFactory().getKeyManagers(), null, null);
        SSLServerSocket socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        socket.setEnabledProtocols(versions);
        return socket;
    }

    private Recorder connect(String host, int port, List<String> versions, Optional<String> asked, boolean verifies)
            throws IOException {
        return connect(
                host, port, new TlsOptions(authorities(), Optional.empty(), versions, List.of(), asked, verifies));
    }

    private Recorder connect(String host, int port, TlsOptions options) {
        Recorder client = new Recorder();
        server.transport.connect(
                new Remote(
                        host,
                        port,
                        Duration.ofSeconds(20),
                        1024,
                        Optional.of(server.transport.tls(options, "test", eventLoop, scope, () -> {})),
                        Optional.empty(),
                        Optional.empty(),
                        TcpOptions.NONE),
                eventLoop,
                scope,
                client);
        return client;
    }

    private Optional<Path> authorities() throws IOException {
        return Optional.of(Path.of(pki.write("ca-of-server.pem", pki.authority.getCertificatePEM())));
    }

    /** The next one, whose handshake is done. */
    private static ExtendedSSLSession accept(SSLServerSocket remote) throws IOException {
        try (SSLSocket socket = (SSLSocket) remote.accept()) {
            socket.startHandshake();
            return (ExtendedSSLSession) socket.getSession();
        }
    }

    private static List<String> names(ExtendedSSLSession session) {
        return session.getRequestedServerNames().stream()
                .map(name -> new SNIHostName(name.getEncoded()).getAsciiName())
                .toList();
    }

    /** Also of one that is only known at this place, which the JDK asks nobody for by itself. */
    @ParameterizedTest
    @ValueSource(strings = {"broker.example", "broker"})
    void asksForTheHostByName(String host) throws Exception {
        try (SSLServerSocket remote = listen(pki.issue(host), "TLSv1.3")) {
            connect(host, remote.getLocalPort(), BOTH, Optional.empty(), true);
            assertThat(names(accept(remote))).containsExactly(host);
        }
    }

    @Test
    void asksForWhomItIsTold() throws Exception {
        try (SSLServerSocket remote = listen(pki.issue("another.example"), "TLSv1.3")) {
            connect("broker.example", remote.getLocalPort(), BOTH, Optional.of("another.example"), true);
            assertThat(names(accept(remote))).containsExactly("another.example");
        }
    }

    /** RFC 6066, section 3, has names alone. */
    @Test
    void asksForNobodyByAddress() throws Exception {
        X509Bundle identity =
                Pki.named("broker.example").addSanIpAddress("127.0.0.1").buildIssuedBy(pki.authority);
        try (SSLServerSocket remote = listen(identity, "TLSv1.3")) {
            connect("127.0.0.1", remote.getLocalPort(), BOTH, Optional.empty(), true);
            assertThat(names(accept(remote))).isEmpty();
        }
    }

    /** It is none that DNS allows. */
    @Test
    void asksForNobodyByANameThatCannotBeAskedFor() throws Exception {
        try (SSLServerSocket remote = listen(pki.issue("broker.example"), "TLSv1.3")) {
            connect("my_broker", remote.getLocalPort(), BOTH, Optional.empty(), false);
            assertThat(names(accept(remote))).isEmpty();
        }
    }

    @Test
    void speaksNoVersionBelowTheLowest() throws Exception {
        try (SSLServerSocket remote = listen(pki.issue("broker.example"), "TLSv1.2")) {
            Recorder client =
                    connect("broker.example", remote.getLocalPort(), List.of("TLSv1.3"), Optional.empty(), true);
            assertThatThrownBy(() -> accept(remote)).isInstanceOf(SSLHandshakeException.class);
            assertThat(client.next(Closed.class).why()).contains("protocol_version");

            connect("broker.example", remote.getLocalPort(), BOTH, Optional.empty(), true);
            assertThat(accept(remote).getProtocol()).isEqualTo("TLSv1.2");
        }
    }

    @Test
    void showsTheCertificateOfAPkcs12File() throws Exception {
        Map<String, Object> properties = pki.mutual(pki.issue("broker.example"), "require");
        properties.put("service.pid", "io.bascule.listener~mqtts");
        int port = TestServer.port(server.listen(properties));
        Path file = Path.of(pki.write("own.p12", Pki.pkcs12(pki.issue("gateway"))));
        Recorder client = connect(
                "broker.example",
                port,
                new TlsOptions(
                        authorities(),
                        Optional.of(new IdentityFiles.KeyStore(file, Pki.PASSWORD)),
                        BOTH,
                        List.of(),
                        Optional.empty(),
                        true));

        assertThat(client.next()).isEqualTo("opened");
        assertThat(server.recorder()
                        .connection
                        .peerCertificates()
                        .get(0)
                        .getSubjectX500Principal()
                        .getName())
                .isEqualTo("CN=gateway");
    }
}
