/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.broker;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.Identity;
import io.bascule.api.ListenerStatus;
import io.bascule.itests.peers.MosquittoPub;
import io.bascule.itests.peers.MosquittoSub;
import io.bascule.itests.peers.SelfSigned;
import io.bascule.itests.support.Folders;
import io.bascule.itests.support.InFramework;
import io.bascule.itests.support.Residue;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.Authenticator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.Test;
import org.osgi.framework.ServiceRegistration;

/** Mosquitto's clients over TLS, with certificates on both sides. */
public class TlsIT extends InFramework {
    private static final int WARM_UP = 3;
    private static final int RECONFIGURATIONS = 20;

    private SelfSigned server;
    private SelfSigned device;

    /** A listener with certificates on both sides. */
    protected Map<String, String> mutual() throws Exception {
        server = SelfSigned.make("server");
        device = SelfSigned.make("device");
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("protocol", "mqtts");
        properties.put("port", "0");
        properties.put("tls.certificate", server.certificate().toString());
        properties.put("tls.key", server.key().toString());
        properties.put("tls.client.auth", "require");
        properties.put("tls.ca", device.certificate().toString());
        return properties;
    }

    @Test(timeout = 120_000)
    public void servesMosquittosClients() throws Exception {
        configureListener("secure", mutual());
        int port = awaitOpen("secure");
        String[] options = device.optionsTowards(server.certificate());
        try (MosquittoSub sub = MosquittoSub.start(port, "mqttv5", "sub", 2, "a/#", options)) {
            MosquittoPub.publish(port, "mqttv311", 2, "a/b", "hello", options);
            eventually(() ->
                    assertThat(sub.received()).containsExactly(new MosquittoSub.Received("a/b", 2, false, "hello")));

            assertThatThrownBy(() -> MosquittoPub.publish(
                            port,
                            "mqttv5",
                            1,
                            "a/b",
                            "",
                            "--cafile",
                            server.certificate().toString()))
                    .isInstanceOf(AssertionError.class);
            assertThat(sub.isAlive()).isTrue();
        }
    }

    @Test(timeout = 60_000)
    public void tellsThatAProviderIsNotThere() throws Exception {
        Map<String, String> properties = mutual();
        properties.put("tls.provider", "boringssl");
        configureListener("secure", properties);

        eventually(() -> assertThat(listener("secure"))
                .hasValueSatisfying(status -> assertThat(status.reason().orElseThrow())
                        .startsWith("tls.provider: boringssl is not there: ")
                        .contains("allowed is jdk")));
    }

    @Test(timeout = 120_000)
    public void showsAuthenticatorsTheCertificatesOfClients() throws Exception {
        configureListener("secure", mutual());
        int port = awaitOpen("secure");
        List<X509Certificate> seen = new CopyOnWriteArrayList<>();
        Authenticator authenticator = client -> {
            seen.addAll(client.certificates());
            return CompletableFuture.completedFuture(new AuthenticationResult.Accepted(Identity.of("device")));
        };
        ServiceRegistration<Authenticator> registration =
                context.registerService(Authenticator.class, authenticator, null);
        try {
            MosquittoPub.publish(port, "mqttv5", 1, "a", "b", device.optionsTowards(server.certificate()));
        } finally {
            registration.unregister();
        }
        assertThat(seen)
                .singleElement()
                .satisfies(certificate -> assertThat(
                                certificate.getSubjectX500Principal().getName())
                        .isEqualTo("CN=device"));
    }

    @Test(timeout = 120_000)
    public void changesItsCertificateWithoutDroppingASession() throws Exception {
        configureListener("secure", mutual());
        int port = awaitOpen("secure");
        Path old = Files.copy(server.certificate(), Folders.create("old").resolve("certificate.pem"));
        try (MosquittoSub sub = MosquittoSub.start(port, "mqttv5", "sub", 1, "a", device.optionsTowards(old))) {
            SelfSigned.make("renewed").replace(server);
            eventually("the listener shows the new one", () -> {
                try {
                    MosquittoPub.publish(port, "mqttv5", 1, "a", "after", device.optionsTowards(server.certificate()));
                    return true;
                } catch (AssertionError e) {
                    return false;
                }
            });

            eventually(() -> assertThat(sub.payloads()).containsExactly("after"));
            assertThat(sub.isAlive()).isTrue();
        }
    }

    @Test(timeout = 120_000)
    public void leavesNothingOfAListenerThatWasReconfigured() throws Exception {
        Map<String, String> properties = mutual();
        comeAndGo(properties, WARM_UP);
        Residue before = Residue.atRest(context, broker, transport);

        comeAndGo(properties, RECONFIGURATIONS);

        eventually(() -> assertThat(Residue.now(context, broker, transport).since(before))
                .isEmpty());
    }

    private void comeAndGo(Map<String, String> properties, int times) throws IOException {
        String[] options = device.optionsTowards(server.certificate());
        for (int i = 0; i < times; i++) {
            properties.put("tls.handshake.timeout", 5 + i % 2 + "s"); // something else than before
            configureListener("secure", properties);
            int port = awaitOpen("secure");
            try (MosquittoSub sub = MosquittoSub.start(port, "mqttv5", "sub", 0, "a", options)) {
                deleteListener("secure");
                eventually("the client is gone", () -> listener("secure").isEmpty());
                assertThat(sub.output()).isNotEmpty();
            }
        }
    }

    @Test(timeout = 120_000)
    public void staysShutWithoutItsKeyAndSaysSoOnTheConsole() throws Exception {
        Map<String, String> properties = mutual();
        Files.delete(server.key());
        configureListener("secure", properties);
        eventually(() -> assertThat(listener("secure").flatMap(ListenerStatus::reason))
                .hasValue(server.key() + " does not exist"));

        eventually(() -> assertThat(console("mqtt:listeners")).contains("RETRYING", server.key() + " does not exist"));

        SelfSigned.make("another").replace(server);
        awaitOpen("secure");
        assertThat(listener("secure").flatMap(ListenerStatus::reason)).isEmpty();
    }
}
