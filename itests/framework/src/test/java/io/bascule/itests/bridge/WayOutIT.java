/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import io.bascule.api.BridgeStatus;
import io.bascule.api.Identity;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.peers.Ports;
import io.bascule.itests.peers.SelfSigned;
import io.bascule.itests.support.Flow;
import io.bascule.itests.support.Folders;
import io.bascule.itests.support.InFramework;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.Authenticator;
import io.bascule.spi.CredentialProvider;
import io.bascule.spi.Credentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.ServiceRegistration;

/** Bridges to Mosquitto over TLS, in WebSockets and over IPv6. */
public class WayOutIT extends InFramework {
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);
    private static final int RATE = 300;

    private int local;
    private SelfSigned server;
    private SelfSigned first;
    private SelfSigned second;

    @Before
    public void prepare() throws Exception {
        local = openListener("local");
        server = SelfSigned.make("server");
        first = SelfSigned.make("first");
        second = SelfSigned.make("second");
    }

    /** The lines of a listener that wants one of the two certificates. */
    private String[] secure(int port) throws IOException {
        Path authorities = Folders.create("authorities").resolve("ca.pem");
        Files.writeString(authorities, Files.readString(first.certificate()) + Files.readString(second.certificate()));
        return new String[] {
            "listener " + port + " 127.0.0.1",
            "cafile " + authorities,
            "certfile " + server.certificate(),
            "keyfile " + server.key(),
            "require_certificate true"
        };
    }

    private Map<String, String> bridge(MosquittoProcess remote, String address) {
        Map<String, String> properties = BridgeContract.bridgeTo(remote, Version.MQTT_5);
        properties.put("server", address);
        return properties;
    }

    private Map<String, String> secureBridge(MosquittoProcess remote, int port, SelfSigned own) {
        Map<String, String> properties = bridge(remote, "mqtts://127.0.0.1:" + port);
        properties.put("tls.ca", server.certificate().toString());
        properties.put("tls.certificate", own.certificate().toString());
        properties.put("tls.key", own.key().toString());
        return properties;
    }

    private List<Flow> flows(MosquittoProcess remote) {
        List<Flow> flows = new ArrayList<>();
        for (int qos = 1; qos <= 2; qos++) {
            flows.add(flow("out " + qos, qos, local, "out/" + qos, remote.port(), "there/" + qos));
            flows.add(flow("in " + qos, qos, remote.port(), "in/" + qos, local, "here/" + qos));
        }
        flows.forEach(flow -> flow.start(RATE));
        return flows;
    }

    private static Flow flow(String name, int qos, int fromPort, String topic, int toPort, String filter) {
        return new Flow(name, Version.MQTT_5, qos, new Flow.Way(fromPort, topic, toPort, filter));
    }

    @Test(timeout = 120_000)
    public void carriesBothWaysOverTlsWithCertificatesOnBothSides() throws Exception {
        int port = Ports.free();
        try (MosquittoProcess remote = MosquittoProcess.start(secure(port))) {
            configureBridge("b", secureBridge(remote, port, first));
            carriesBothWays(remote);
        }
    }

    @Test(timeout = 120_000)
    public void carriesBothWaysInAWebSocket() throws Exception {
        int port = Ports.free();
        try (MosquittoProcess remote =
                MosquittoProcess.start("listener " + port + " 127.0.0.1", "protocol websockets")) {
            configureBridge("b", bridge(remote, "ws://127.0.0.1:" + port));
            carriesBothWays(remote);
        }
    }

    @Test(timeout = 120_000)
    public void carriesBothWaysOverIpv6() throws Exception {
        assumeTrue("there is IPv6", NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null);
        int port = Ports.free();
        try (MosquittoProcess remote = MosquittoProcess.start("listener " + port + " ::1")) {
            configureBridge("b", bridge(remote, "mqtt://[::1]:" + port));
            carriesBothWays(remote);
            assertThat(bridge("b").orElseThrow().remoteAddress())
                    .hasValueSatisfying(address -> assertThat(address).startsWith("["));
        }
    }

    private void carriesBothWays(MosquittoProcess remote) {
        awaitConnected("b");
        List<Flow> flows = flows(remote);
        try {
            flows.forEach(flow -> flow.awaitMore(500));
            flows.forEach(Flow::stop);
            flows.forEach(flow -> flow.awaitExact(TO_ARRIVE));
        } finally {
            flows.forEach(Flow::close);
        }
    }

    /** Also when the remote broker takes the new certificate for nobody's, and when the pair is none. */
    @Test(timeout = 180_000)
    public void changesItsCertificateUnderLoad() throws Exception {
        int port = Ports.free();
        SelfSigned own = SelfSigned.make("own");
        first.replace(own);
        try (MosquittoProcess remote = MosquittoProcess.start(secure(port))) {
            configureBridge("b", secureBridge(remote, port, own));
            awaitConnected("b");
            List<Flow> flows = flows(remote);
            try {
                flows.forEach(flow -> flow.awaitMore(100));
                Instant before = Instant.now();
                second.replace(own);
                awaitChangeOver(before);
                flows.forEach(flow -> flow.awaitMore(100));

                Instant changed = status().since();
                SelfSigned.make("stranger").replace(own);
                eventually("the stranger is refused", () -> status().lastError().isPresent());
                Files.copy(server.key(), own.key(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                eventually(
                        "the pair is none",
                        () -> status().warnings().stream()
                                .anyMatch(warning -> warning.contains("another private key")));
                flows.forEach(flow -> flow.awaitMore(100));
                assertThat(status().since()).as("the connection is the same").isEqualTo(changed);

                before = Instant.now();
                first.replace(own);
                awaitChangeOver(before);
                assertThat(status().warnings()).isEmpty();

                flows.forEach(flow -> flow.awaitMore(100));
                flows.forEach(Flow::stop);
                flows.forEach(flow -> flow.awaitComplete(TO_ARRIVE));
                flows.subList(2, 4).forEach(flow -> flow.awaitExact(TO_ARRIVE));
            } finally {
                flows.forEach(Flow::close);
            }
        }
    }

    /** To this broker itself, which is shown what the bridge says. */
    @Test(timeout = 120_000)
    public void saysWhatAProviderGivesAndAsksAgainBeforeThatExpires() throws Exception {
        Set<String> seen = new ConcurrentSkipListSet<>();
        Authenticator witness = client -> {
            client.userName().ifPresent(seen::add);
            return CompletableFuture.completedFuture(new AuthenticationResult.Accepted(Identity.ANONYMOUS));
        };
        AtomicInteger given = new AtomicInteger();
        CredentialProvider provider = bridge -> CompletableFuture.completedFuture(new Credentials(
                Optional.of(bridge.name() + " " + given.incrementAndGet()),
                Optional.empty(),
                Optional.of(Instant.now().plusSeconds(6))));
        Map<String, String> properties = new HashMap<>();
        properties.put("server", "mqtt://127.0.0.1:" + local);
        properties.put("credentials", "tokens");
        properties.put("reconnect.max", "1s");
        properties.put("forward.out", "out/# -> there/{#}");
        ServiceRegistration<?> authenticating = context.registerService(Authenticator.class, witness, null);
        configureBridge("b", properties);
        eventually("nobody provides them", () -> status().lastError().isPresent());
        assertThat(status().lastError()).contains("the credential provider tokens is not there");
        ServiceRegistration<?> providing = context.registerService(
                CredentialProvider.class, provider, new Hashtable<>(Map.of(CredentialProvider.NAME, "tokens")));
        awaitConnected("b");
        try (Flow flow = flow("out", 2, local, "out/x", local, "there/x")) {
            flow.start(RATE);
            eventually(() -> assertThat(seen).contains("b 1", "b 2", "b 3"));
            flow.awaitMore(100);
            flow.stop();
            flow.awaitComplete(TO_ARRIVE);
        } finally {
            providing.unregister();
            authenticating.unregister();
        }
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
    }

    private void awaitChangeOver(Instant before) {
        eventually(
                "the bridge is connected anew",
                () -> status().state() == BridgeStatus.State.CONNECTED
                        && status().since().isAfter(before));
    }

    private BridgeStatus status() {
        return bridge("b").orElseThrow();
    }
}
