/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.ListenerStatus.State;
import io.bascule.transport.internal.ListenerComponent;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said of a configuration of TLS that does not validate; no file is looked at. */
@Timeout(30)
class TlsConfigurationTest {
    private static final Map<String, Object> VALID =
            Map.of("protocol", "mqtts", "tls.certificate", "server.pem", "tls.key", "server.key");

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void valid(Map<String, Object> properties, String... more) {
        ListenerComponent listener = server.listen(with(properties, more));
        assertThat(listener.status().state())
                .as("%s", listener.status().reason())
                .isEqualTo(State.RETRYING);
        listener.close();
    }

    /** Each two of {@code more} are a key and its value, the last is what is to be said. */
    private static void invalid(Map<String, Object> properties, String... more) {
        ListenerComponent listener = server.listen(with(properties, more));
        assertThat(listener.status().state()).isEqualTo(State.CONFIG_INVALID);
        assertThat(listener.status().reason().orElseThrow())
                .contains(more[more.length - 1])
                .doesNotContain("s3cret");
        listener.close();
    }

    private static Map<String, Object> with(Map<String, Object> properties, String... more) {
        Map<String, Object> all = new HashMap<>(properties);
        for (int i = 0; i + 1 < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }

    @Test
    void protocol() {
        valid(VALID);
        invalid(
                VALID,
                "protocol",
                "tls",
                "protocol: \"tls\" is none of the words it may be; allowed is mqtt, mqtts, ws, wss");
        invalid(
                VALID,
                "protocol",
                "mqtt",
                "tls.key: is of no use without TLS; allowed is protocol = mqtts or wss beside it");
        invalid(Map.of(), "tls.client.auth", "require", "tls.client.auth: is of no use without TLS");
        invalid(Map.of(), "tls.sni.a.host", "a", "tls.sni.a.host: is of no use without TLS");
    }

    /** A console writes every key that has a default. */
    @Test
    void defaultsWithoutTls() {
        ListenerComponent listener = server.listen(Map.of(
                "service.pid",
                "io.bascule.listener~plain",
                "tls.client.auth",
                "none",
                "tls.versions",
                "1.3",
                "tls.handshake.timeout",
                "10s",
                "path",
                "/mqtt",
                "socket.mode",
                "0660",
                "proxy.protocol",
                "false",
                "proxy.addresses",
                "127.0.0.0/8, ::1"));
        assertThat(TestServer.port(listener)).isPositive();
        listener.close();
    }

    @Test
    void identity() {
        Map<String, Object> none = Map.of("protocol", "mqtts");
        invalid(none, "tls.certificate: is missing");
        invalid(none, "tls.certificate", "server.pem", "tls.key: is missing");
        invalid(none, "tls.key", "server.key", "tls.certificate: is missing");
        valid(none, "tls.keystore", "server.p12");
        invalid(VALID, "tls.keystore", "server.p12", "tls.key: stands beside tls.keystore");
        invalid(VALID, "tls.keystore.password", "s3cret", "tls.keystore.password: is of no use without tls.keystore");
        invalid(VALID, "tls.key", "a\0b", "tls.key: it is no path; allowed is the path of a file");
        invalid(VALID, "tls.key.passwort", "s3cret", "tls.key.passwort: is not a key; did you mean tls.key.password?");
    }

    @Test
    void clients() {
        valid(VALID, "tls.client.auth", "want", "tls.ca", "ca.pem");
        valid(VALID, "tls.client.auth", "require", "tls.ca", "ca.pem", "tls.crl", "ca.crl");
        invalid(VALID, "tls.client.auth", "yes", "tls.client.auth: \"yes\" is none of the words");
        invalid(VALID, "tls.client.auth", "require", "tls.ca: is missing");
        invalid(VALID, "tls.ca", "ca.pem", "tls.ca: is of no use without tls.client.auth");
        invalid(VALID, "tls.crl", "ca.crl", "tls.crl: is of no use without tls.client.auth");
    }

    @Test
    void versions() {
        valid(VALID, "tls.versions", "1.3");
        valid(VALID, "tls.versions", "1.2,1.3");
        for (String versions : new String[] {"1.2", "1.1", "1.3,1.2,1.1", "1.3,", "TLSv1.3"}) {
            invalid(
                    VALID,
                    "tls.versions",
                    versions,
                    "tls.versions: \"" + versions
                            + "\" are not versions that can be chosen; allowed is 1.3 or 1.3,1.2");
        }
    }

    @Test
    void time() {
        valid(VALID, "tls.handshake.timeout", "1s");
        valid(VALID, "tls.handshake.timeout", "60s");
        invalid(
                VALID,
                "tls.handshake.timeout",
                "999ms",
                "tls.handshake.timeout: 999ms is out of bounds; allowed is 1s to");
        invalid(VALID, "tls.handshake.timeout", "61s", "tls.handshake.timeout: 61s is out of bounds");
    }

    @Test
    void hosts() {
        Map<String, Object> a = with(VALID, "tls.sni.a.certificate", "a.pem", "tls.sni.a.key", "a.key", "");
        valid(a, "tls.sni.a.host", "a.example.org");
        valid(a, "tls.sni.a.host", "*.example.org");
        valid(a, "tls.sni.a.host", "bücher.example");
        invalid(a, "tls.sni.a.host: is missing; allowed is a host name, or *. and a domain");
        for (String host : new String[] {"*", "a.*.org", "a b", ".", "https://a"}) {
            invalid(a, "tls.sni.a.host", host, "tls.sni.a.host: is no host name");
        }
        invalid(VALID, "tls.sni.a.host", "a", "tls.sni.a.certificate: is missing");
        invalid(
                a,
                "tls.sni.a.host",
                "a",
                "tls.sni.a.ca",
                "ca.pem",
                "tls.sni.a.ca: is not a key; allowed are tls.sni.<name>.");
        invalid(VALID, "tls.sni.host", "a", "tls.sni.host: is not a key");
        invalid(
                with(a, "tls.sni.a.host", "a.example.org", ""),
                "tls.sni.b.host",
                "A.EXAMPLE.ORG",
                "tls.sni.b.keystore",
                "b.p12",
                "tls.sni.b.host: is the host of another certificate as well");
    }
}
