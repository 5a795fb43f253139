/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.peers.Ports;
import io.bascule.itests.peers.ProxyServer;
import io.bascule.itests.peers.SelfSigned;
import io.bascule.itests.peers.TlsEnd;
import io.bascule.itests.support.Flow;
import io.bascule.itests.support.InFramework;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What those on the way to Mosquitto hear of a bridge, a proxy or the other end of TLS, and that it does what it is asked. */
public class TermsOnTheWayIT extends InFramework {
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);
    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");
    private static final String HOST = "broker.example";

    private int local;
    private MosquittoProcess remote;

    @Before
    public void start() throws Exception {
        local = openListener("local");
        remote = MosquittoProcess.start();
    }

    @After
    public void stop() {
        remote.close();
    }

    private Map<String, String> bridge(String server, Map<String, String> more) {
        Map<String, String> properties = BridgeContract.bridgeTo(remote, Version.MQTT_5);
        properties.put("server", server);
        properties.putAll(more);
        return properties;
    }

    private Map<String, String> secure(TlsEnd end, SelfSigned identity, Map<String, String> more) {
        Map<String, String> properties = bridge("mqtts://127.0.0.1:" + end.port(), more);
        properties.put("tls.ca", identity.certificate().toString());
        return properties;
    }

    private void carriesBothWays(int port) {
        awaitConnected("b");
        List<Flow> flows = new ArrayList<>();
        try {
            for (int qos = 1; qos <= 2; qos++) {
                flows.add(flow("out " + qos, qos, new Flow.Way(local, "out/" + qos, port, "there/" + qos)));
                flows.add(flow("in " + qos, qos, new Flow.Way(port, "in/" + qos, local, "here/" + qos)));
            }
            flows.forEach(flow -> flow.send(100, 1000));
            flows.forEach(Flow::stop);
            flows.forEach(flow -> flow.awaitExact(TO_ARRIVE));
        } finally {
            flows.forEach(Flow::close);
        }
    }

    private static Flow flow(String name, int qos, Flow.Way way) {
        return new Flow(name, Version.MQTT_5, qos, way);
    }

    @Test(timeout = 120_000)
    public void goesThroughAnHttpProxyThatKnowsIt() throws Exception {
        goesThroughAProxyThatKnowsIt(ProxyServer.Kind.HTTP);
    }

    @Test(timeout = 120_000)
    public void goesThroughASocksProxyThatKnowsIt() throws Exception {
        goesThroughAProxyThatKnowsIt(ProxyServer.Kind.SOCKS5);
    }

    /** Which is also the only one that knows the host; with another password there is no way. */
    private void goesThroughAProxyThatKnowsIt(ProxyServer.Kind kind) throws Exception {
        try (ProxyServer proxy = new ProxyServer(kind)) {
            String host = "only-the-proxy-knows.invalid:" + remote.port();
            Map<String, String> properties = bridge("mqtt://" + host, Map.of("proxy", proxy.address()));
            properties.putAll(Map.of("proxy.user", ProxyServer.USER, "proxy.password", "an0ther"));
            configureBridge("b", properties);
            eventually(() -> assertThat(bridge("b").flatMap(BridgeStatus::lastError))
                    .hasValueSatisfying(why -> assertThat(why).doesNotContain("an0ther")));
            assertThat(proxy.refused()).isNotEmpty().containsOnly(ProxyServer.USER + ":an0ther");
            assertThat(proxy.asked()).isEmpty();

            properties.put("proxy.password", ProxyServer.PASSWORD);
            configureBridge("b", properties);
            carriesBothWays(remote.port());
            assertThat(proxy.asked()).containsOnly(host);
        }
    }

    /** For whom the proxy is that it goes through, the certificate is not. */
    @Test(timeout = 120_000)
    public void speaksTlsThroughAProxy() throws Exception {
        SelfSigned identity = SelfSigned.make(HOST);
        try (TlsEnd end = new TlsEnd(identity, remote.port(), VERSIONS, List.of());
                ProxyServer proxy = new ProxyServer(ProxyServer.Kind.HTTP)) {
            Map<String, String> properties =
                    bridge("mqtts://" + HOST + ":" + end.port(), Map.of("proxy", proxy.address()));
            properties.putAll(Map.of("proxy.user", ProxyServer.USER, "proxy.password", ProxyServer.PASSWORD));
            properties.put("tls.ca", identity.certificate().toString());
            configureBridge("b", properties);
            carriesBothWays(remote.port());
            assertThat(proxy.asked()).containsOnly(HOST + ":" + end.port());
            assertThat(end.asked()).containsOnly(new TlsEnd.Asked(List.of(HOST), "", "TLSv1.3"));
        }
    }

    @Test(timeout = 120_000)
    public void asksForAHostByNameAndForAProtocol() throws Exception {
        SelfSigned identity = SelfSigned.make(HOST);
        try (TlsEnd end = new TlsEnd(identity, remote.port(), VERSIONS, List.of("http/1.1", "x-amzn-mqtt-ca"))) {
            Map<String, String> terms = Map.of("tls.alpn", "mqtt, x-amzn-mqtt-ca", "tls.server.name", HOST);
            configureBridge("b", secure(end, identity, terms));
            carriesBothWays(remote.port());
            assertThat(end.asked()).containsOnly(new TlsEnd.Asked(List.of(HOST), "x-amzn-mqtt-ca", "TLSv1.3"));
        }
    }

    @Test(timeout = 120_000)
    public void speaksNoVersionOfTlsBelowTheLowest() throws Exception {
        SelfSigned identity = SelfSigned.make(HOST);
        try (TlsEnd end = new TlsEnd(identity, remote.port(), List.of("TLSv1.2"), List.of())) {
            configureBridge("b", secure(end, identity, Map.of("tls.version.min", "1.3")));
            eventually(() -> assertThat(bridge("b").flatMap(BridgeStatus::lastError))
                    .hasValueSatisfying(why -> assertThat(why).contains("protocol_version")));
            assertThat(end.asked()).isEmpty();

            configureBridge("b", secure(end, identity, Map.of()));
            carriesBothWays(remote.port());
            assertThat(end.asked()).containsOnly(new TlsEnd.Asked(List.of(), "", "TLSv1.2"));
        }
    }

    /** To Mosquitto, which lets in who shows this certificate and nobody else. */
    @Test(timeout = 120_000)
    public void showsTheCertificateOfAPkcs12File() throws Exception {
        SelfSigned server = SelfSigned.make("server");
        SelfSigned own = SelfSigned.make("own");
        int port = Ports.free();
        try (MosquittoProcess strict = MosquittoProcess.start(
                "listener " + port + " 127.0.0.1",
                "cafile " + own.certificate(),
                "certfile " + server.certificate(),
                "keyfile " + server.key(),
                "require_certificate true")) {
            Map<String, String> properties = bridge("mqtts://127.0.0.1:" + port, Map.of());
            properties.put("tls.ca", server.certificate().toString());
            configureBridge("b", properties);
            eventually(
                    "who shows none is refused",
                    () -> bridge("b").flatMap(BridgeStatus::lastError).isPresent());

            properties.put("tls.keystore", own.keyStore().toString());
            properties.put("tls.keystore.password", SelfSigned.PASSWORD);
            configureBridge("b", properties);
            carriesBothWays(strict.port());
        }
    }
}
