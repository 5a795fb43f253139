/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.ListenerStatus;
import io.bascule.api.SecurityProvider;
import io.bascule.itests.peers.MosquittoPub;
import io.bascule.itests.peers.MosquittoSub;
import io.bascule.itests.peers.SelfSigned;
import io.bascule.itests.secrets.Canary;
import io.bascule.spi.Authenticator;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.ServiceReference;

/** Mosquitto's clients, who are known by their certificates. */
public class CertificatesIT extends SecurityContract {
    private static final String CERTIFICATES = "io.bascule.certificates";

    private SelfSigned server;
    private SelfSigned device;
    private int secure;

    @Before
    public void listen() throws Exception {
        server = SelfSigned.make("server");
        device = SelfSigned.make("device");
        Map<String, String> properties = new HashMap<>();
        properties.put("protocol", "mqtts");
        properties.put("port", "0");
        properties.put("tls.certificate", server.certificate().toString());
        properties.put("tls.key", server.key().toString());
        properties.put("tls.client.auth", "want");
        properties.put("tls.ca", device.certificate().toString());
        properties.put("authenticators", "devices");
        configureListener("secure", properties);
    }

    private void configure(String... properties) throws IOException {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            all.put(properties[i], properties[i + 1]);
        }
        configure(CERTIFICATES, "devices", all);
        secure = awaitOpen("secure");
    }

    private String[] shown(String... more) {
        return Stream.of(List.of(device.optionsTowards(server.certificate())), List.of(more))
                .flatMap(List::stream)
                .toArray(String[]::new);
    }

    @Test(timeout = 60_000)
    public void knowsAClientByItsCommonName() throws Exception {
        configure("ranking", "3");
        write(folder.resolve("rights"), "allow all desks/%u/#\n");
        serve(ACL, "desks", folder.resolve("rights"));
        secure = awaitOpen("secure"); // again, since it was shut while there were no rights

        // What CONNECT says is not who it is.
        String[] options = shown("-u", "admin", "-P", Canary.secret("admin"));
        try (MosquittoSub sub = MosquittoSub.start(secure, "mqttv5", "sub", 1, "desks/device/#", options)) {
            MosquittoPub.publish(secure, "mqttv311", 1, "desks/admin/a", "lost", options);
            MosquittoPub.publish(secure, "mqttv311", 1, "desks/device/a", "hello", options);
            MosquittoPub.publish(secure, "mqttv5", 1, "desks/device/b", "hello", shown());
            eventually(() -> assertThat(sub.payloads()).containsExactly("hello", "hello"));
        }
        eventually(() -> assertThat(provider("devices").orElseThrow().figures()).containsEntry("accepted", 4L));
        assertThat(console("security")).contains("certificates", "accepted 4");

        ServiceReference<Authenticator> reference = context.getServiceReference(Authenticator.class);
        assertThat(reference.getProperty(SecurityProvider.NAME)).isEqualTo("devices");
        assertThat(reference.getProperty("service.pid")).isEqualTo("io.bascule.certificates~devices");
        assertThat(reference.getProperty("service.ranking")).isEqualTo(3);
    }

    @Test(timeout = 60_000)
    public void leavesWhoHasNoneToOthers() throws Exception {
        configure();
        assertThatThrownBy(() -> MosquittoPub.publish(
                        secure,
                        "mqttv5",
                        1,
                        "a",
                        "x",
                        "--cafile",
                        server.certificate().toString()))
                .hasMessageContaining("Not authorized");
        eventually(() -> assertThat(provider("devices").orElseThrow().figures())
                .containsEntry("unknown", 1L)
                .containsEntry("rejected", 0L));
    }

    @Test(timeout = 60_000)
    public void refusesACertificateThatDoesNotSayIt() throws Exception {
        configure("user", "san-email");
        assertThatThrownBy(() -> MosquittoPub.publish(secure, "mqttv5", 1, "a", "x", shown()))
                .hasMessageContaining("Not authorized");
        assertThatThrownBy(() -> MosquittoPub.publish(secure, "mqttv311", 1, "a", "x", shown()))
                .hasMessageContaining("not authorised");
        eventually(() -> assertThat(provider("devices").orElseThrow().figures()).containsEntry("rejected", 2L));
    }

    @Test(timeout = 60_000)
    public void isNoneWhileItsFileIsNotValid() throws Exception {
        configure(CERTIFICATES, "devices", Map.of("usr", "cn"));

        eventually(() -> assertThat(console("security")).contains("usr: is not a key; did you mean user?"));

        assertThat(context.getServiceReference(Authenticator.class)).isNull();
        assertThat(listener("secure").orElseThrow().state()).isNotEqualTo(ListenerStatus.State.OPEN);
        configure("user", "cn");
        MosquittoPub.publish(secure, "mqttv5", 1, "a", "x", shown());
    }
}
