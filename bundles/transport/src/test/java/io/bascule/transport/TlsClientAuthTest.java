/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.ListenerStatus.State;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients with certificates: whose are taken, and what the broker sees of them. */
@Timeout(60)
class TlsClientAuthTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path folder;

    private Pki pki;
    private X509Bundle server;
    private X509Bundle device;

    @BeforeEach
    void makeAuthority() throws Exception {
        pki = new Pki(folder);
        server = pki.issue("localhost");
        device = pki.issue("device");
    }

    /** With TLS 1.3 a client hears that it is refused only after its part of the handshake. */
    private static void isRefused(TestServer server, SSLContext client) {
        assertThatThrownBy(() -> {
                    try (TlsClient refused = TlsClient.connect(client, server.port())) {
                        refused.mqtt();
                    }
                })
                .isInstanceOf(IOException.class);
        assertThat(server.accepted).isEmpty();
    }

    private static Recorder isServed(TestServer server, SSLContext client) throws Exception {
        try (TlsClient served = TlsClient.connect(client, server.port())) {
            served.mqtt();
            Recorder recorder = server.recorder();
            recorder.next(ControlPacket.Connect.class);
            return recorder;
        }
    }

    @Test
    void takesOnlyThoseWithACertificateWhereThatIsRequired() throws Exception {
        try (TestServer server = new TestServer(pki.mutual(this.server, "require"))) {
            isServed(server, pki.client(device));
            isRefused(server, pki.client(null));
            isRefused(server, pki.client(pki.issueExpired("device")));
            isRefused(server, pki.client(new Pki(folder).issue("device"))); // of another authority of the same name
        }
    }

    @Test
    void knowsClientsFromAnywhereWhereThatIsRequired() throws Exception {
        // What comes through a proxy comes from anywhere.
        assertThat(stateBehindProxy(pki.mutual(server, "want"))).isEqualTo(State.CONFIG_INVALID);
        assertThat(stateBehindProxy(pki.mutual(server, "require"))).isEqualTo(State.OPEN);
    }

    private static State stateBehindProxy(Map<String, Object> tls) {
        Map<String, Object> properties = new HashMap<>(tls);
        properties.put("proxy.protocol", "true");
        try (TestServer server = new TestServer(properties)) {
            TestServer.eventually("decided", () -> server.listener.status().state() != State.RETRYING);
            return server.listener.status().state();
        }
    }

    @Test
    void takesThoseWithoutACertificateWhereItIsWanted() throws Exception {
        try (TestServer server = new TestServer(pki.mutual(this.server, "want"))) {
            isServed(server, pki.client(device));
            isServed(server, pki.client(null));
            isRefused(server, pki.client(pki.issueExpired("device")));
        }
    }

    @Test
    void showsTheBrokerTheCertificatesOfAClient() throws Exception {
        X509Bundle intermediate =
                Pki.named("intermediate").setIsCertificateAuthority(true).buildIssuedBy(pki.authority);
        X509Bundle sensor = Pki.named("sensor").buildIssuedBy(intermediate);
        try (TestServer server = new TestServer(pki.mutual(this.server, "require"));
                TlsClient client = TlsClient.connect(pki.client(sensor), server.port())) {
            client.mqtt();
            assertThat(server.recorder().connection.peerCertificates())
                    .containsExactly(sensor.getCertificate(), intermediate.getCertificate());
        }
    }

    private Map<String, Object> withRevocations(byte[] list) throws Exception {
        Map<String, Object> properties = new HashMap<>(pki.mutual(server, "require"));
        properties.put("tls.crl", pki.write("crl", list));
        return properties;
    }

    @Test
    void refusesWhoseCertificateHasBeenRevoked() throws Exception {
        X509Bundle stolen = pki.issue("stolen");
        byte[] der = pki.revoke(DAY, stolen);
        for (byte[] list :
                new byte[][] {der, Pki.pem(new PemObject("X509 CRL", der)).getBytes()}) {
            try (TestServer server = new TestServer(withRevocations(list))) {
                isServed(server, pki.client(device));
                isRefused(server, pki.client(stolen));
            }
        }
    }

    /** Not even with a session of the time before, which would save him the handshake. */
    @Test
    void refusesWhoIsRevokedLater() throws Exception {
        try (TestServer server = new TestServer(withRevocations(pki.revoke(DAY)))) {
            SSLContext client = pki.client(device);
            isServed(server, client);
            isServed(server, client);

            pki.write("crl", pki.revoke(DAY, device));
            TestServer.eventually("refused", () -> {
                try (TlsClient again = TlsClient.connect(client, server.port())) {
                    again.mqtt();
                    return false;
                } catch (IOException | AssertionError e) {
                    return true;
                }
            });

            server.accepted.clear();
            isRefused(server, client);
        }
    }

    @Test
    void staysShutOnRevocationsThatWillNotDo() throws Exception {
        byte[] list = pki.revoke(DAY);
        for (byte[] bad : new byte[][] {
            pki.revoke(Duration.ofSeconds(-1)), Arrays.copyOf(list, list.length / 2), {}, "none".getBytes()
        }) {
            try (TestServer server = new TestServer(withRevocations(bad))) {
                TestServer.eventually(
                        "a reason", () -> server.listener.status().reason().isPresent());
                assertThat(server.listener.status().reason().orElseThrow()).startsWith(folder.resolve("crl") + " ");
                assertThat(server.listener.status().state()).isEqualTo(State.RETRYING);
            }
        }
    }
}
